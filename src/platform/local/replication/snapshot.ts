import type pg from 'pg';
import type { SisSourceConfig } from '../../../campus/campus-schema.ts';
import type { SisEncoding } from '../../../campus/sis-encodings.ts';
import { inspectSis, type SisTable } from '../../../sis/inspect.ts';
import type { Evaluation, MappedTable } from '../../../sis/mapping/evaluate.ts';
import { endSession, openSession, type SisSession } from '../../../sis/session.ts';
import { whyUnfit } from '../../../sis/unfit.ts';
import { CopyError, SnapshotLostError } from './errors.ts';
import { BEGIN, footprintOf, holdersOf, type Locks, lockTables, pagesOf } from './lock-tables.ts';

export interface SnapshotOptions {
  readonly source: SisSourceConfig;
  readonly password: string;
  /** What of the tables that there are is wanted. */
  choose(tables: readonly SisTable[]): Evaluation;
  /** How long the tables that others hold may be waited for. */
  readonly lockWaitMs: number;
  readonly signal: AbortSignal;
}

/**
 * The tables that are to be copied, as they were at one instant. Its first session, the holder, has a lock on each until
 * the end: nothing can empty, rewrite or replace a table that is still to be read.
 */
export interface Snapshot {
  /** ISO 8601 UTC, of the server's clock. */
  readonly at: string;
  readonly serverVersion: number;
  /** Without those that could not be locked, or that cannot come into the lake at all. */
  readonly tables: readonly MappedTable[];
  /** Those, and why. */
  readonly refused: ReadonlyMap<MappedTable, string>;
  /** Of those, the ones that another session had locked. */
  readonly locked: ReadonlySet<MappedTable>;
  readonly warnings: Evaluation['warnings'];
  /** The holder as a reader: it alone can read a table for whose lock somebody waits. */
  readonly holder: SisSession;
  /**
   * Another session that sees exactly the same.
   * @throws SnapshotLostError when the holder has gone; SisConnectionError when there is no further connection
   */
  open(): Promise<SisSession>;
  /** Puts a session whose statement failed back into the snapshot, and lets go of the locks that it took itself. */
  renew(reader: SisSession): Promise<void>;
  /** Ends the statement that another session is at. */
  cancel(reader: SisSession): Promise<void>;
  /**
   * Says that a table was the same all the time until it was read.
   * @param reader the session that has read it
   * @throws SnapshotLostError when the holder has gone; CopyError for a table without a lock that was changed
   */
  confirm(table: MappedTable, reader: SisSession): Promise<void>;
  /** Ends a session that `open` gave. */
  close(reader: SisSession): Promise<void>;
  /** Ends the holder, and with it the locks. */
  end(): Promise<void>;
}

/** How often the list of tables may change between a look and the locks. */
const ROUNDS = 3;
/** A connection that answers nothing for so long has broken. */
const ANSWER_MS = 60_000;
/** A replica that has not replayed all that it has received knows everything up to the last transaction that it has. */
const KNOWN_UP_TO = `CASE WHEN pg_is_in_recovery() AND pg_last_wal_receive_lsn() IS DISTINCT FROM pg_last_wal_replay_lsn()
  THEN coalesce(pg_last_xact_replay_timestamp(), now()) ELSE now() END`;
/** Of the time that the holder waits for a lock, what a reader waits before it leaves the table to the holder. */
const READER_SHARE = 6;

