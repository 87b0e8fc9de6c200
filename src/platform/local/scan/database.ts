import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { findRunningPostgres, startPostgres } from '../postgres/server.ts';
import { connectOwner, OWNER } from '../warehouse/database.ts';

/** A text of the warehouse, and the column or the catalog of the database that it is in. */
export interface DatabaseText {
  readonly table: string;
  readonly column: string;
  readonly where: 'values' | 'statistics' | 'metadata';
  readonly text: string;
}

const TABLES = `SELECT format('%I.%I', n.nspname, c.relname) AS name, a.attname AS col
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'm', 'p') AND a.attnum > 0 AND NOT a.attisdropped
    AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'
  ORDER BY 1, a.attnum`;
const STATISTICS = `SELECT format('%I.%I', schemaname, tablename) AS name, attname AS col,
    concat_ws(' ', most_common_vals::text, histogram_bounds::text, most_common_elems::text) AS v
  FROM pg_stats WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`;
const COMMENTS = 'SELECT description AS v FROM pg_description';

/**
 * Every text of the warehouse on this machine, read as its owner, who sees all rows: the distinct values of each
 * column, the planner's statistics, comments. Nothing where there is no warehouse.
 */
export async function* databaseTexts(directory: string): AsyncGenerator<DatabaseText> {
  if (
    !(await access(join(directory, 'password')).then(
      () => true,
      () => false,
    ))
  )
    return;
  const running = await findRunningPostgres(directory);
  const server =
    running && running !== 'starting'
      ? { ...running, stop: async () => undefined }
      : await startPostgres({ directory, user: OWNER });
  try {
    const client = await connectOwner(server);
    try {
      yield* textsOf(client);
    } finally {
      await client.end();
    }
  } finally {
    await server.stop();
  }
}

/** Rows fetched at once. */
const BATCH = 5_000;

async function* textsOf(client: pg.Client): AsyncGenerator<DatabaseText> {
  await client.query('BEGIN READ ONLY');
  for (const { name, col } of (await client.query(TABLES)).rows) {
    yield { table: name, column: col, where: 'metadata', text: `${name} ${col}` };
    const column = `"${String(col).replaceAll('"', '""')}"`;
    await client.query(
      `DECLARE scanned NO SCROLL CURSOR FOR SELECT DISTINCT ${column}::text AS v FROM ${name} WHERE ${column} IS NOT NULL`,
    );
    for (;;) {
      const { rows } = await client.query(`FETCH ${BATCH} FROM scanned`);
      for (const { v } of rows) yield { table: name, column: col, where: 'values', text: v };
      if (rows.length < BATCH) break;
    }
    await client.query('CLOSE scanned');
  }
  for (const { name, col, v } of (await client.query(STATISTICS)).rows)
    yield { table: name, column: col, where: 'statistics', text: v };
  for (const { v } of (await client.query(COMMENTS)).rows)
    yield { table: 'pg_description', column: 'description', where: 'metadata', text: v };
  await client.query('ROLLBACK');
}
