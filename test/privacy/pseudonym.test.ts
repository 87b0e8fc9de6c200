import { describe, expect, it } from 'vitest';
import { keyFingerprint, pseudonymOf } from '../../src/privacy/pseudonym.ts';

/** The bytes 0 to 31. */
const KEY = Buffer.from(Array.from({ length: 32 }, (_, i) => i));

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
    expect(pseudonymOf(id, kind, KEY)).toBe(expected);
  });

  it('is made by a secret key of which the fingerprint is the one of the recipe', () => {
    // Computed likewise. Another one would have every table with pseudonyms staged again.
    expect(keyFingerprint(KEY)).toBe('7a6ae762f623e86f');
    expect(keyFingerprint(KEY.map((byte) => byte + 1) as Buffer)).toBe('de563f6dc8c928af');
  });
});
