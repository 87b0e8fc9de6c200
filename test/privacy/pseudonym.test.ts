import { describe, expect, it } from 'vitest';
import { isRotation, keysFingerprint, keyVersion, pseudonymOf } from '../../src/privacy/pseudonym.ts';

/** The bytes 0 to 31, and 1 to 32. */
const KEY = Buffer.from(Array.from({ length: 32 }, (_, i) => i));
const LATER = KEY.map((byte) => byte + 1) as Buffer;

describe('A pseudonym', () => {
  // Computed with Python's hmac and hashlib (HKDF of RFC 5869 with an empty salt, HMAC of RFC 2104). Another answer
  // would be another person in every lake that is loaded already.
  it.each([
    ['S1000041', 'person', '7c89d8902b416d10799e92dc3b2d381c'],
    ['  s1000041 ', 'person', '7c89d8902b416d10799e92dc3b2d381c'],
    ['S1000041', 'canvas_user', '77d5c5f5d53baefe1d309a5ce6704021'],
    ['21070000000000001', 'canvas_user', 'b190430f30804c94e5ce44fd7e1f1f65'],
    ['', 'person', '70d8db71f57074fa8efe9e8e784d56c2'],
    ['Ünal', 'person', '344180656ddf68a2228cc093fb04726c'],
  ])('of %j as a %s is the one of the recipe', (id, kind, expected) => {
    expect(pseudonymOf(id, kind, [KEY])).toBe(expected);
  });

  it('is made by a secret key of which the fingerprint is the one of the recipe', () => {
    // Computed likewise. Another one would have every table with pseudonyms staged again.
    expect(keysFingerprint([KEY])).toBe('7a6ae762f623e86f');
    expect(keysFingerprint([LATER])).toBe('de563f6dc8c928af');
  });

  it('by a further key is made of the one before, and says the version of the key', () => {
    // Computed with Python likewise: HMAC by the later key over "v2|person|campus|7c89d890…".
    expect(pseudonymOf('S1000041', 'person', [KEY, LATER])).toBe('v2-057ddcc5b18b0675eab93d185adfd570');
  });

  it('can be made of the one before where keys were only added', () => {
    const [one, two] = [keysFingerprint([KEY]), keysFingerprint([KEY, LATER])];
    expect([keyVersion(one), keyVersion(two)]).toEqual([1, 2]);
    expect(isRotation(one, two)).toBe(true);
    const others = [isRotation(two, one), isRotation(one, one), isRotation(keysFingerprint([LATER]), two)];
    expect([...others, isRotation('', two), isRotation(undefined, two)]).not.toContain(true);
  });
});
