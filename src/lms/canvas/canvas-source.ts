import type { AxiosInstance } from 'axios';
import PQueue from 'p-queue';
import type { CanvasSourceConfig } from '../../campus/campus-schema.ts';
import type { Platform } from '../../platform/ports.ts';
import type { Report } from '../../step.ts';
import type {
  LmsCompleteJob,
  LmsFile,
  LmsJob,
  LmsRequest,
  LmsSchema,
  LmsSource,
  LmsTable,
} from '../source.ts';
import { jobAnswer, tablesAnswer, urlsAnswer } from './dap-answers.ts';
import { DapApi } from './dap-api.ts';
import { schemaAnswer } from './dap-schema.ts';
import { createDownloader, download } from './download.ts';
import { createGates, type Gates } from './gates.ts';
import { createHttp, type RetryOptions } from './http.ts';
import { ObjectUrls } from './object-urls.ts';
import { ServerTime } from './server-time.ts';
import { TokenKeeper } from './token.ts';

/** A complete job that ends sooner is not worth fetching: its files answer 404 (Canvas's own advice: 30 s). */
const TOO_OLD_MS = 30_000;

const PATIENCE = { retries: 4, firstWaitMs: 1000, longestWaitMs: 60_000, silenceMs: 60_000 };

export interface CanvasOptions {
  /** Ends every wait and every transfer. */
  readonly signal?: AbortSignal;
  /** Told of every wait that the source asks for. */
  readonly report?: Pick<Report, 'note'>;
  /** Default: 4 retries, 1 s at first, 60 s at most; 60 s of silence. */
  readonly retry?: Partial<Omit<RetryOptions, 'signal'>>;
  /** Life of a signed address. Default: 15 minutes. */
  readonly addressLifetimeMs?: number;
}

/**
 * Opens Canvas Data 2 through the DAP Query API (https://developerdocs.instructure.com/services/dap).
 * @param name the source's name in campus.yaml; sources do not share limits
 */
export function openCanvas(
  name: string,
  config: Pick<CanvasSourceConfig, 'url' | 'clientId' | 'clientSecret' | 'jobsPerMinute' | 'downloads'>,
  platform: Pick<Platform, 'clock' | 'limits' | 'secrets'>,
  options: CanvasOptions = {},
): LmsSource {
  return new CanvasSource(name, config, platform, options);
}

class CanvasSource implements LmsSource {
  readonly #platform: Pick<Platform, 'clock' | 'limits' | 'secrets'>;
  readonly #api: DapApi;
  readonly #downloader: AxiosInstance;
  readonly #downloads: PQueue;
  readonly #time: ServerTime;
  readonly #gates: Gates;
  readonly #retry: RetryOptions;
  readonly #addressLifetimeMs: number;
  /** What a job was asked for; the source itself does not repeat it in its answers. */
  readonly #asked = new Map<string, LmsRequest>();