/** @throws SisConnectionError when the SIS cannot be reached, or breaks off; MappingError by `choose` */
export async function takeSnapshot(options: SnapshotOptions): Promise<Snapshot> {
  const { source, password, lockWaitMs, signal } = options;
  const holder = await openSession(source, password, signal);
  const { client } = holder;
  const stop = () => void endSession(client);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const { serverVersion, unknownEncoding } = await serverOf(client);
    const choose = async () => {
      const chosen = options.choose(await inspectSis(client, { encoding: source.encoding }));
      const { encoding } = source;
      return unknownEncoding && encoding
        ? { ...chosen, tables: inEncoding(chosen.tables, encoding) }
        : chosen;
    };
    let wanted = await choose();
    for (let round = 1; ; round++) {
      const sources = wanted.tables.map((table) => table.source);
      const locks = await lockTables(client, sources, { serverVersion, waitMs: lockWaitMs, signal });
      // The first query of the transaction: here the snapshot is taken.
      const { rows } = await client.query<{ id: string; at: Date }>(
        `SELECT pg_export_snapshot() AS id, ${serverVersion >= 100_000 ? KNOWN_UP_TO : 'now()'} AS at`,
      );
      const seen = await choose();
      const known = new Set(sources.map(idOf));
      if (round === ROUNDS || seen.tables.every(({ source }) => known.has(idOf(source)))) {
        await client.query(`SET LOCAL lock_timeout = ${lockWaitMs}; SAVEPOINT read`);
        return await snapshotOf(options, holder, { ...rows[0]!, serverVersion, seen, known, locks });
      }
      await client.query('ROLLBACK');
      wanted = seen;
    }
  } catch (error) {
    await endSession(client);
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function serverOf(client: pg.Client): Promise<{ serverVersion: number; unknownEncoding: boolean }> {
  const { rows } = await client.query<{ serverVersion: number; unknownEncoding: boolean }>(
    `SELECT current_setting('server_version_num')::int AS "serverVersion",
       current_setting('server_encoding') = 'SQL_ASCII' AS "unknownEncoding"`,
  );
  return rows[0]!;
}

function inEncoding(tables: readonly MappedTable[], encoding: SisEncoding): MappedTable[] {
  return tables.map((table) => ({
    ...table,
    columns: table.columns.map((column) =>
      column.travel.lake === 'varchar' ? { ...column, encoding } : column,
    ),
  }));
}

interface Taken {
  readonly id: string;
  readonly at: Date;
  readonly serverVersion: number;
  readonly seen: Evaluation;
  /** Names of the tables on which a lock was asked for. */
  readonly known: ReadonlySet<string>;
  readonly locks: Locks;
}

async function snapshotOf(
  { source, password, lockWaitMs }: SnapshotOptions,
  holder: SisSession,
  { id, at, serverVersion, seen, known, locks }: Taken,
): Promise<Snapshot> {
  const { client } = holder;
  const refused = new Map<MappedTable, string>();
  const locked = new Set<MappedTable>();
  const blocked = new Set(locks.refused.map(idOf));
  for (const table of seen.tables) {
    const unfit = whyUnfit(table);
    if (unfit) refused.set(table, unfit);
    else if (blocked.has(idOf(table.source))) {
      locked.add(table);
      refused.set(
        table,
        `another session has locked it for more than ${seconds(lockWaitMs)} (${await holdersOf(client, table.source)})`,
      );
    } else if (!known.has(idOf(table.source))) refused.set(table, 'it was made while the copy began');
  }
  const footprints = new Map([...locks.footprints].map(([table, print]) => [idOf(table), print]));
  const tables = await sized(
    client,
    seen.tables.filter((table) => !refused.has(table)),
    footprints,
  );
  const enter = `${BEGIN}; SET TRANSACTION SNAPSHOT '${id}'`;
  const readerWait = Math.ceil(lockWaitMs / READER_SHARE);
  return {
    at: at.toISOString(),
    serverVersion,
    tables,
    refused,
    locked,
    warnings: seen.warnings,
    holder,
    async open() {
      const reader = await openSession(source, password);
      try {
        await reader.client.query(`SET lock_timeout = ${readerWait}`);
        await reader.client.query(enter);
        return reader;
      } catch (cause) {
        await endSession(reader.client);
        throw lost(cause);
      }
    },
    async renew(reader) {
      if (reader === holder) {
        await client.query('ROLLBACK TO SAVEPOINT read');
        return;
      }
      await reader.client.query('ROLLBACK');
      await reader.client.query(enter).catch((cause: unknown) => {
        throw lost(cause);
      });
    },
    async cancel(reader) {
      await client.query('SELECT pg_cancel_backend($1)', [reader.backend]);
    },
    async confirm({ source: table }, reader) {
      await answer(client, 'SELECT 1');
      const before = footprints.get(idOf(table));
      if (!before || before === (await footprintOf(reader.client, table, serverVersion))) return;
      const about = `${table.schema}.${table.name}`;
      throw new CopyError(`${about}: it was emptied, rewritten or replaced while it was copied`, {
        about,
        hint: `Run again; with GRANT SELECT ON ${about} as a whole the copy can lock it.`,
      });
    },
    async close(reader) {
      if (reader !== holder) await endSession(reader.client);
    },
    end: () => endSession(client),
  };
}

/** The size of a table counts for how it is read: the catalog's may be old, or missing where it was never analysed. */
async function sized(
  client: pg.Client,
  tables: readonly MappedTable[],
  footprints: ReadonlyMap<string, string>,
): Promise<MappedTable[]> {
  const locked = tables.filter(({ source }) => source.kind === 'table' && !footprints.has(idOf(source)));
  const pages = await pagesOf(
    client,
    locked.map(({ source }) => source),
  );
  const sizes = new Map(locked.map((table, i) => [table, pages[i]!]));
  return tables.map((table) =>
    sizes.has(table) ? { ...table, source: { ...table.source, pages: sizes.get(table)! } } : table,
  );
}

async function answer(client: pg.Client, text: string): Promise<void> {
  // The driver takes a limit for one query, of which its types do not know.
  const query = { text, query_timeout: ANSWER_MS };
  try {
    await client.query(query);
  } catch (cause) {
    throw lost(cause);
  }
}

const lost = (cause: unknown) =>
  new SnapshotLostError('The session that holds the snapshot of the SIS has ended', { cause });

const idOf = ({ schema, name }: SisTable) => JSON.stringify([schema, name]);
const seconds = (ms: number) => `${ms / 1000} seconds`;
