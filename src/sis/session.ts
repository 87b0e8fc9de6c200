import pg from 'pg';
import type { SisSourceConfig } from '../campus/campus-schema.ts';
import { connectionFault } from '../connection-fault.ts';
import { SisConnectionError } from './errors.ts';
import { isSqlstate, meaningOf, TOO_MANY_CONNECTIONS } from './sqlstate.ts';

/**
 * What every connection to a SIS sets, whatever the server, the database or the role has set: the same text for the
 * same value, the same words for the same type, no wait for a lock that has no end. With `row_security` off a policy
 * that would hide rows is an error instead of a table that looks complete.
 */
export const SESSION_SETTINGS: Readonly<Record<string, string>> = {
  client_encoding: 'UTF8',
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '3',
  xmloption: 'content',
  xmlbinary: 'base64',
  standard_conforming_strings: 'on',
  quote_all_identifiers: 'off',
  row_security: 'off',
  statement_timeout: '0',
  transaction_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  idle_session_timeout: '0',
  lock_timeout: '10000',
  default_transaction_isolation: 'read committed',
  jit: 'off',
  max_parallel_workers_per_gather: '0',
};

/** The part of a connection that inspection needs; a `pg` client or pool is one. */
export interface SisConnection {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** A connection that its opener must end. */
export interface OpenSisConnection extends SisConnection {
  end(): Promise<void>;
}

/** A session of the copy: the driver's client, for what only it can do. */
export interface SisSession {
  readonly client: pg.Client;
  /** The server's own number of the session, by which another can cancel its work. */
  readonly backend: number;
}

const CONNECT_TIMEOUT_MS = 15_000;
/** A firewall that drops a connection without a word is noticed: the first probe comes after this, not after hours. */
const KEEP_ALIVE_MS = 30_000;
/** How long a server may take to say goodbye. */
const END_TIMEOUT_MS = 5_000;
/** Questions about the catalog are short; one that is not must not hold up a person. */
const QUESTION_TIMEOUT = '120s';

/**
 * Opens a session with the lake's own settings.
 * @throws SisConnectionError naming host, database and user, never the password; the signal's reason
 */
export async function openSession(
  source: SisSourceConfig,
  password: string,
  signal?: AbortSignal,
): Promise<SisSession> {
  signal?.throwIfAborted();
  const { host, port, database, user, ssl } = source;
  const client = new pg.Client({
    host,
    port,
    database,
    user,
    password,
    ssl: ssl === 'disable' ? false : { rejectUnauthorized: ssl === 'verify-full' },
    application_name: 'campus-lake',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  });
  // A connection that breaks while it is idle is found out by its next query.
  client.on('error', () => undefined);
  const stop = () => dropSocket(client);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
    // Of the settings those that this server knows: some came with later versions.
    const { rows } = await client.query<{ backend: number }>(
      `SELECT pg_backend_pid() AS backend, count(set_config(s.name, w.value, false))
       FROM jsonb_each_text($1) AS w(name, value) JOIN pg_settings s ON lower(s.name) = lower(w.name)`,
      [JSON.stringify(SESSION_SETTINGS)],
    );
    return { client, backend: rows[0]!.backend };
  } catch (cause) {
    await endSession(client);
    signal?.throwIfAborted();
    throw sisUnreachable(source, cause);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** Ends a session, at once where its server does not answer. Never fails. */
export async function endSession(client: pg.Client): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, END_TIMEOUT_MS);
  });
  await Promise.race([client.end().catch(() => undefined), late]);
  clearTimeout(timer);
  dropSocket(client);
}

/** Lets go of the socket, so that whatever waits for an answer fails now. */
function dropSocket(client: pg.Client): void {
  (client as unknown as { connection?: { stream?: { destroy(): void } } }).connection?.stream?.destroy();
}

/**
 * A connection for questions about the SIS. Nothing that it asks lasts long, and none of it outlives the signal.
 * @throws SisConnectionError naming host, database and user, never the password
 */
export async function connectSis(
  source: SisSourceConfig,
  password: string,
  signal?: AbortSignal,
): Promise<OpenSisConnection> {
  const { client } = await openSession(source, password, signal);
  const stop = () => dropSocket(client);
  signal?.addEventListener('abort', stop, { once: true });
  const ask = async (text: string, values?: unknown[]) => {
    try {
      return await client.query(text, values);
    } catch (cause) {
      signal?.throwIfAborted();
      throw sisSilent(source, cause);
    }
  };
  await ask(`SET statement_timeout = '${QUESTION_TIMEOUT}'`);
  return {
    query: ask,
    async end() {
      signal?.removeEventListener('abort', stop);
      await endSession(client);
    },
  };
}

/** @param cause what the driver or the system said; its message can hold anything and is not passed on */
export function sisUnreachable(source: SisSourceConfig, cause: unknown): SisConnectionError {
  const { host, port, database, user } = source;
  const [reason, hint] = whyUnreachable(cause);
  return new SisConnectionError(
    `Cannot connect to the SIS at ${host}:${port}, database ${database}, as ${user}: ${reason}`,
    { cause, hint },
  );
}

const SETTINGS_HINT = 'Check host, port, user, password and ssl under sources: in campus.yaml.';

function whyUnreachable(cause: unknown): [reason: string, hint: string] {
  const { code, message = '' } = cause as { code?: string; message?: string };
  if (code === TOO_MANY_CONNECTIONS)
    return [
      meaningOf(code),
      'A copy needs one connection more than `maxConnections:` of the source says: lower that, or raise the limit of the role, the database or the server.',
    ];
  if (isSqlstate(code)) return [meaningOf(code), SETTINGS_HINT];
  // What the driver finds itself has no code.
  if (/does not support SSL/i.test(message))
    return ['it does not offer encrypted connections', SETTINGS_HINT];
  if (/^(timeout expired|Connection terminated due to connection timeout)/.test(message))
    return ['it did not answer in time', SETTINGS_HINT];
  if (/^Connection terminated/.test(message)) return ['it closed the connection', SETTINGS_HINT];
  const { found, hint, certificate } = connectionFault(cause);
  return [found, certificate ? hint : SETTINGS_HINT];
}

function sisSilent(source: SisSourceConfig, cause: unknown): SisConnectionError {
  const { host, port, database } = source;
  const { code } = cause as { code?: string };
  const reason = isSqlstate(code) ? meaningOf(code) : 'the connection broke';
  return new SisConnectionError(
    `A question to the SIS at ${host}:${port}, database ${database}, was not answered: ${reason}`,
    { cause, hint: 'Look at what its sessions are doing (pg_stat_activity, pg_locks), and ask again.' },
  );
}
