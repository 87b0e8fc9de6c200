/**
 * Takes out of an error's words what could be a person's or a secret. Errors of the lake hold neither; those of
 * libraries and servers, which they quote, can. Better one word too many is hidden than one too few.
 */
export function redact(text: string): string {
  return PATTERNS.reduce((rest, [pattern, mark]) => rest.replace(pattern, mark), text);
}

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // Addresses with credentials or signatures: all but scheme and host.
  [/\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/@]*@)?([^\s/?#'"<>)]+)[^\s'"<>)]*/gi, '$1$2/…'],
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, '$1 ‹hidden›'],
  [/\b(password|passwd|secret|token|api[-_ ]?key)(["']?\s*[:=]\s*)\S+/gi, '$1$2‹hidden›'],
  [/[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu, '‹e-mail›'],
  // PostgreSQL quotes a row's values: Key (email)=(…) already exists; Failing row contains (…).
  [/(\bKey \([^)]*\)=)\([^)]*\)/g, '$1(‹hidden›)'],
  [/(\bFailing row contains )\(.*\)/g, '$1(‹hidden›)'],
  [/(\binvalid input syntax for [^:]+: |\bCould not convert string )(["'])[^"']*\2/gi, '$1‹hidden›'],
  // Social security and telephone numbers, and long numbers, which name persons and accounts.
  [/\b\d{3}-\d{2}-\d{4}\b/g, '‹number›'],
  [/(?<![\w.-])\+?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b/g, '‹number›'],
  [/(?<![\w.-])\d{9,}(?![\w-])/g, '‹number›'],
];
