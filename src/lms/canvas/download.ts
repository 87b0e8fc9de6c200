import { Agent as HttpAgent, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type Readable, Transform } from 'node:stream';
import axios, { type AxiosInstance } from 'axios';
import pRetry from 'p-retry';
import { connectionFault } from '../../connection-fault.ts';
import type { LmsFile } from '../../ports/lms-source.ts';
import {
  AddressExpiredError,
  afterTries,
  BrokenTransferError,
  CorruptFileError,
  LmsServerError,
  LmsUnreachableError,
  UnexpectedAnswerError,
  withoutSecrets,
} from '../errors.ts';
import { type RetryOptions, TROUBLE, unreachable } from './http.ts';
import type { ObjectUrls } from './object-urls.ts';
import { USER_AGENT } from './user-agent.ts';

/** A store sends on to another place of its own, once or twice. */
const REDIRECTS = 5;

/**
 * A client for signed addresses: bodies as they come, connections kept. It never knows a token, so that none can get
 * to where a store sends it on; and it is not sent on from https to http.
 */
export function createDownloader(connections: number, silenceMs: number): AxiosInstance {
  const agent = { keepAlive: true, maxSockets: connections };
  return axios.create({
    adapter: 'http',
    timeout: silenceMs,
    maxRedirects: REDIRECTS,
    beforeRedirect: (next, _answer, last) => {
      if (last?.url.startsWith('https:') && next.protocol !== 'https:') {
        throw new Error('the store sends on from https to http');
      }
    },
    responseType: 'stream',
    // The bytes are kept exactly as delivered: nothing is unpacked on the way.
    decompress: false,
    validateStatus: () => true,
    httpAgent: new HttpAgent(agent),
    httpsAgent: new HttpsAgent(agent),
    headers: { 'User-Agent': USER_AGENT, Accept: '*/*', 'Accept-Encoding': 'identity' },
  });
}

export interface Download {
  readonly http: AxiosInstance;
  readonly urls: ObjectUrls;
  readonly id: string;
  /** For messages: `file 3 of canvas.users`. */
  readonly what: string;
  readonly retry: RetryOptions;
  readonly read: (file: LmsFile) => Promise<void>;
  readonly signal: AbortSignal;
}

/** A damaged file is fetched again so often: it mostly comes just like that, and then people need to know. */
const DAMAGED_RETRIES = 2;

/** Fetches one file; from its beginning again, with a new address where needed, as often as it is worth it. */
export async function download(task: Download): Promise<void> {
  const { retry, signal } = task;
  let tries = 0;
  let damaged = 0;
  const attempt = () => {
    tries += 1;
    return downloadOnce(task);
  };
  try {
    await pRetry(attempt, {
      // A long file meets more broken connections than a short question does.
      retries: retry.retries * 2,
      minTimeout: retry.firstWaitMs,
      maxTimeout: retry.longestWaitMs,
      randomize: true,
      signal,
      shouldRetry({ error, attemptNumber }) {
        if (error instanceof CorruptFileError) {
          damaged += 1;
          return damaged <= DAMAGED_RETRIES;
        }
        const again =
          error instanceof BrokenTransferError ||
          error instanceof LmsServerError ||
          error instanceof LmsUnreachableError;
        if (again && attemptNumber === TROUBLE) retry.onTrouble?.(error);
        return again;
      },
    });
  } catch (error) {
    throw afterTries(error, tries);
  }
}

async function downloadOnce({ http, urls, id, what, retry, read, signal }: Download): Promise<void> {
  const url = await urls.get(id);
  const { status, data: incoming, headers } = await open(http, what, url, signal);
  if (status !== 200) {
    incoming.destroy();
    urls.forget(id);
    throw refused(what, status);
  }
  const length: unknown = headers['content-length'];
  const bytes = typeof length === 'string' && length !== '' ? Number(length) : undefined;
  const body = new WholeBody(what, incoming, bytes, retry.silenceMs);
  try {
    await read({ id, body, bytes });
  } catch (error) {
    // What the reader throws when the body broke is an echo; the break itself is what happened.
    throw body.broken ?? error;
  } finally {
    incoming.destroy();
    body.destroy();
  }
  if (!body.whole) throw body.broken ?? new BrokenTransferError(`${what} was not read to its end`);
  urls.done(id);
}

async function open(http: AxiosInstance, what: string, url: string, signal: AbortSignal) {
  try {
    return await http.get<Readable>(url, { signal });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw unreachable(`Fetching ${what}`, error);
  }
}

function refused(what: string, status: number) {
  const say = `Fetching ${what} failed: HTTP ${status}`;
  if (status === 429 || status >= 500) return new LmsServerError(say, { status });
  if (status >= 400) return new AddressExpiredError(say, { status });
  return new UnexpectedAnswerError(say, { status });
}

/** The body of an answer on its way; ends well only when as many bytes came as were announced. */
class WholeBody extends Transform {
  /** How the transfer broke, if it did. */
  broken?: BrokenTransferError;
  whole = false;
  readonly #what: string;
  readonly #announced: number | undefined;
  #bytes = 0;

  constructor(what: string, incoming: Readable, announced: number | undefined, silenceMs: number) {
    super();
    this.#what = what;
    this.#announced = announced;
    const silent = new Error('the connection fell silent');
    if (incoming instanceof IncomingMessage) {
      incoming.setTimeout(silenceMs, () => incoming.destroy(silent));
    }
    incoming.on('error', (error) =>
      this.#break(error === silent ? silent.message : connectionFault(error).found, error),
    );
    incoming.on('close', () => {
      if (!incoming.readableEnded && !this.destroyed) this.#break('the connection closed');
    });
    incoming.pipe(this);
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: Buffer) => void): void {
    this.#bytes += chunk.length;
    done(null, chunk);
  }

  override _flush(done: () => void): void {
    if (this.#announced !== undefined && this.#bytes !== this.#announced) this.#break('the body ended');
    else {
      this.whole = true;
      done();
    }
  }

  #break(found: string, cause?: Error): void {
    const of = this.#announced === undefined ? '' : ` of ${this.#announced}`;
    this.broken ??= new BrokenTransferError(
      `Fetching ${this.#what} broke after ${this.#bytes}${of} bytes: ${found}`,
      { cause: withoutSecrets(cause) },
    );
    this.destroy(this.broken);
  }
}
