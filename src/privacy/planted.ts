/** A value that was planted where it is to be left behind, and where it may be nevertheless. */
export interface Planted {
  readonly value: string;
  /** Patterns of places where the policy allows it, as `isAllowed` reads them. Default: nowhere. */
  readonly allowed?: readonly string[];
}

/** Shorter ones are met by chance. */
export const SHORTEST_PLANTED = 4;

/** Finds planted values in texts. Letters count alike in both cases; texts are bytes, each as one character. */
export interface PlantedMatcher {
  /** Length of the longest form of a value: parts of a text must overlap by one less. */
  readonly longest: number;
  /** Which values are in a text, by their place in the list. */
  find(text: string): Iterable<number>;
}

/** The bytes of a text, each as one character. */
export const asBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/**
 * A value as it can stand in a file: plain, in capitals, with accents joined or apart, as JSON and URLs write it, and a
 * number without its separators.
 */
function formsOf(value: string): string[] {
  // Bytes have cases for ASCII only, and an accent may be a character of its own.
  const spellings = [value, value.toLowerCase(), value.toUpperCase()].flatMap((one) => [
    one,
    one.normalize('NFC'),
    one.normalize('NFD'),
  ]);
  return [...new Set([...new Set(spellings)].flatMap(writtenForms))];
}

function writtenForms(value: string): string[] {
  const digits = value.replace(/[ ().-]/g, '');
  const escaped = value.replace(
    /[^\x20-\x7e]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const forms = [
    value,
    JSON.stringify(value).slice(1, -1),
    escaped,
    encodeURIComponent(value),
    ...(/^\d{9,}$/.test(digits) ? [digits] : []),
  ];
  return [...new Set(forms.map((form) => asBytes(form).toLowerCase()))];
}

/** @param values each at least `SHORTEST_PLANTED` characters long */
export function plantedMatcher(values: readonly string[]): PlantedMatcher {
  const byStart = new Map<string, { readonly form: string; readonly at: number }[]>();
  // One bit for each pair of first bytes: most places of a text are left at once.
  const begins = new Uint8Array(65_536);
  let longest = 0;
  values.forEach((value, at) => {
    for (const form of formsOf(value)) {
      longest = Math.max(longest, form.length);
      const start = form.slice(0, SHORTEST_PLANTED);
      const list = byStart.get(start);
      if (list) list.push({ form, at });
      else byStart.set(start, [{ form, at }]);
      begins[form.charCodeAt(0) * 256 + form.charCodeAt(1)] = 1;
    }
  });
  return {
    longest,
    find(text) {
      const found = new Set<number>();
      const lower = text.toLowerCase();
      for (let i = 0; i + SHORTEST_PLANTED <= lower.length; i++) {
        if (begins[(lower.charCodeAt(i) & 255) * 256 + (lower.charCodeAt(i + 1) & 255)] === 0) continue;
        for (const { form, at } of byStart.get(lower.slice(i, i + SHORTEST_PLANTED)) ?? [])
          if (lower.startsWith(form, i)) found.add(at);
      }
      return found;
    },
  };
}

/**
 * Whether a place is among those that are allowed. A place is a file, with `#column` where it is a column of one; a
 * pattern is a place in which `*` is any run of characters, or a folder with all that is in it.
 */
export function isAllowed(place: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}(?:[/#].*)?$`).test(place);
  });
}

/** The planted values of a file: a JSON list of values or of `{value, allowed}`, or a value a line. @throws TypeError */
export function parsePlanted(text: string): Planted[] {
  const planted = /^\s*\[/.test(text)
    ? (JSON.parse(text.trim()) as unknown[]).map(plantedOf)
    : text
        .split(/\r?\n/)
        .filter((line) => line.trim() !== '' && !line.startsWith('#'))
        .map((value) => ({ value: value.trim() }));
  if (planted.length === 0) throw new TypeError('there is no value');
  for (const [i, { value }] of planted.entries())
    if (value.length < SHORTEST_PLANTED)
      throw new TypeError(`value ${i + 1} has fewer than ${SHORTEST_PLANTED} characters`);
  return planted;
}

function plantedOf(entry: unknown, i: number): Planted {
  if (typeof entry === 'string') return { value: entry };
  const { value, allowed = [] } = (entry ?? {}) as { value?: unknown; allowed?: unknown };
  if (typeof value !== 'string' || !Array.isArray(allowed) || allowed.some((a) => typeof a !== 'string'))
    throw new TypeError(`entry ${i + 1} is neither a text nor {"value", "allowed"}`);
  return { value, allowed: allowed as string[] };
}
