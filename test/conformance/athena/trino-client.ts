import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';

/** What Trino answers: names and types of the columns, and values as its JSON gives them. */
export interface TrinoResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

export class TrinoError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

interface Answer {
  readonly id: string;
  readonly nextUri?: string;
  readonly columns?: TrinoResult['columns'];
  readonly error?: { readonly errorName: string; readonly message: string };
}

/**
 * Runs one statement by Trino's own protocol. Whole numbers of 64 bits come as text, as JSON would round them.
 * @throws TrinoError
 */
export function trinoQuery(
  url: string,
  sql: string,
  signal?: AbortSignal,
  user = 'athena',
): Promise<TrinoResult> {
  // One that has just started answers before it knows itself as a node that works: nothing of the statement was done.
  // Two of its schedulers report that as an internal error, known by its message alone.
  return pRetry(() => runOnce(url, sql, user, signal), {
    retries: 600,
    minTimeout: 500,
    factor: 1,
    signal,
    shouldRetry: ({ error }) =>
      error instanceof TrinoError && /^No (worker )?nodes available/.test(error.message),
  });
}

async function runOnce(url: string, sql: string, user: string, signal?: AbortSignal): Promise<TrinoResult> {
  const headers = {
    'X-Trino-User': user,
    'X-Trino-Time-Zone': 'UTC',
    'X-Trino-Catalog': 'hive',
    'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME',
  };
  let response = await fetch(`${url}/v1/statement`, { method: 'POST', body: sql, headers, signal });
  const rows: unknown[][] = [];
  let columns: TrinoResult['columns'] | undefined;
  let next: string | undefined;
  try {
    for (;;) {
      if (response.status === 503) {
        await sleep(100);
      } else {
        const answer = parseExact(await response.text()) as Answer & { data?: unknown[][] };
        next = answer.nextUri;
        columns = answer.columns ?? columns;
        rows.push(...(answer.data ?? []));
        if (answer.error) throw new TrinoError(answer.error.errorName, answer.error.message);
        if (next === undefined) return { columns: columns ?? [], rows };
      }
      response = await fetch(next!, { headers, signal });
    }
  } catch (error) {
    if (signal?.aborted && next) await fetch(next, { method: 'DELETE', headers }).catch(() => undefined);
    throw error;
  }
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** JSON whose whole numbers of more than 15 digits become texts. */
function parseExact(text: string): unknown {
  return JSON.parse(text.replaceAll(TOKEN, (token) => (/^-?\d{16,}$/.test(token) ? `"${token}"` : token)));
}
