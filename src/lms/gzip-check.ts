import { Transform } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { CorruptFileError } from './errors.ts';

/** Unpacked bytes are thrown away as they come; a larger buffer only saves turns. */
const UNPACKED_BYTES = 256 * 1024;

/**
 * Lets a gzip stream through untouched and fails at its end, before whoever stores it learns of an end, unless it
 * is whole: every member complete and its checksum right, and nothing but members in it. A transfer of the
 * announced length says nothing about a file that was cut before it was sent.
 */
export class GzipCheck extends Transform {
  readonly #what: string;
  readonly #gunzip: Gunzip;
  #bytes = 0;

  constructor(what: string) {
    super();
    this.#what = what;
    this.#gunzip = createGunzip({ chunkSize: UNPACKED_BYTES });
    this.#gunzip.resume();
    this.#gunzip.on('error', (cause) => this.destroy(this.#corrupt(cause.message, cause)));
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: Buffer) => void): void {
    this.#bytes += chunk.length;
    this.#gunzip.write(chunk, () => done(null, chunk));
  }

  override _flush(done: (error?: Error) => void): void {
    this.#gunzip.once('end', () => {
      // zlib stops at the end of the last member and ignores what follows; of nothing at all it makes nothing.
      const rest = this.#bytes - this.#gunzip.bytesWritten;
      if (this.#bytes === 0) done(this.#corrupt('it is empty'));
      else done(rest === 0 ? undefined : this.#corrupt(`${rest} bytes follow its end`));
    });
    this.#gunzip.end();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#gunzip.destroy();
    done(error);
  }

  #corrupt(found: string, cause?: Error): CorruptFileError {
    return new CorruptFileError(`${this.#what} is not a whole gzip file: ${found}`, {
      cause,
      hint: 'The run can be continued; if it stays, give the job to the support of the source',
    });
  }
}
