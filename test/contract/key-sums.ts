import { createHash } from 'node:crypto';
import { mix } from '../../src/loads/key-sum.ts';

/** The key of one row: whole numbers (days and milliseconds since 1970, 1 and 0), and texts. */
export interface Key {
  readonly words?: readonly (bigint | null)[];
  readonly texts?: readonly (string | null)[];
}

/** The sum of keys counted here, to compare what databases say with. */
export function sumOf(keys: readonly Key[]): string {
  return String(
    keys.reduce((sum, { words = [], texts = [] }) => {
      const digest = createHash('sha256').update(texts.map((text) => text ?? '\u001e').join('\u001f'));
      const hashed = texts.length > 0 ? [BigInt(`0x${digest.digest('hex').slice(0, 12)}`)] : [];
      return sum + mix([...words.map((word) => word ?? -4611686018427387847n), ...hashed]);
    }, 0n),
  );
}
