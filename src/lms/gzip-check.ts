import { Transform } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { CorruptFileError } from './errors.ts';

/**
 * Unpacked bytes are only looked at as they come. A buffer that takes what one chunk of the network unpacks to (64 kB,
 * to half a megabyte or so) makes the check half as dear again as the default of 16 kB does.
 */
const UNPACKED_BYTES = 1024 * 1024;

/**
 * Lets a gzip stream through untouched and fails at its end, before its consumer sees an end, unless it
 * is whole: every member complete and its checksum right, and nothing but members in it. A transfer of the
 * announced length says nothing about a file that was cut before it was sent. Zeros after the last member are
 * padding, as gzip(1) has it.
 */
export class GzipCheck extends Transform {
  /** Bytes of padding after the last member: nothing to most readers, an error to some. */
  padding = 0;
  readonly #what: string;
  readonly #gunzip: Gunzip;
  #bytes = 0;
  /** Ends this stream, once everything has come; undefined before. */
  #finish?: (error?: Error) => void;

  /** @param look is shown every unpacked piece, in order */
  constructor(what: string, look?: (unpacked: Buffer) => void) {
    super();
    this.#what = what;
    this.#gunzip = createGunzip({ chunkSize: UNPACKED_BYTES });
    if (look) this.#gunzip.on('data', look);
    else this.#gunzip.resume();
    this.#gunzip.on('error', (cause) => this.destroy(this.#corrupt('its data are damaged', cause)));
    // It ends by itself, and takes nothing more, where something follows the last member.
    this.#gunzip.on('end', () => this.#finish?.());
  }

  override _transform(
    chunk: Buffer,
    _encoding: string,
    done: (error?: Error | null, chunk?: Buffer) => void,
  ): void {
    this.#bytes += chunk.length;
    if (this.padding > 0) this.#pad(chunk, done, chunk);
    else {
      this.#gunzip.write(chunk, () => {
        const left = this.#bytes - this.#gunzip.bytesWritten;
        if (left > 0) this.#pad(chunk.subarray(chunk.length - left), done, chunk);
        else done(null, chunk);
      });
    }
  }

  #pad(rest: Buffer, done: (error?: Error | null, chunk?: Buffer) => void, chunk: Buffer): void {
    this.padding += rest.length;
    if (rest.every((byte) => byte === 0)) done(null, chunk);
    else done(this.#corrupt('something follows its end'));
  }

  override _flush(done: (error?: Error) => void): void {
    if (this.#gunzip.readableEnded) done();
    else {
      this.#finish = done;
      this.#gunzip.end();
    }
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#gunzip.destroy();
    done(error);
  }

  #corrupt(found: string, cause?: Error): CorruptFileError {
    // It says "unexpected end of file" only where the bytes end too early.
    const cut = cause && 'code' in cause && cause.code === 'Z_BUF_ERROR';
    return new CorruptFileError(
      `${this.#what} is not a whole gzip file: ${cut ? 'it ends too early' : found}`,
      {
        cause,
        hint: 'Continue the run later; if it stays, give the job to the support of the source',
      },
    );
  }
}
