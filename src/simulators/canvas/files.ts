import { createHmac, randomBytes } from 'node:crypto';
import type { Answer } from './answer.ts';
import { storeError } from './api-errors.ts';
import { type Call, header } from './call.ts';
import { writeFile } from './file-writer.ts';
import type { Job, JobFile } from './job.ts';
import type { Jobs } from './jobs.ts';

/** Signed URLs hold about this long. */
const URL_LIFETIME_SECONDS = 15 * 60;

export interface FileOptions {
  readonly now: () => number;
  readonly opens: number;
  readonly gzipLevel: number;
  /** Files kept ready to be sent again, in bytes together. */
  readonly cacheBytes: number;
}

/** The file store behind the API: signs URLs and sends files to whoever shows one that still holds. */
export class Files {
  readonly #jobs: Jobs;
  readonly #options: FileOptions;
  readonly #key = randomBytes(32);
  readonly #cache = new Map<JobFile, Promise<Uint8Array[]>>();
  #cached = 0;

  constructor(jobs: Jobs, options: FileOptions) {
    this.#jobs = jobs;
    this.#options = options;
  }

  /** The path and query of a URL that opens one file for a quarter of an hour. */
  sign(job: Job, file: JobFile, lifetimeSeconds = URL_LIFETIME_SECONDS): string {
    const date = new Date(this.#options.now()).toISOString();
    const path = `/files/${job.id}/${file.name}`;
    const query = new URLSearchParams({
      'X-Amz-Date': date,
      'X-Amz-Expires': String(lifetimeSeconds),
      'X-Amz-Signature': this.#signature(path, date, String(lifetimeSeconds)),
    });
    return `${path}?${query}`;
  }

  /** @throws ApiError in the store's XML: 403 for a URL that does not hold, 404 for a file that is gone */
  async send(call: Call): Promise<Answer> {
    this.#check(call);
    const { job, file } = this.#find(call);
    const body = await this.#bytes(job, file);
    return {
      status: 200,
      headers: {
        'content-type': CONTENT_TYPES[job.request.format],
        'content-length': String(body.reduce((sum, chunk) => sum + chunk.byteLength, 0)),
      },
      body,
    };
  }

  #check(call: Call): void {
    if (header(call, 'authorization') !== undefined) {
      throw storeError(400, 'InvalidArgument', 'Only one auth mechanism allowed');
    }
    const [date, expires] = [call.query.get('X-Amz-Date') ?? '', call.query.get('X-Amz-Expires') ?? ''];
    const path = `/files/${call.job}/${call.file}`;
    if (call.query.get('X-Amz-Signature') !== this.#signature(path, date, expires)) {
      throw storeError(
        403,
        'SignatureDoesNotMatch',
        'The request signature does not match the one calculated.',
      );
    }
    if (Date.parse(date) + Number(expires) * 1000 <= this.#options.now()) {
      throw storeError(403, 'AccessDenied', 'Request has expired');
    }
  }

  #find(call: Call): { job: Job; file: JobFile } {
    try {
      return this.#jobs.object(`${call.job}/${call.file}`);
    } catch {
      throw storeError(404, 'NoSuchKey', 'The specified key does not exist.');
    }
  }

  /** Makes the file, or takes it from those made lately: a broken download is soon asked for again. */
  #bytes(job: Job, file: JobFile): Promise<Uint8Array[]> {
    const ready = this.#cache.get(file);
    if (ready) return ready;
    const made = writeFile(
      job.request.format,
      file.changes,
      {
        table: job.schema,
        withAction: job.request.since !== undefined,
        mode: job.request.mode,
        opens: this.#options.opens,
      },
      this.#options.gzipLevel,
    );
    this.#cache.set(file, made);
    made.then(
      (chunks) => this.#trim(chunks),
      () => this.#cache.delete(file),
    );
    return made;
  }

  async #trim(added: Uint8Array[]): Promise<void> {
    this.#cached += sizeOf(added);
    for (const [file, made] of this.#cache) {
      if (this.#cached <= this.#options.cacheBytes) return;
      this.#cache.delete(file);
      this.#cached -= sizeOf(await made);
    }
  }

  #signature(path: string, date: string, expires: string): string {
    return createHmac('sha256', this.#key).update(`${path}\n${date}\n${expires}`).digest('hex');
  }
}

const CONTENT_TYPES = {
  jsonl: 'application/jsonlines',
  csv: 'text/csv',
  tsv: 'text/plain',
  parquet: 'application/parquet',
};

function sizeOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
}
