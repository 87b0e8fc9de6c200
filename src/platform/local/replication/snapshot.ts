import pg from 'pg';
import type { SisSourceConfig } from '../../../campus/campus-schema.ts';
import { sisClientConfig, sisUnreachable } from '../../../sis/inspect.ts';

/**
 * What makes the text of values the same whatever the server's settings, and lets a long read go on. With
 * `row_security` off a policy that would hide rows is an error instead of a table that looks complete.
 */
const SETTINGS = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '3',
  standard_conforming_strings: 'on',
  row_security: 'off',
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  lock_timeout: '60000',
  jit: 'off',
  max_parallel_workers_per_gather: '0',
} as const;

const BEGIN = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/** A connection that shows the database as it was at one instant, until it is ended. */
export interface SnapshotReader {
  readonly client: pg.Client;
  /** The server's own number of the connection, by which another can cancel its work. */
  readonly backend: number;
}

/** The first reader, whose snapshot the others share. It must live as long as they are to be opened. */
export interface Snapshot extends SnapshotReader {
  /** ISO 8601 UTC, of the server's clock. */
  readonly at: string;
  readonly serverVersion: number;
  /** Another connection that sees exactly the same. */
  open(): Promise<SnapshotReader>;
  /** Puts a connection whose statement failed back into the snapshot. */
  renew(reader: SnapshotReader): Promise<void>;
  /** Ends the statement that another reader is at. */
  cancel(reader: SnapshotReader): Promise<void>;
}

/** @throws SisConnectionError when the SIS cannot be reached */
export async function takeSnapshot(source: SisSourceConfig, password: string): Promise<Snapshot> {
  const first = await connect(source, password);
  try {
    await first.client.query(BEGIN);
    const { rows } = await first.client.query<{ id: string; at: Date; version: number }>(
      `SELECT pg_export_snapshot() AS id, now() AS at, current_setting('server_version_num')::int AS version`,
    );
    const { id, at, version } = rows[0]!;
    const enter = `${BEGIN}; SET TRANSACTION SNAPSHOT '${id}'`;
    return {
      ...first,
      at: at.toISOString(),
      serverVersion: version,
      async open() {
        const reader = await connect(source, password);
        await reader.client.query(enter);
        return reader;
      },
      async renew(reader) {
        await reader.client.query('ROLLBACK');
        await reader.client.query(enter);
      },
      async cancel(reader) {
        await first.client.query('SELECT pg_cancel_backend($1)', [reader.backend]);
      },
    };
  } catch (error) {
    await first.client.end().catch(() => undefined);
    throw error;
  }
}

async function connect(source: SisSourceConfig, password: string): Promise<SnapshotReader> {
  const client = new pg.Client(sisClientConfig(source, password));
  // A connection that breaks while it is idle is found out by its next query.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const list = Object.entries(SETTINGS).map(([name, value]) => `set_config('${name}', '${value}', false)`);
    const { rows } = await client.query<{ backend: number }>(
      `SELECT pg_backend_pid() AS backend, ${list.join(', ')}`,
    );
    return { client, backend: rows[0]!.backend };
  } catch (cause) {
    await client.end().catch(() => undefined);
    throw sisUnreachable(source, cause);
  }
}
