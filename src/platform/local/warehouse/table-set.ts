import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { portableType } from '../../../warehouse/portable-type.ts';
import type { TableSet, TableVersion } from '../../ports.ts';
import { ident, inTransaction, literal, splitName } from './sql.ts';
import type { CsvWriter } from './table-csv.ts';

const CHUNK_BYTES = 256 * 1024;
const NEW = '__new';
const OLD = '__old_';
/** Comment on the schemas that loads have made, which tells them from what people made. */
const LOADED = 'loaded by campus-lake';

/** The schemas that the last load has brought into sight. */
export async function shownSchemas(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ nspname: string }>(
    "SELECT nspname FROM pg_namespace WHERE obj_description(oid, 'pg_namespace') = $1",
    [LOADED],
  );
  return rows.map((row) => row.nspname).filter((name) => !name.endsWith(NEW) && !name.includes(OLD));
}

/** The schemas that a set of tables fills. */
export function schemasOf(tables: TableSet): string[] {
  return [...new Set(Object.keys(tables).map((table) => splitName(table).schema))];
}

/**
 * Fills `schema__new` for every schema of the set, out of sight of readers. What an earlier load left there when it
 * was killed is thrown away first.
 * @returns rows loaded
 */
export async function fillNewSchemas(
  client: pg.Client,
  writer: CsvWriter,
  tables: TableSet,
  readers: string,
): Promise<number> {
  await dropSchemas(client, await schemasLike(client, `%${NEW}`));
  let rows = 0;
  for (const schema of schemasOf(tables)) {
    const fresh = ident(schema + NEW);
    await client.query(`CREATE SCHEMA ${fresh}; COMMENT ON SCHEMA ${fresh} IS ${literal(LOADED)}`);
  }
  for (const table of Object.values(tables)) rows += await fillTable(client, writer, table);
  for (const schema of schemasOf(tables)) {
    await client.query(`
      GRANT USAGE ON SCHEMA ${ident(schema + NEW)} TO ${ident(readers)};
      GRANT SELECT ON ALL TABLES IN SCHEMA ${ident(schema + NEW)} TO ${ident(readers)}`);
  }
  return rows;
}

/**
 * Puts the new schemas in the place of the old ones, inside the caller's transaction. Renaming a schema locks no
 * table: a query under way goes on in the old tables, and no query waits.
 * @param leaving schemas that are shown no longer
 */
export async function swapSchemas(
  client: pg.Client,
  schemas: readonly string[],
  leaving: readonly string[],
): Promise<void> {
  const aside = `${OLD}${Date.now()}`;
  const present = await schemasLike(client, '%');
  for (const schema of [...schemas, ...leaving].filter((s) => present.includes(s))) {
    await client.query(`ALTER SCHEMA ${ident(schema)} RENAME TO ${ident(schema + aside)}`);
  }
  for (const schema of schemas) {
    await client.query(`ALTER SCHEMA ${ident(schema + NEW)} RENAME TO ${ident(schema)}`);
  }
}

/**
 * Drops what earlier swaps put aside. A query that still reads there is waited for a little; then its schema is
 * left for the next load.
 */
export async function dropOldSchemas(client: pg.Client): Promise<void> {
  for (const schema of await schemasLike(client, `%${OLD}%`)) {
    await inTransaction(client, async () => {
      await client.query("SET LOCAL lock_timeout = '500ms'");
      await dropSchemas(client, [schema]);
    }).catch((error: { code?: string }) => {
      if (error.code !== '55P03' && error.code !== '2BP01') throw error; // Not available; still depended on.
    });
  }
}

async function fillTable(client: pg.Client, writer: CsvWriter, table: TableVersion): Promise<number> {
  const { schema, name } = splitName(table.table);
  const target = ident(schema + NEW, name);
  const columns = table.columns.map((c) => `${ident(c.name)} ${portableType(c.type, 'bytea')}`);
  const csv = await writer.write(table);
  try {
    const rows = await inTransaction(client, async () => {
      await client.query(`CREATE TABLE ${target} (${columns.join(', ')})`);
      const copy = client.query(copyFrom(`COPY ${target} FROM STDIN (FORMAT csv)`));
      await pipeline(createReadStream(csv.path, { highWaterMark: CHUNK_BYTES }), copy);
      return copy.rowCount;
    });
    await client.query(`ANALYZE ${target}`);
    return rows;
  } catch (error) {
    throw withoutValues(table.table, error);
  } finally {
    await csv.remove();
  }
}

/** What PostgreSQL says of a value that does not fit holds that value, which could be a person's. */
function withoutValues(table: string, error: unknown): Error {
  const { code, where, message } = error as { code?: string; where?: string; message: string };
  if (!code?.startsWith('22')) return new Error(`${table}: ${message}`, { cause: error });
  const column = /, column ([^:]+):/.exec(where ?? '')?.[1];
  return new Error(
    `${table}: a value${column ? ` of ${column}` : ''} does not fit its column (SQLSTATE ${code})`,
  );
}

async function schemasLike(client: pg.Client, pattern: string): Promise<string[]> {
  const escaped = pattern.replaceAll('_', '\\_');
  const { rows } = await client.query<{ nspname: string }>(
    'SELECT nspname FROM pg_namespace WHERE nspname LIKE $1 ORDER BY 1',
    [escaped],
  );
  return rows.map((row) => row.nspname);
}

async function dropSchemas(client: pg.Client, schemas: readonly string[]): Promise<void> {
  for (const schema of schemas) {
    const { rows } = await client.query<{ relname: string }>(
      "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = $1 AND relkind = 'r'",
      [schema],
    );
    for (const { relname } of rows) await client.query(`DROP TABLE ${ident(schema, relname)}`);
    await client.query(`DROP SCHEMA ${ident(schema)}`);
  }
}
