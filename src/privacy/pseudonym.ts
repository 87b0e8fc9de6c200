import { createHmac, hkdfSync } from 'node:crypto';

/**
 * The recipe of pseudonyms, the same in both targets: HMAC-SHA-256 under a key of its own for each kind, over the
 * prefix and the id trimmed and in small letters (so that one person written in two ways stays one); the first
 * 128 bits in hexadecimal.
 */
export const PSEUDONYM_DIGITS = 32;

/** `v1` names the recipe, so that another can follow; the kind says whose id it is, wherever it turns up. */
export const pseudonymPrefix = (kind: string): string => `v1|${kind}|campus|`;

/** The key for one kind of id, derived from the campus's secret key. */
export function kindKey(key: Buffer, kind: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `campus-lake pseudonym v1 ${kind}`, 32));
}

/** The pseudonym of one id, computed here: for looking one person up, and for tests of the engines. */
export function pseudonymOf(id: string, kind: string, key: Buffer): string {
  return createHmac('sha256', kindKey(key, kind))
    .update(pseudonymPrefix(kind) + id.trim().toLowerCase())
    .digest('hex')
    .slice(0, PSEUDONYM_DIGITS);
}

/**
 * Tells whether two secret keys are the same without revealing either: derived apart from every key of a kind, and too
 * short to be of use to anybody else.
 */
export function keyFingerprint(key: Buffer): string {
  const derived = hkdfSync('sha256', key, Buffer.alloc(0), 'campus-lake pseudonym key fingerprint v1', 8);
  return Buffer.from(derived).toString('hex');
}
