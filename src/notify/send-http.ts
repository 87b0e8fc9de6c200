import { Agent } from 'node:https';
import axios, { isAxiosError } from 'axios';
import pRetry, { AbortError } from 'p-retry';
import { connectionFault } from '../connection-fault.ts';
import { trusted } from './authority.ts';
import { NotifyError } from './errors.ts';
import { PRIVATE_HINT, publicLookup } from './public-address.ts';

const TRIES = 4;
/** From the first sign sent to the last one received; a receiver that drips is not waited for without end. */
const ATTEMPT_MS = 15_000;

export interface PostOptions {
  /** Certificates besides the known ones, PEM. */
  readonly ca?: string;
  readonly signal?: AbortSignal;
  /** Default: application/json. */
  readonly contentType?: string;
  /** The longest that one attempt may take, in ms. Default: 15,000. */
  readonly attemptMs?: number;
  /** More headers of one attempt, of the body as it is sent and of the moment (epoch ms). Default: none. */
  readonly headers?: (body: string, at: number) => Readonly<Record<string, string>>;
  /** Whether only addresses of the public internet are asked, past any proxy. Default: no. */
  readonly publicOnly?: boolean;
}

/**
 * Posts JSON. Tries again where nothing was delivered for sure: a connection that was not made, 429 and 5xx. After a
 * timeout it does not, since the receiver may have taken the message. The address is a secret (anyone who knows it can
 * post), so it appears in no error, not even in the cause.
 * @param name of the receiver, for people
 * @throws NotifyError
 */
export async function post(
  name: string,
  url: string,
  body: object,
  options: PostOptions = {},
): Promise<void> {
  const { signal, ca, publicOnly = false } = options;
  const agent =
    ca === undefined && !publicOnly
      ? undefined
      : new Agent({
          ...(ca === undefined ? {} : { ca: trusted(ca) }),
          ...(publicOnly ? { lookup: publicLookup } : {}),
        });
  try {
    await pRetry(() => attempt(url, body, options, agent), {
      retries: TRIES - 1,
      minTimeout: 300,
      maxTimeout: 5_000,
      randomize: true,
      signal,
    });
  } catch (error) {
    const hint = error instanceof Refused ? error.hint : undefined;
    const said = error instanceof Refused ? error.message : 'the run was stopped';
    throw new NotifyError(`${name} did not take the message: ${said}.`, {
      hint:
        hint ??
        'Check the address that notify in campus.yaml refers to, and whether this machine may reach it.',
      mayPass: error instanceof Refused && error.mayPass,
    });
  } finally {
    agent?.destroy();
  }
}

/** One attempt that failed, in the lake's words. */
class Refused extends Error {
  readonly hint?: string;
  /** Whether another attempt may fare better. */
  readonly mayPass: boolean;

  constructor(message: string, hint?: string, mayPass = false) {
    super(message);
    this.hint = hint;
    this.mayPass = mayPass;
  }
}

async function attempt(url: string, body: object, options: PostOptions, httpsAgent?: Agent): Promise<void> {
  const deadline = AbortSignal.timeout(options.attemptMs ?? ATTEMPT_MS);
  const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline;
  try {
    const text = JSON.stringify(body);
    const headers = {
      ...(options.contentType === undefined ? {} : { 'Content-Type': options.contentType }),
      ...options.headers?.(text, Date.now()),
    };
    await axios.post(url, text, {
      maxRedirects: 0,
      ...(options.publicOnly ? { proxy: false as const } : {}),
      signal,
      httpsAgent,
      responseType: 'text',
      headers: { 'Content-Type': 'application/json', ...headers },
    });
  } catch (error) {
    const answer = isAxiosError(error) ? error.response : undefined;
    if (answer) {
      const said = codeIn(answer.data);
      const mayPass = answer.status === 429 || answer.status >= 500;
      const refused = new Refused(
        `it answered ${answer.status}${said ? ` (${said})` : ''}`,
        hintFor(said),
        mayPass,
      );
      throw mayPass ? refused : new AbortError(refused);
    }
    if (isPrivate(error))
      throw new AbortError(new Refused('its address is one of a private network', PRIVATE_HINT));
    if (deadline.aborted) {
      const seconds = Math.round((options.attemptMs ?? ATTEMPT_MS) / 1000);
      throw new AbortError(
        new Refused(`it had not answered after ${seconds} s; it may have taken the message`),
      );
    }
    const { found, hint, certificate } = connectionFault(error);
    const refused = new Refused(`the connection failed: ${found}`, hint, !certificate);
    throw certificate || (error as { code?: string }).code === 'ERR_INVALID_URL'
      ? new AbortError(refused)
      : refused;
  }
}

/** A name that leads to a private address; the client wraps what its lookup says. */
const isPrivate = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EPRIVATE';

/** An answer that is one word is the receiver's code, such as Slack's `invalid_blocks`; any other text is not shown. */
const codeIn = (answer: unknown): string | undefined =>
  typeof answer === 'string' && /^[a-z]+(_[a-z]+)+$/.test(answer) && answer.length <= 60 ? answer : undefined;

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors */
function hintFor(code: string | undefined): string | undefined {
  if (code === 'no_service' || code === 'no_team' || code === 'invalid_token')
    return 'The webhook was removed or revoked: make a new one and put its address into the secret.';
  if (code === 'channel_not_found' || code === 'channel_is_archived')
    return 'The channel of the webhook is gone or archived: make a webhook for another one.';
  return undefined;
}
