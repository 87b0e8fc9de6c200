import type pg from 'pg';
import { CaptureError } from '../errors.ts';
import { parseLsn } from './lsn.ts';

/** What the server says of a slot. https://www.postgresql.org/docs/current/view-pg-replication-slots.html */
export interface SlotState {
  /** Everything before it has been acknowledged. */
  readonly confirmed: bigint;
  /** The log that it needs is gone. */
  readonly lost: boolean;
  /** The process that reads it. Absent: none. */
  readonly reader?: number;
}

export interface CaptureServer {
  /** `server_version_num`. */
  readonly version: number;
  /** Nothing bounds the log that a slot holds back. */
  readonly unbounded: boolean;
}

/** @throws CaptureError where the server keeps no log of changes, or the user may not read it */
export async function captureServer(client: pg.Client, about: string): Promise<CaptureServer> {
  const { rows } = await client.query<{
    version: number;
    level: string;
    unbounded: boolean;
    may: boolean;
    user: string;
  }>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('wal_level') AS level,
       coalesce((SELECT setting = '-1' FROM pg_settings WHERE name = 'max_slot_wal_keep_size'), true) AS unbounded,
       rolreplication OR rolsuper OR EXISTS (
         SELECT FROM pg_roles WHERE rolname = 'rds_replication' AND pg_has_role(oid, 'MEMBER')) AS may,
       current_user AS user
     FROM pg_roles WHERE rolname = current_user`,
  );
  const { version, level, unbounded, may, user } = rows[0]!;
  if (version < 130_000)
    throw new CaptureError(`${about}: changes are captured from PostgreSQL 13 on`, {
      about,
      hint: 'Leave replication: full-load-and-cdc out; the SIS is then copied whole in each run.',
    });
  if (level !== 'logical')
    throw new CaptureError(`${about}: wal_level is ${level}, so its log does not have the changes`, {
      about,
      hint: "ALTER SYSTEM SET wal_level = 'logical' and restart the server (docs/sis.md), or leave replication: full-load-and-cdc out.",
    });
  if (!may)
    throw new CaptureError(`${about}: the user ${user} may not read the log`, {
      about,
      hint: `ALTER ROLE ${user} REPLICATION; on Amazon RDS GRANT rds_replication TO ${user}.`,
    });
  return { version, unbounded };
}

export async function slotState(client: pg.Client, slot: string): Promise<SlotState | undefined> {
  const { rows } = await client.query<{
    confirmed: string | null;
    status: string | null;
    reader: number | null;
  }>(
    `SELECT confirmed_flush_lsn AS confirmed, wal_status AS status, active_pid AS reader
     FROM pg_replication_slots WHERE slot_name = $1`,
    [slot],
  );
  const [found] = rows;
  if (!found) return undefined;
  return {
    confirmed: parseLsn(found.confirmed ?? '0/0'),
    lost: found.status === 'lost' || found.confirmed === null,
    ...(found.reader === null ? {} : { reader: found.reader }),
  };
}

/** A slot waits for the transactions that are under way. */
const SLOT_WAIT_MS = 60_000;

/** @throws CaptureError where older transactions do not end, or the server has no slot left */
export async function createSlot(client: pg.Client, slot: string, about: string): Promise<bigint> {
  try {
    await client.query(`SET statement_timeout = ${SLOT_WAIT_MS}`);
    const { rows } = await client.query<{ lsn: string }>(
      `SELECT lsn FROM pg_create_logical_replication_slot($1, 'pgoutput')`,
      [slot],
    );
    return parseLsn(rows[0]!.lsn);
  } catch (cause) {
    const { code } = cause as { code?: string };
    if (code === '57014')
      throw new CaptureError(
        `${about}: a transaction of another session has been open for more than a minute`,
        {
          about,
          hint: 'A replication slot begins when older transactions have ended: look in pg_stat_activity, and run again.',
        },
      );
    if (code === '53400')
      throw new CaptureError(`${about}: the server has no replication slot left`, {
        about,
        hint: 'Raise max_replication_slots, or drop a slot that nobody reads (SELECT * FROM pg_replication_slots).',
      });
    throw cause;
  } finally {
    await client.query('SET statement_timeout = 0').catch(() => undefined);
  }
}

export async function dropSlot(client: pg.Client, slot: string): Promise<void> {
  await client.query(
    'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1 AND NOT active',
    [slot],
  );
}

export async function acknowledge(client: pg.Client, slot: string, position: string): Promise<void> {
  await client.query('SELECT pg_replication_slot_advance($1, $2::pg_lsn)', [slot, position]);
}
