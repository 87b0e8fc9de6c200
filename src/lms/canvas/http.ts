import axios, { type AxiosInstance, type AxiosRequestConfig } from 'axios';
import pRetry from 'p-retry';
import type { z } from 'zod';
import { connectionFault } from '../../connection-fault.ts';
import {
  afterTries,
  LmsServerError,
  LmsUnreachableError,
  TooManyRequestsError,
  UnexpectedAnswerError,
  withoutSecrets,
} from '../errors.ts';
import { parseExactly } from './dap-answers.ts';
import { USER_AGENT } from './user-agent.ts';

/** How often, and how patiently, what may be tried again is tried again. */
export interface RetryOptions {
  /** Tries after the first. */
  readonly retries: number;
  /** Before the first retry; doubled each time, and each multiplied by chance between 1 and 2. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** Silence for so long, on a connection or within a body, counts as a broken connection. */
  readonly silenceMs: number;
  readonly signal?: AbortSignal;
  /** Told of what is tried a third time, and on: a person may wait for it for minutes. Default: nobody is. */
  readonly onTrouble?: (error: Error) => void;
}

/** One failure is soon over; from the second on it may take long. */
export const TROUBLE = 2;

/** So many refusals of one call by 429, each waited out, before it is given up. */
export const REFUSALS = 20;

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** Header by its lower-case name. */
  header(name: string): string | undefined;
}

/** An HTTP client that gives text as it came and leaves every judgement of a status to the caller. */
export function createHttp(baseURL: string, silenceMs: number): AxiosInstance {
  return axios.create({
    baseURL,
    adapter: 'http',
    timeout: silenceMs,
    maxRedirects: 0,
    responseType: 'text',
    transformResponse: (text: unknown) => text,
    validateStatus: () => true,
    headers: { 'User-Agent': USER_AGENT, Accept: 'application/json' },
  });
}

/** @throws LmsUnreachableError when no answer came */
export async function send(http: AxiosInstance, doing: string, request: AxiosRequestConfig): Promise<Answer> {
  try {
    const { status, data, headers } = await http.request<string>(request);
    return {
      status,
      text: data ?? '',
      header: (name) => {
        const value: unknown = headers[name];
        return typeof value === 'string' ? value : undefined;
      },
    };
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw unreachable(doing, error);
  }
}

export function unreachable(doing: string, error: unknown): LmsUnreachableError {
  const { found, certificate, hint } = connectionFault(error);
  return new LmsUnreachableError(`${doing} failed: ${found}`, {
    cause: withoutSecrets(error),
    hint: certificate
      ? hint
      : 'Check the url of the source in campus.yaml, and that this machine may reach it',
  });
}

/**
 * @throws UnexpectedAnswerError naming each field that is not as documented
 * @throws LmsUnreachableError when it is no JSON at all
 */
export function readAnswer<T extends z.ZodType>(schema: T, doing: string, answer: Answer): z.output<T> {
  let json: unknown;
  try {
    json = parseExactly(answer.text);
  } catch (cause) {
    const what = answer.header('content-type') ?? 'no content type';
    // A second request gets past a cut answer, and not past a wrong address, and its hint is in the last error.
    throw new LmsUnreachableError(
      `${doing} failed: the answer (HTTP ${answer.status}, ${what}) is not JSON`,
      {
        status: answer.status,
        cause: withoutSecrets(cause),
        hint: 'Is the url of the source in campus.yaml that of the DAP gateway?',
      },
    );
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((i) => `${i.path.join('.') || 'answer'}: ${i.code}`).join('; ');
  throw new UnexpectedAnswerError(`${doing} failed: the answer is not as documented: ${issues}`, {
    status: answer.status,
  });
}

/** Tries again, with jitter, what a second try can get past: no answer, a failing server. */
export async function withRetries<T>(options: RetryOptions, attempt: () => Promise<T>): Promise<T> {
  let tries = 0;
  const counted = () => {
    tries += 1;
    return attempt();
  };
  return pRetry(counted, {
    retries: options.retries,
    minTimeout: options.firstWaitMs,
    maxTimeout: options.longestWaitMs,
    randomize: true,
    signal: options.signal,
    shouldRetry({ error, attemptNumber }) {
      const again = error instanceof LmsServerError || error instanceof LmsUnreachableError;
      if (again && attemptNumber === TROUBLE) options.onTrouble?.(error);
      return again;
    },
  }).catch((error: unknown) => {
    throw afterTries(error, tries);
  });
}

/** `Retry-After`: seconds or a date; 30 s where it is missing, as Canvas's own client has it. */
export function retryAfterMs(answer: Answer, now: number): number {
  const text = answer.header('retry-after')?.trim();
  if (text === undefined || text === '') return 30_000;
  const seconds = Number(text);
  if (!Number.isNaN(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? 30_000 : Math.max(0, date - now);
}

export function tooManyRequests(doing: string, waitMs: number): TooManyRequestsError {
  return new TooManyRequestsError(`${doing} failed: too many requests, again and again`, waitMs, {
    status: 429,
    hint: 'Does another program use the same Canvas key? The limits are shared; lower jobsPerMinute',
  });
}
