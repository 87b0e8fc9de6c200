import axios, { isAxiosError } from 'axios';
import pRetry, { AbortError } from 'p-retry';
import { NotifyError } from './errors.ts';

const TIMEOUT_MS = 10_000;
const RETRIES = 3;

/**
 * Posts JSON. Tries again on a broken connection, on 429 and on 5xx. The address is a secret (whoever knows it can
 * post), so it appears in no error, not even in the cause.
 * @param name of the receiver, for people
 * @throws NotifyError
 */
export async function post(name: string, url: string, body: object, signal?: AbortSignal): Promise<void> {
  try {
    await pRetry(() => attempt(url, body, signal), {
      retries: RETRIES,
      minTimeout: 300,
      maxTimeout: 5_000,
      randomize: true,
      signal,
    });
  } catch (error) {
    throw new NotifyError(`${name} did not take the message: ${(error as Error).message}`, {
      hint: 'Check the address that notify in campus.yaml refers to, and whether this machine may reach it.',
    });
  }
}

async function attempt(url: string, body: object, signal?: AbortSignal): Promise<void> {
  try {
    await axios.post(url, body, { timeout: TIMEOUT_MS, maxRedirects: 0, signal });
  } catch (error) {
    const status = isAxiosError(error) ? error.response?.status : undefined;
    const said = status ? `it answered ${status}` : `the connection failed (${codeOf(error)})`;
    const final = status !== undefined && status !== 429 && status < 500;
    throw final || codeOf(error) === 'ERR_INVALID_URL' ? new AbortError(said) : new Error(said);
  }
}

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? 'unknown';
