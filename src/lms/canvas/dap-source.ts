import type { AxiosInstance } from 'axios';
import type PQueue from 'p-queue';
import type {
  LmsCompleteJob,
  LmsFile,
  LmsJob,
  LmsRequest,
  LmsSchema,
  LmsSource,
  LmsTable,
} from '../../ports/lms-source.ts';
import type { Clock } from '../../ports/platform.ts';
import { jobAnswer, tablesAnswer, urlsAnswer } from './dap-answers.ts';
import type { DapApi } from './dap-api.ts';
import { schemaAnswer } from './dap-schema.ts';
import type { RetryOptions } from './http.ts';
import { fetchJobFiles } from './job-files.ts';
import type { RateLimiters } from './rate-limiters.ts';
import type { ServerTime } from './server-time.ts';

/** A complete job that ends sooner is not worth fetching: its files answer 404 (Canvas's own advice: 30 s). */
const TOO_OLD_MS = 30_000;

export interface DapSourceParts {
  readonly api: DapApi;
  readonly limiters: RateLimiters;
  readonly time: ServerTime;
  readonly clock: Clock;
  readonly retry: RetryOptions;
  /** For signed addresses. */
  readonly downloader: AxiosInstance;
  /** So many files at once as it has places. */
  readonly downloads: PQueue;
  readonly addressLifetimeMs: number;
}

/** The DAP Query API as a source: what is asked, in which words, through which rate limiter. */
export class DapSource implements LmsSource {
  readonly #parts: DapSourceParts;
  /** What a job was asked for; the source itself does not repeat it in its answers. */
  readonly #asked = new Map<string, LmsRequest>();

  constructor(parts: DapSourceParts) {
    this.#parts = parts;
  }

  async list(namespace: string): Promise<string[]> {
    const { tables } = await this.#parts.api.call({
      doing: `Listing the tables of ${namespace}`,
      method: 'GET',
      path: `/query/${encodeURIComponent(namespace)}/table`,
      answer: tablesAnswer,
      limiter: this.#parts.limiters.list,
    });
    return tables;
  }

  schema(table: LmsTable): Promise<LmsSchema> {
    return this.#parts.api.call({
      doing: `Reading the schema of ${nameOf(table)}`,
      method: 'GET',
      path: `${pathOf(table)}/schema`,
      answer: schemaAnswer,
      limiter: this.#parts.limiters.schema,
    });
  }

  async start(request: LmsRequest): Promise<LmsJob> {
    for (let waits = 0; ; waits += 1) {
      const job = await this.#ask(request);
      const endsIn = job.expiresAt === undefined ? Infinity : Date.parse(job.expiresAt) - this.now();
      if (job.status !== 'complete' || endsIn >= TOO_OLD_MS || waits === 2) return job;
      // The same question returns this dying job until it is gone.
      await this.#parts.clock.sleep(Math.max(0, endsIn) + 5000, this.#parts.retry.signal);
    }
  }

  async #ask(request: LmsRequest): Promise<LmsJob> {
    const { format, since, priority } = request;
    const job = await this.#parts.api.call({
      doing: since
        ? `Asking for the changes of ${nameOf(request)} since ${since}`
        : `Asking for a snapshot of ${nameOf(request)}`,
      method: 'POST',
      path: `${pathOf(request)}/data`,
      // Condensed: one column for each column of the schema, nested fields as JSON text. `until` is left out, as
      // rows changed after it would be missing.
      body: { format, mode: 'condensed', ...(since ? { since } : {}) },
      answer: jobAnswer,
      limiter: this.#parts.limiters.create,
      priority,
    });
    this.#asked.set(job.id, request);
    return job;
  }

  poll(job: string): Promise<LmsJob> {
    return this.#parts.api.call({
      doing: `Asking after the job of ${this.#subject(job)}`,
      method: 'GET',
      path: `/job/${encodeURIComponent(job)}`,
      answer: jobAnswer,
      limiter: this.#parts.limiters.job,
      priority: this.#asked.get(job)?.priority,
    });
  }

  files(
    job: LmsCompleteJob,
    read: (file: LmsFile) => Promise<void>,
    options: { signal?: AbortSignal } = {},
  ): Promise<void> {
    const priority = this.#asked.get(job.id)?.priority ?? 5;
    const subject = this.#subject(job.id);
    return fetchJobFiles({
      ids: job.objects,
      sign: (ids) => this.#sign(ids, subject, priority),
      now: () => this.#parts.clock.now(),
      lifetimeMs: this.#parts.addressLifetimeMs,
      http: this.#parts.downloader,
      queue: this.#parts.downloads,
      retry: this.#parts.retry,
      priority,
      subject,
      read,
      signal: options.signal,
    });
  }

  now(): number {
    return this.#parts.time.now();
  }

  async #sign(ids: string[], subject: string, priority: number): Promise<Record<string, { url: string }>> {
    const { urls } = await this.#parts.api.call({
      doing: `Signing addresses of ${ids.length} files of ${subject}`,
      method: 'POST',
      path: '/object/url',
      body: ids.map((id) => ({ id })),
      answer: urlsAnswer,
      limiter: this.#parts.limiters.url,
      priority,
    });
    return urls;
  }

  #subject(job: string): string {
    const request = this.#asked.get(job);
    return request ? nameOf(request) : `job ${job}`;
  }
}

const nameOf = ({ namespace, table }: LmsTable) => `${namespace}.${table}`;
const pathOf = ({ namespace, table }: LmsTable) =>
  `/query/${encodeURIComponent(namespace)}/table/${encodeURIComponent(table)}`;
