import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { TableVersion } from '../../../ports/tables.ts';
import type { TableNotes } from '../../../ports/warehouse.ts';
import { INTERNAL } from './registry.ts';
import { ident, splitName } from './sql.ts';
import type { RowFacts } from './structure.ts';

/** With what a load has filled a table. */
export interface Filling {
  /** Of the version: see `versionMark`. */
  readonly version: string;
  /** Of the rows, columns and keys: the same for another version that holds the same rows. */
  readonly content: string;
  readonly facts: RowFacts;
}

/** A filling as it is kept. */
export interface KeptFilling extends Filling {
  /** The table, its file and its columns by their places, as PostgreSQL numbers them: see `SHAPE`. */
  readonly shape: string;
  readonly rows: number;
  /** The transaction that copied the rows. */
  readonly xid: string;
}

export const FILLINGS_SQL = `
  CREATE TABLE IF NOT EXISTS ${INTERNAL}.fillings (table_name text PRIMARY KEY, shape text NOT NULL, version text NOT NULL,
    content text NOT NULL, facts json NOT NULL, row_count bigint NOT NULL, xid xid NOT NULL);
`;

/** Of the table in `t`: other once it was rewritten, or a column was dropped and made again. */
const SHAPE = `(SELECT concat_ws(' ', t.oid, pg_relation_filenode(t.oid),
    string_agg(concat(attnum, ':', attname), ',' ORDER BY attnum))
  FROM pg_attribute WHERE attrelid = t.oid AND attnum > 0 AND NOT attisdropped)`;

/** What a version is known by: where its rows lie, its columns, and what is asked of its key. Versions are immutable. */
export function versionMark(
  { columns, storage, rows }: TableVersion,
  { key, filled }: Pick<TableNotes, 'key' | 'filled'>,
): string {
  return createHash('sha256')
    .update(JSON.stringify([columns, storage, rows, key, filled]))
    .digest('hex');
}

/** The last filling of each table, by `schema.name`. */
export async function keptFillings(client: pg.Client): Promise<Map<string, KeptFilling>> {
  const { rows } = await client.query<KeptFilling & { table: string; rows: string }>(
    `SELECT table_name AS "table", shape, version, content, facts, row_count AS rows, xid::text AS xid FROM ${INTERNAL}.fillings`,
  );
  return new Map(rows.map((row) => [row.table, { ...row, rows: Number(row.rows) }]));
}

/** Keeps what the present transaction has filled a table with. */
export async function keepFilling(
  client: pg.Client,
  table: string,
  { version, content, facts }: Filling,
  rows: number,
): Promise<void> {
  const { schema, name } = splitName(table);
  await client.query(
    `INSERT INTO ${INTERNAL}.fillings
     SELECT $1, ${SHAPE}, $3, $4, $5, $6, pg_current_xact_id()::xid FROM (SELECT $2::regclass::oid AS oid) t
     ON CONFLICT (table_name) DO UPDATE SET shape = excluded.shape, version = excluded.version,
       content = excluded.content, facts = excluded.facts, row_count = excluded.row_count, xid = excluded.xid`,
    [table, ident(schema, name), version, content, JSON.stringify(facts), rows],
  );
}

/** Whether a table holds just the rows of its last filling, in the columns that they were copied to. */
export async function isUntouched(client: pg.Client, table: string, kept: KeptFilling): Promise<boolean> {
  const { schema, name } = splitName(table);
  const { rows } = await client.query<{ shape: string; there: string; other: string }>(
    `SELECT ${SHAPE} AS shape, (SELECT count(*) FROM ${ident(schema, name)}) AS there,
            (SELECT count(*) FROM ${ident(schema, name)} WHERE xmin <> $2::xid) AS other
       FROM (SELECT $1::regclass::oid AS oid) t`,
    [ident(schema, name), kept.xid],
  );
  const { shape, there, other } = rows[0]!;
  return shape === kept.shape && Number(there) === kept.rows && Number(other) === 0;
}