  constructor(
    name: string,
    config: Parameters<typeof openCanvas>[1],
    platform: Pick<Platform, 'clock' | 'limits' | 'secrets'>,
    { signal, report, retry, addressLifetimeMs = 15 * 60_000 }: CanvasOptions,
  ) {
    const { clock, limits, secrets } = platform;
    this.#platform = platform;
    this.#retry = { ...PATIENCE, ...retry, signal };
    this.#addressLifetimeMs = addressLifetimeMs;
    this.#time = new ServerTime(clock);
    const http = createHttp(config.url, this.#retry.silenceMs);
    const token = new TokenKeeper({
      http,
      clock,
      retry: this.#retry,
      onAnswer: (answer) => this.#time.learn(answer.header('date')),
      credentials: async () => ({
        clientId: await secrets.get(config.clientId),
        clientSecret: await secrets.get(config.clientSecret),
      }),
    });
    this.#api = new DapApi({
      http,
      token,
      time: this.#time,
      retry: this.#retry,
      onRefusal: (ms) =>
        report?.note(name, `too many requests: the source asks to wait ${Math.ceil(ms / 1000)} s`),
    });
    this.#downloader = createDownloader(config.downloads, this.#retry.silenceMs);
    this.#downloads = new PQueue({ concurrency: config.downloads });
    this.#gates = createGates(name, config.jobsPerMinute, { limits, clock, signal });
  }

  async list(namespace: string): Promise<string[]> {
    const { tables } = await this.#api.call({
      doing: `Listing the tables of ${namespace}`,
      method: 'GET',
      path: `/query/${encodeURIComponent(namespace)}/table`,
      answer: tablesAnswer,
      gate: this.#gates.list,
    });
    return tables;
  }

  schema(table: LmsTable): Promise<LmsSchema> {
    return this.#api.call({
      doing: `Reading the schema of ${nameOf(table)}`,
      method: 'GET',
      path: `${pathOf(table)}/schema`,
      answer: schemaAnswer,
      gate: this.#gates.schema,
    });
  }

  async start(request: LmsRequest): Promise<LmsJob> {
    for (let waits = 0; ; waits += 1) {
      const job = await this.#ask(request);
      const endsIn = job.expiresAt === undefined ? Infinity : Date.parse(job.expiresAt) - this.now();
      if (job.status !== 'complete' || endsIn >= TOO_OLD_MS || waits === 2) return job;
      // The same question returns this dying job until it is gone.
      await this.#platform.clock.sleep(Math.max(0, endsIn) + 5000, this.#retry.signal);
    }
  }

  async #ask(request: LmsRequest): Promise<LmsJob> {
    const { format, since, priority } = request;
    const job = await this.#api.call({
      doing: since
        ? `Asking for the changes of ${nameOf(request)} since ${since}`
        : `Asking for a snapshot of ${nameOf(request)}`,
      method: 'POST',
      path: `${pathOf(request)}/data`,
      // Condensed: one column for each column of the schema, nested fields as JSON text. `until` is left out, as
      // rows changed after it would be missing.
      body: { format, mode: 'condensed', ...(since ? { since } : {}) },
      answer: jobAnswer,
      gate: this.#gates.create,
      priority,
    });
    this.#asked.set(job.id, request);
    return job;
  }

  poll(job: string): Promise<LmsJob> {
    return this.#api.call({
      doing: `Asking after the job of ${this.#subject(job)}`,
      method: 'GET',
      path: `/job/${encodeURIComponent(job)}`,
      answer: jobAnswer,
      gate: this.#gates.job,
      priority: this.#asked.get(job)?.priority,
    });
  }

  async files(
    job: LmsCompleteJob,
    read: (file: LmsFile) => Promise<void>,
    options: { signal?: AbortSignal } = {},
  ): Promise<void> {
    const failed = new AbortController();
    const given = [options.signal, this.#retry.signal].filter((s) => s !== undefined);
    const signal = AbortSignal.any([failed.signal, ...given]);
    const priority = this.#asked.get(job.id)?.priority ?? 5;
    const subject = this.#subject(job.id);
    const urls = this.#urls(job, subject, priority);
    let first: unknown;
    const fetched = job.objects.map((id, index) => {
      const what = `file ${index + 1} of ${job.objects.length} of ${subject}`;
      const task = () =>
        download({ http: this.#downloader, urls, id, what, read, signal, retry: this.#retry });
      return this.#downloads.add(task, { priority, signal }).catch((error: unknown) => {
        first ??= error;
        failed.abort(error);
      });
    });
    await Promise.all(fetched);
    if (first !== undefined) throw first;
  }

  now(): number {
    return this.#time.now();
  }

  #urls(job: LmsCompleteJob, subject: string, priority: number): ObjectUrls {
    return new ObjectUrls({
      ids: job.objects,
      now: () => this.#platform.clock.now(),
      lifetimeMs: this.#addressLifetimeMs,
      sign: async (ids) => {
        const { urls } = await this.#api.call({
          doing: `Signing addresses of ${ids.length} files of ${subject}`,
          method: 'POST',
          path: '/object/url',
          body: ids.map((id) => ({ id })),
          answer: urlsAnswer,
          gate: this.#gates.url,
          priority,
        });
        return urls;
      },
    });
  }

  #subject(job: string): string {
    const request = this.#asked.get(job);
    return request ? nameOf(request) : `job ${job}`;
  }
}

const nameOf = ({ namespace, table }: LmsTable) => `${namespace}.${table}`;
const pathOf = ({ namespace, table }: LmsTable) =>
  `/query/${encodeURIComponent(namespace)}/table/${encodeURIComponent(table)}`;
