import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';

/** A stream that lets bytes through and knows, once they have passed, how many there were and their SHA-256. */
export function digesting(onBytes?: (bytes: number) => void): {
  readonly through: Transform;
  /** Once, at the end. */
  result(): { bytes: number; sha256: string };
} {
  const hash = createHash('sha256');
  let bytes = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      onBytes?.(chunk.length);
      done(null, chunk);
    },
  });
  return { through, result: () => ({ bytes, sha256: hash.digest('hex') }) };
}
