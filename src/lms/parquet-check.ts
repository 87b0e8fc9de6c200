import { Transform } from 'node:stream';
import { CorruptFileError } from './errors.ts';

const MAGIC = 'PAR1';

/**
 * Lets a Parquet file through untouched and fails at its end unless it begins and ends with Parquet's mark, and
 * its footer fits into it: a file cut before it was sent has lost its footer.
 */
export class ParquetCheck extends Transform {
  readonly #what: string;
  #bytes = 0;
  #head = Buffer.alloc(0);
  #tail = Buffer.alloc(0);

  constructor(what: string) {
    super();
    this.#what = what;
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: Buffer) => void): void {
    if (this.#head.length < 4) this.#head = Buffer.concat([this.#head, chunk.subarray(0, 4)]).subarray(0, 4);
    this.#tail = Buffer.from(
      chunk.length >= 8 ? chunk.subarray(-8) : Buffer.concat([this.#tail, chunk]).subarray(-8),
    );
    this.#bytes += chunk.length;
    done(null, chunk);
  }

  override _flush(done: (error?: Error) => void): void {
    const marked =
      this.#head.toString('latin1') === MAGIC && this.#tail.subarray(4).toString('latin1') === MAGIC;
    const whole = marked && this.#bytes >= 12 && this.#tail.readUInt32LE(0) + 12 <= this.#bytes;
    done(
      whole
        ? undefined
        : new CorruptFileError(`${this.#what} is not a whole Parquet file (${this.#bytes} bytes)`),
    );
  }
}
