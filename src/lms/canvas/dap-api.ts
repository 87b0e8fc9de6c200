import type { AxiosInstance } from 'axios';
import type { z } from 'zod';
import { dapError } from './dap-error.ts';
import {
  type Answer,
  REFUSALS,
  type RetryOptions,
  readAnswer,
  retryAfterMs,
  send,
  tooManyRequests,
  withRetries,
} from './http.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { ServerTime } from './server-time.ts';
import type { TokenKeeper } from './token.ts';

export interface DapCall<T extends z.ZodType> {
  /** For messages: `asking Canvas for changes of canvas.users`. */
  readonly doing: string;
  readonly method: 'GET' | 'POST';
  /** Under `/dap`. */
  readonly path: string;
  readonly body?: unknown;
  readonly answer: T;
  /** Every endpoint has its own limit. */
  readonly limiter: RateLimiter;
  readonly priority?: number;
}

/**
 * One call of the DAP API: waits at the limiter, carries the token, tries again what may be tried again. 401 renews
 * the token once; 429 closes the limiter for everybody for as long as the server says; 5xx and silence are repeated
 * with jitter (a POST too: the same question returns the same job); everything else is the caller's.
 */
export class DapApi {
  readonly #http: AxiosInstance;
  readonly #token: TokenKeeper;
  readonly #time: ServerTime;
  readonly #retry: RetryOptions;
  readonly #onRefusal: (waitMs: number) => void;

  constructor(parts: {
    http: AxiosInstance;
    token: TokenKeeper;
    time: ServerTime;
    retry: RetryOptions;
    /** Told of every 429, with the wait that it asks for in ms. */
    onRefusal: (waitMs: number) => void;
  }) {
    this.#onRefusal = parts.onRefusal;
    this.#http = parts.http;
    this.#token = parts.token;
    this.#time = parts.time;
    this.#retry = parts.retry;
  }

  async call<T extends z.ZodType>(call: DapCall<T>): Promise<z.output<T>> {
    return withRetries(this.#retry, async () => {
      const answer = await this.#answered(call);
      if (answer.status >= 400) throw dapError(call.doing, answer.status, answer.text);
      return readAnswer(call.answer, call.doing, answer);
    });
  }

  /** An answer that is neither 429 nor a 401 that a new token resolves. */
  async #answered(call: DapCall<z.ZodType>): Promise<Answer> {
    let renewed = false;
    for (let refusals = 0; ; ) {
      await call.limiter.pass(call.priority);
      const token = await this.#token.get();
      const answer = await send(this.#http, call.doing, {
        method: call.method,
        url: `/dap${call.path}`,
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        data: call.body === undefined ? undefined : JSON.stringify(call.body),
        signal: this.#retry.signal,
      });
      this.#time.learn(answer.header('date'));
      if (answer.status === 401 && !renewed) {
        renewed = true;
        this.#token.refused(token);
      } else if (answer.status === 429) {
        const waitMs = retryAfterMs(answer, this.#time.now());
        await call.limiter.pause(waitMs);
        this.#onRefusal(waitMs);
        refusals += 1;
        if (refusals > REFUSALS) throw tooManyRequests(call.doing, waitMs);
      } else return answer;
    }
  }
}
