import { Agent } from 'node:https';
import axios, { isAxiosError } from 'axios';
import pRetry, { AbortError } from 'p-retry';
import { connectionFault } from '../connection-fault.ts';
import { trusted } from './authority.ts';
import { NotifyError } from './errors.ts';

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
  const { signal, ca } = options;
  const agent = ca === undefined ? undefined : new Agent({ ca: trusted(ca) });
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
    });
  } finally {
    agent?.destroy();
  }
}

/** One attempt that failed, in the lake's words. */
class Refused extends Error {
  readonly hint?: string;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

async function attempt(url: string, body: object, options: PostOptions, httpsAgent?: Agent): Promise<void> {
  const deadline = AbortSignal.timeout(options.attemptMs ?? ATTEMPT_MS);
  const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline;
  try {
    const headers = options.contentType === undefined ? {} : { 'Content-Type': options.contentType };
    await axios.post(url, JSON.stringify(body), {
      maxRedirects: 0,
      signal,
      httpsAgent,
      responseType: 'text',
      headers: { 'Content-Type': 'application/json', ...headers },
    });
  } catch (error) {
    const answer = isAxiosError(error) ? error.response : undefined;
    if (answer) {
      const said = codeIn(answer.data);
      const refused = new Refused(`it answered ${answer.status}${said ? ` (${said})` : ''}`, hintFor(said));
      throw answer.status !== 429 && answer.status < 500 ? new AbortError(refused) : refused;
    }
    if (deadline.aborted) {
      const seconds = Math.round((options.attemptMs ?? ATTEMPT_MS) / 1000);
      throw new AbortError(
        new Refused(`it had not answered after ${seconds} s; it may have taken the message`),
      );
    }
    const { found, hint, certificate } = connectionFault(error);
    const refused = new Refused(`the connection failed: ${found}`, hint);
    throw certificate || (error as { code?: string }).code === 'ERR_INVALID_URL'
      ? new AbortError(refused)
      : refused;
  }
}

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
