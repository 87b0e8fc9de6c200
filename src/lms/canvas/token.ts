import type { AxiosInstance } from 'axios';
import type { Clock } from '../../ports/platform.ts';
import { LmsAuthenticationError } from '../errors.ts';
import { tokenAnswer } from './dap-answers.ts';
import { CHECK_CREDENTIALS, dapError } from './dap-error.ts';
import { type Answer, REFUSALS, readAnswer, retryAfterMs, send, tooManyRequests } from './http.ts';

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

interface Token {
  readonly text: string;
  /** Epoch ms of this machine's clock: the length of its life is what counts, not the server's hour. */
  readonly renewAt: number;
}

const DOING = 'Logging in to Canvas';

/** Renewed so long before its end, or when four fifths of a short life are over. */
const EARLY_MS = 5 * 60_000;

/** The access token: asked for once however many need it, kept while it lives, renewed before it ends. */
export class TokenKeeper {
  readonly #http: AxiosInstance;
  readonly #credentials: () => Promise<Credentials>;
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  readonly #onAnswer: (answer: Answer) => void;
  #token?: Token;
  #asking?: Promise<Token>;

  constructor(parts: {
    http: AxiosInstance;
    credentials: () => Promise<Credentials>;
    clock: Clock;
    signal: AbortSignal | undefined;
    onAnswer: (answer: Answer) => void;
  }) {
    this.#http = parts.http;
    this.#credentials = parts.credentials;
    this.#clock = parts.clock;
    this.#signal = parts.signal;
    this.#onAnswer = parts.onAnswer;
  }

  async get(): Promise<string> {
    if (this.#token && this.#clock.now() < this.#token.renewAt) return this.#token.text;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    this.#token = await this.#asking;
    return this.#token.text;
  }

  /** The server refused this token. A newer one, fetched meanwhile by somebody else, is kept. */
  refused(token: string): void {
    if (this.#token?.text === token) this.#token = undefined;
  }

  /** One attempt: the call that needs the token tries again, and with it this. */
  async #ask(): Promise<Token> {
    const { clientId, clientSecret } = await this.#credentials();
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    const { answer, askedAt } = await this.#answered(basic);
    if ([400, 401, 403].includes(answer.status)) {
      const { message, type } = dapError(DOING, answer.status, answer.text);
      throw new LmsAuthenticationError(message, { status: answer.status, type, hint: CHECK_CREDENTIALS });
    }
    if (answer.status >= 400) throw dapError(DOING, answer.status, answer.text);
    const { access_token: text, expires_in: seconds } = readAnswer(tokenAnswer, DOING, answer);
    const life = seconds * 1000;
    return { text, renewAt: askedAt + life - Math.min(EARLY_MS, life / 5) };
  }

  /** An answer that is not 429: what that asks to wait is waited. */
  async #answered(basic: string): Promise<{ answer: Answer; askedAt: number }> {
    for (let refusals = 1; ; refusals += 1) {
      const askedAt = this.#clock.now();
      const answer = await send(this.#http, DOING, {
        method: 'POST',
        url: '/ids/auth/login',
        headers: {
          Authorization: `Basic ${basic}`,
          'Content-Type': 'application/x-www-form-urlencoded',
        },
        data: 'grant_type=client_credentials',
        signal: this.#signal,
      });
      this.#onAnswer(answer);
      if (answer.status !== 429) return { answer, askedAt };
      const waitMs = retryAfterMs(answer, this.#clock.now());
      if (refusals === REFUSALS) throw tooManyRequests(DOING, waitMs);
      await this.#clock.sleep(waitMs, this.#signal);
    }
  }
}
