import { createHmac, hkdfSync } from 'node:crypto';

/**
 * The recipe of pseudonyms, the same in both targets: HMAC-SHA-256 under a key of its own for each kind, over the
 * prefix and the id trimmed and in small letters (so that one person written in two ways stays one); the first
 * 128 bits in hexadecimal. A campus that has rotated its key has several: the token by each further key is made of the
 * token before it, so that a table can be re-keyed without the ids, and starts with the version of the key.
 */
export const PSEUDONYM_DIGITS = 32;

/** A campus's secret keys of the pseudonyms, the oldest first. The place of a key, from 1, is its version. */
export type PseudonymKeys = readonly Buffer[];

/**
 * What stands before the id, or before the token of the version before, in what is hashed. `v1` names the recipe, so
 * that another can follow; the kind says whose id it is, wherever it turns up.
 */
export const pseudonymPrefix = (kind: string, version = 1): string => `v${version}|${kind}|campus|`;

/** What tokens of a version start with: those of the first key with nothing. */
export const tokenPrefix = (version: number): string => (version === 1 ? '' : `v${version}-`);

/** The key for one kind of id, derived from one of the campus's secret keys. */
export function kindKey(key: Buffer, kind: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `campus-lake pseudonym v1 ${kind}`, 32));
}

/** The pseudonym of one id, computed here: for looking one person up, and for tests of the engines. */
export function pseudonymOf(id: string, kind: string, keys: PseudonymKeys): string {
  return keys.reduce((token, key, i) => {
    const version = i + 1;
    const digest = createHmac('sha256', kindKey(key, kind)).update(pseudonymPrefix(kind, version) + token);
    return tokenPrefix(version) + digest.digest('hex').slice(0, PSEUDONYM_DIGITS);
  }, id.trim().toLowerCase());
}

/**
 * Tells whether two secret keys are the same without revealing either: derived apart from every key of a kind, and too
 * short to be of use to anybody else.
 */
function keyFingerprint(key: Buffer): string {
  const derived = hkdfSync('sha256', key, Buffer.alloc(0), 'campus-lake pseudonym key fingerprint v1', 8);
  return Buffer.from(derived).toString('hex');
}

/** The fingerprints of keys, the oldest first. */
export const keysFingerprint = (keys: PseudonymKeys): string => keys.map(keyFingerprint).join('.');

/** The version of the newest key of which this is the fingerprint. */
export const keyVersion = (fingerprint: string): number => fingerprint.split('.').length;

/** Whether keys have only been added since: then tokens of before can be made into those of now. */
export const isRotation = (before: string | undefined, now: string | undefined): boolean =>
  before !== undefined && before !== '' && (now ?? '').startsWith(`${before}.`);
