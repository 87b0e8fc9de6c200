import { createHmac, randomBytes } from 'node:crypto';
import { type Answer, byteLength } from './answer.ts';
import { storeError } from './api-errors.ts';
import { type Call, header } from './call.ts';
import type { Job, JobFile } from './job.ts';
import type { Jobs } from './jobs.ts';

/** Signed URLs hold about this long. */
const URL_LIFETIME_SECONDS = 15 * 60;

/** The file store behind the API: signs URLs and serves files for a URL that still holds. */
export class Files {
  readonly #jobs: Jobs;
  readonly #now: () => number;
  readonly #key = randomBytes(32);

  constructor(jobs: Jobs, now: () => number) {
    this.#jobs = jobs;
    this.#now = now;
  }

  /** The path and query of a URL that opens one file for a quarter of an hour. */
  sign(job: Job, file: JobFile, lifetimeSeconds = URL_LIFETIME_SECONDS): string {
    const date = new Date(this.#now()).toISOString();
    const path = `/files/${job.id}/${file.name}`;
    const query = new URLSearchParams({
      'X-Amz-Date': date,
      'X-Amz-Expires': String(lifetimeSeconds),
      'X-Amz-Signature': this.#signature(path, date, String(lifetimeSeconds)),
    });
    return `${path}?${query}`;
  }

  /** @throws ApiError in the store's XML: 403 for a URL that does not hold, 404 for a file that is gone */
  send(call: Call): Answer {
    this.#check(call);
    const { job, file } = this.#find(call);
    return {
      status: 200,
      headers: {
        'content-type': CONTENT_TYPES[job.request.format],
        'content-length': String(byteLength(file.bytes)),
      },
      body: file.bytes,
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
    if (Date.parse(date) + Number(expires) * 1000 <= this.#now()) {
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
