import { type Client, DatabaseError } from 'pg';
import { SisConnectionError } from '../../../sis/errors.ts';
import type { SisTable } from '../../../sis/inspect.ts';
import { quoteIdentifier } from '../../../sis/quote.ts';
import { endsConnection, LOCKED, OUT_OF_MEMORY } from '../../../sis/sqlstate.ts';

/** What became of the wish to lock a list of tables. */
export interface Locks {
  /** Tables that another session held for longer than the copy waits. */
  readonly refused: readonly SisTable[];
  /**
   * Tables that cannot be locked: rights on some columns do not suffice for it, nor can a materialized view be. By
   * each its footprint before the snapshot, which a rewrite or a swap changes; empty for one that shows its rows to
   * every snapshot.
   */
  readonly footprints: ReadonlyMap<SisTable, string>;
}

export interface LockOptions {
  readonly serverVersion: number;
  /** How long all tables together may be waited for. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/** A wait is cut into slices, between which the copy can be stopped. */
const SLICE_MS = 2_000;
/** Names in one LOCK TABLE. */
const BATCH = 500;
export const BEGIN = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/**
 * Begins a transaction that holds ACCESS SHARE on the tables and has no snapshot yet, as pg_dump does: what would make
 * a table look empty to an older snapshot (TRUNCATE, a rewriting ALTER TABLE) or put another in its place then comes
 * before the snapshot or waits for the end of the copy (PostgreSQL documentation, "Caveats" of MVCC). It never waits
 * for one table while it holds another, so no deadlock can come of it.
 * @throws SisConnectionError where the server has no room for so many locks
 */
export async function lockTables(
  client: Client,
  tables: readonly SisTable[],
  options: LockOptions,
): Promise<Locks> {
  const deadline = Date.now() + options.waitMs;
  for (;;) {
    options.signal.throwIfAborted();
    const { lockable, footprints } = await sorted(client, tables, options.serverVersion);
    await client.query(BEGIN);
    const refused: SisTable[] = [];
    for (let i = 0; i < lockable.length; i += BATCH)
      refused.push(...(await lockAtOnce(client, lockable.slice(i, i + BATCH))));
    const left = deadline - Date.now();
    if (refused.length === 0 || left <= 0) return { refused, footprints };
    await client.query('ROLLBACK');
    await waitFor(client, refused[0]!, Math.min(left, SLICE_MS));
  }
}

/** What a message says of the sessions that hold a lock on a table; never what they ask. */
export async function holdersOf(client: Client, table: SisTable): Promise<string> {
  const { rows } = await client.query<{ pid: number; user: string | null; application: string | null }>(
    HOLDERS,
    [nameOf(table)],
  );
  const held = rows.map(({ pid, user, application }) =>
    [`process ${pid}`, user && `user ${user}`, application && `application ${application}`]
      .filter(Boolean)
      .join(', '),
  );
  return held.length > 0 ? `held by ${held.join('; ')}` : 'its holder has gone meanwhile';
}

/** Whether a table is still the one, in the same files, that it was. */
export async function footprintOf(
  client: Client,
  table: SisTable,
  serverVersion: number,
): Promise<string | null> {
  const { rows } = await client.query<{ footprint: string | null }>(
    `SELECT ${footprintSql('to_regclass($1)', serverVersion)} AS footprint`,
    [nameOf(table)],
  );
  return rows[0]!.footprint;
}

/** Pages on disk now, of tables that are locked: the question would wait for any other. */
export async function pagesOf(client: Client, tables: readonly SisTable[]): Promise<number[]> {
  const { rows } = await client.query<{ pages: string }>(
    `SELECT coalesce(pg_relation_size(to_regclass(w.name)), 0) / current_setting('block_size')::int AS pages
     FROM unnest($1::text[]) WITH ORDINALITY AS w(name, place)
     ORDER BY w.place`,
    [tables.map(nameOf)],
  );
  return rows.map(({ pages }) => Number(pages));
}

const HOLDERS = `
SELECT a.pid, a.usename::text AS user, a.application_name AS application
FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'relation' AND l.relation = to_regclass($1) AND l.granted AND l.mode = 'AccessExclusiveLock'
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
ORDER BY a.pid LIMIT 3`;

/** By the catalog as it is now, whatever the snapshot: these functions look there. */
function footprintSql(oid: string, serverVersion: number): string {
  const own = `${oid}::oid || ':' || coalesce(pg_relation_filenode(${oid})::text, '')`;
  if (serverVersion < 120_000) return own;
  const leaves = `SELECT string_agg(p.relid::oid || ':' || coalesce(pg_relation_filenode(p.relid)::text, ''), ',' ORDER BY p.relid::oid) FROM pg_partition_tree(${oid}) p WHERE p.isleaf`;
  return `${own} || coalesce('/' || (${leaves}), '')`;
}

async function sorted(
  client: Client,
  tables: readonly SisTable[],
  serverVersion: number,
): Promise<{ lockable: SisTable[]; footprints: Map<SisTable, string> }> {
  const { rows } = await client.query<{ place: number; lockable: boolean; footprint: string }>(
    `SELECT w.place::int - 1 AS place,
       c.relkind = ANY ($3::"char"[]) AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS lockable,
       CASE WHEN c.relkind IN ('r', 'p') THEN ${footprintSql('c.oid::regclass', serverVersion)} ELSE '' END AS footprint
     FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS w(schema, name, place)
     JOIN pg_namespace n ON n.nspname = w.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name`,
    [
      tables.map(({ schema }) => schema),
      tables.map(({ name }) => name),
      // Before PostgreSQL 11 a view cannot be locked.
      serverVersion >= 110_000 ? ['r', 'p', 'v'] : ['r', 'p'],
    ],
  );
  return {
    lockable: rows.filter(({ lockable }) => lockable).map(({ place }) => tables[place]!),
    footprints: new Map(
      rows.filter(({ lockable }) => !lockable).map(({ place, footprint }) => [tables[place]!, footprint]),
    ),
  };
}

/**
 * Locks all of them that nobody holds; gives back those that somebody does. What cannot be locked for another reason,
 * as it has gone meanwhile, is found out when it is read.
 */
async function lockAtOnce(client: Client, tables: readonly SisTable[]): Promise<SisTable[]> {
  try {
    await client.query(`SAVEPOINT lock; ${lockStatement(tables)} NOWAIT; RELEASE SAVEPOINT lock`);
    return [];
  } catch (error) {
    const code = statementFailure(error);
    // The snapshot can only be taken outside of it.
    await client.query('ROLLBACK TO SAVEPOINT lock; RELEASE SAVEPOINT lock');
    if (tables.length === 1) return code === LOCKED ? [...tables] : [];
    const half = Math.ceil(tables.length / 2);
    return [
      ...(await lockAtOnce(client, tables.slice(0, half))),
      ...(await lockAtOnce(client, tables.slice(half))),
    ];
  }
}

/** Until nobody holds it, or the time is over. */
async function waitFor(client: Client, table: SisTable, ms: number): Promise<void> {
  try {
    await client.query(
      `BEGIN; SET LOCAL lock_timeout = ${Math.max(1, Math.round(ms))}; ${lockStatement([table])}`,
    );
  } catch (error) {
    statementFailure(error);
  }
  await client.query('ROLLBACK');
}

/** The SQLSTATE of a statement that failed while the session goes on. */
function statementFailure(error: unknown): string {
  const code = error instanceof DatabaseError ? error.code : undefined;
  if (code === undefined || endsConnection(code)) throw error;
  if (code !== OUT_OF_MEMORY) return code;
  throw new SisConnectionError('The SIS has no room for the locks on the tables that are to be copied', {
    cause: error,
    hint: 'Raise max_locks_per_transaction of its server (a restart), or copy fewer tables.',
  });
}

/** Heirs are tables of their own, and locked by their own names; partitions go with their root. */
function lockStatement(tables: readonly SisTable[]): string {
  const names = tables.map((table) => `${table.hasHeirs ? 'ONLY ' : ''}${nameOf(table)}`);
  return `LOCK TABLE ${names.join(', ')} IN ACCESS SHARE MODE`;
}

const nameOf = ({ schema, name }: SisTable) => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
