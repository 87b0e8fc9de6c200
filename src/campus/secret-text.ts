/**
 * Shapes by which well-known credentials are recognised in a text. Only shapes that nothing else has: a false
 * alarm here would refuse a good file.
 */
const SHAPES: readonly (readonly [string, RegExp])[] = [
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['an AWS access key', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ['a signed token', /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/],
  ['a Slack webhook', /hooks\.slack\.com\/services\/\w+/],
  ['a Slack token', /\bxox[abprs]-[\w-]{10,}/],
  ['a GitHub token', /\b(?:gh[pousr]_\w{30,}|github_pat_\w{30,})/],
  ['an address with a password', /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@'"]+:[^\s/@'"]+@/i],
];

/** What kind of credential the text holds, or undefined. The credential itself is never given back. */
export function secretKind(text: string): string | undefined {
  return SHAPES.find(([, shape]) => shape.test(text))?.[0];
}

/** Keys under which people paste secrets into files that have no room for them. */
export const SECRET_KEYS = /^(password|passwd|secret|token|api_?key|client_?secret|credentials?)$/i;
