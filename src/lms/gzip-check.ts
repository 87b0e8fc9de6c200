import { Transform } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { CorruptFileError } from './errors.ts';

/**
 * Unpacked bytes are thrown away as they come. A buffer that takes what one chunk of the network unpacks to (64 kB,
 * to half a megabyte or so) makes the check half as dear again as the default of 16 kB does.
 */
const UNPACKED_BYTES = 1024 * 1024;

/**
 * Lets a gzip stream through untouched and fails at its end, before whoever stores it learns of an end, unless it
 * is whole: every member complete and its checksum right, and nothing but members in it. A transfer of the
 * announced length says nothing about a file that was cut before it was sent.
 */
export class GzipCheck extends Transform {
  readonly #what: string;
  readonly #gunzip: Gunzip;
  #bytes = 0;
  /** Ends this stream, once everything has come; undefined before. */
  #finish?: (error?: Error) => void;

  constructor(what: string) {
    super();
    this.#what = what;
    this.#gunzip = createGunzip({ chunkSize: UNPACKED_BYTES });
    this.#gunzip.resume();
    this.#gunzip.on('error', (cause) => this.destroy(this.#corrupt(cause.message, cause)));
    // It ends by itself, and takes nothing more, where something follows the last member.
    this.#gunzip.on('end', () => {
      if (!this.#finish) this.destroy(this.#corrupt('something follows its end'));
      else this.#finish(this.#bytes === 0 ? this.#corrupt('it is empty') : undefined);
    });
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: Buffer) => void): void {
    this.#bytes += chunk.length;
    this.#gunzip.write(chunk, () => done(null, chunk));
  }

  override _flush(done: (error?: Error) => void): void {
    this.#finish = done;
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
