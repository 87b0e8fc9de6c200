import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { TableSet, TableVersion } from '../../ports/tables.ts';
import { fillTable } from './fill-table.ts';
import { ident, inTransaction, literal, splitName } from './sql.ts';
import type { CsvWriter } from './table-csv.ts';

const STILL_MOMENT_MS = 2_000;
/** PostgreSQL reads what one client copies with one core. */
const FILLED_AT_ONCE = 2;
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
 * @param connect gives one more client of the owner
 * @returns rows loaded
 */
export async function fillNewSchemas(
  client: pg.Client,
  connect: () => Promise<pg.Client>,
  writer: CsvWriter,
  tables: TableSet,
  readers: string,
): Promise<number> {
  await dropSchemas(client, await schemasLike(client, `%${NEW}`));
  for (const schema of schemasOf(tables)) {
    const fresh = ident(schema + NEW);
    await client.query(`CREATE SCHEMA ${fresh}; COMMENT ON SCHEMA ${fresh} IS ${literal(LOADED)}`);
  }
  const rows = await fillTables(connect, writer, Object.values(tables));
  for (const schema of schemasOf(tables)) {
    await client.query(`
      GRANT USAGE ON SCHEMA ${ident(schema + NEW)} TO ${ident(readers)};
      GRANT SELECT ON ALL TABLES IN SCHEMA ${ident(schema + NEW)} TO ${ident(readers)}`);
  }
  return rows;
}

/** Fills the tables, the largest first, by several clients. @throws what failed first, once all have come to rest */
async function fillTables(
  connect: () => Promise<pg.Client>,
  writer: CsvWriter,
  tables: readonly TableVersion[],
): Promise<number> {
  const waiting = tables.toSorted((a, b) => a.rows * a.columns.length - b.rows * b.columns.length);
  let rows = 0;
  const fill = async (): Promise<void> => {
    const client = await connect();
    try {
      for (let table = waiting.pop(); table; table = waiting.pop()) {
        const csv = await writer.write(table);
        const filled = await fillTable(client, table, csv, NEW).finally(csv.remove);
        rows += filled;
      }
    } catch (error) {
      waiting.length = 0;
      throw error;
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  const fillers = await Promise.allSettled(Array.from({ length: FILLED_AT_ONCE }, fill));
  const failed = fillers.find((filler) => filler.status === 'rejected');
  if (failed) throw failed.reason;
  return rows;
}

/**
 * Puts the new schemas in the place of the old ones, inside the caller's transaction. Renaming a schema locks no
 * table: a query under way goes on in the old tables, and no query waits.
 * @param leaving schemas that are shown no longer
 * @returns the names that the old schemas have now
 */
export async function swapSchemas(
  client: pg.Client,
  schemas: readonly string[],
  leaving: readonly string[],
): Promise<string[]> {
  const aside = `${OLD}${Date.now()}`;
  const present = await schemasLike(client, '%');
  const old = [...schemas, ...leaving].filter((schema) => present.includes(schema));
  for (const schema of old) {
    await client.query(`ALTER SCHEMA ${ident(schema)} RENAME TO ${ident(schema + aside)}`);
  }
  for (const schema of schemas) {
    await client.query(`ALTER SCHEMA ${ident(schema + NEW)} RENAME TO ${ident(schema)}`);
  }
  return old.map((schema) => schema + aside);
}

/**
 * Waits, as the last act before the commit, for a moment in which nobody reads the old tables, and holds it. A query
 * looks up one table after another: without this, one that is being read in by the server in that very moment could
 * find an old table and then a new one. It asks for locks without waiting for them, so it makes nobody wait; where
 * long queries leave no such moment, the commit goes ahead, for they have looked up their tables long since.
 */
export async function holdStillMoment(client: pg.Client, old: readonly string[]): Promise<void> {
  const tables: string[] = [];
  for (const schema of old) tables.push(...(await tablesIn(client, schema)));
  if (tables.length === 0) return;
  for (const began = Date.now(); Date.now() - began < STILL_MOMENT_MS; ) {
    await client.query('SAVEPOINT still');
    try {
      await client.query(`LOCK TABLE ${tables.join(', ')} IN ACCESS EXCLUSIVE MODE NOWAIT`);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== '55P03') throw error;
      await client.query('ROLLBACK TO still');
      await sleep(5 + Math.random() * 10);
    }
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
    for (const table of await tablesIn(client, schema)) await client.query(`DROP TABLE ${table}`);
    await client.query(`DROP SCHEMA ${ident(schema)}`);
  }
}

/** The tables of a schema as identifiers. */
async function tablesIn(client: pg.Client, schema: string): Promise<string[]> {
  const { rows } = await client.query<{ relname: string }>(
    "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = $1 AND relkind = 'r'",
    [schema],
  );
  return rows.map(({ relname }) => ident(schema, relname));
}
