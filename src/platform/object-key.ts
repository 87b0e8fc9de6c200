import { ObjectKeyError } from '../ports/errors.ts';

/** Where a store on one machine keeps its drafts; no key of any store may start with it. */
export const UNFINISHED = '.unfinished';

/**
 * The parts of a key, which both targets take and refuse alike.
 * @throws ObjectKeyError for a key that is no relative path with whole parts
 */
export function partsOfKey(key: string): string[] {
  const parts = key.split('/');
  const wrong = parts.some(
    (part) => part === '' || part === '.' || part === '..' || part.includes('\0') || part.includes('\\'),
  );
  if (wrong || parts[0] === UNFINISHED) {
    throw new ObjectKeyError(`${JSON.stringify(key)} is not a key of an object`, {
      about: key,
      hint: 'Keys are relative, with / between parts that are neither empty nor dots.',
    });
  }
  return parts;
}

const SURROGATE = /[\ud800-\udfff]/;

/**
 * The order of keys: by the bytes of their UTF-8. JavaScript compares UTF-16 units, which differs only where
 * surrogates are.
 */
export function byBytes(a: string, b: string): number {
  if (SURROGATE.test(a) || SURROGATE.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : a > b ? 1 : 0;
}
