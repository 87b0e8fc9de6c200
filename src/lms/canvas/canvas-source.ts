import PQueue from 'p-queue';
import type { CanvasSourceConfig } from '../../campus/campus-schema.ts';
import { failureOf } from '../../failure.ts';
import type { LmsSource } from '../../ports/lms-source.ts';
import type { Platform } from '../../ports/platform.ts';
import type { Report } from '../../ports/step.ts';
import { DapApi } from './dap-api.ts';
import { DapSource } from './dap-source.ts';
import { createDownloader } from './download.ts';
import { createHttp, type RetryOptions } from './http.ts';
import { manyMayListen } from './job-files.ts';
import { createGates } from './rate-limiters.ts';
import { ServerTime } from './server-time.ts';
import { TokenKeeper } from './token.ts';

const PATIENCE = { retries: 4, firstWaitMs: 1000, longestWaitMs: 60_000, silenceMs: 60_000 };
const ADDRESS_LIFETIME_MS = 15 * 60_000;

export interface CanvasOptions {
  /** Ends every wait and every transfer. */
  readonly signal?: AbortSignal;
  /** Told of every wait that the source asks for. */
  readonly report?: Pick<Report, 'note'>;
  /** Default: 4 retries, 1 s at first, 60 s at most; 60 s of silence. */
  readonly retry?: Partial<Omit<RetryOptions, 'signal' | 'onTrouble'>>;
  /**
   * The longest wait for a new job, in ms; a longer one fails with a ThrottledError.
   * Default: waits as long as it takes.
   */
  readonly longestWaitMs?: number;
  /** Life of a signed address. Default: 15 minutes. */
  readonly addressLifetimeMs?: number;
}

/**
 * Opens Canvas Data 2 through the DAP Query API (https://developerdocs.instructure.com/services/dap).
 * @param name the source's name in campus.yaml; sources do not share limits
 */
export function openCanvas(
  name: string,
  config: Pick<
    CanvasSourceConfig,
    'url' | 'clientId' | 'clientSecret' | 'jobsPerMinute' | 'concurrentDownloads'
  >,
  platform: Pick<Platform, 'clock' | 'limits' | 'secrets'>,
  options: CanvasOptions = {},
): LmsSource {
  const { clock, limits, secrets } = platform;
  const signal = options.signal && manyMayListen(AbortSignal.any([options.signal]));
  const reportTrouble = onceForEachKind((text) => options.report?.note(name, text));
  const retry: RetryOptions = { ...PATIENCE, ...options.retry, signal, onTrouble: reportTrouble };
  const http = createHttp(config.url, retry.silenceMs);
  const time = new ServerTime(clock);
  const token = new TokenKeeper({
    http,
    clock,
    signal,
    onAnswer: (answer) => time.learn(answer.header('date')),
    credentials: async () => ({
      clientId: await secrets.get(config.clientId),
      clientSecret: await secrets.get(config.clientSecret),
    }),
  });
  const tell = (waitMs: number) =>
    options.report?.note(name, `too many requests: the source asks to wait ${Math.ceil(waitMs / 1000)} s`);
  return new DapSource({
    api: new DapApi({ http, token, time, retry, onRefusal: tell }),
    limiters: createGates(name, config.jobsPerMinute, {
      limits,
      clock,
      signal,
      longestWaitMs: options.longestWaitMs,
    }),
    time,
    clock,
    retry,
    downloader: createDownloader(config.concurrentDownloads, retry.silenceMs),
    downloads: new PQueue({ concurrency: config.concurrentDownloads }),
    addressLifetimeMs: options.addressLifetimeMs ?? ADDRESS_LIFETIME_MS,
  });
}

/** Where a store breaks every connection, each of hundreds of files meets it: the first of a kind is reported. */
function onceForEachKind(report: (text: string) => void): (error: Error) => void {
  const reported = new Set<string>();
  return (error) => {
    if (reported.has(error.name)) return;
    reported.add(error.name);
    report(
      `${failureOf(error).message.replace(/\.$/, '')}; it is tried again for some minutes, and so is whatever else fails like this`,
    );
  };
}
