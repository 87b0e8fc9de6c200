import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { postgresType } from '../../../../access/postgres-sql.ts';
import type { TableSet } from '../../../../ports/tables.ts';
import type { WarehouseAccess } from '../../../../ports/warehouse-access.ts';
import { versionMark } from '../fillings.ts';
import { ident } from '../sql.ts';
import type { CsvWriter } from '../table-csv.ts';
import { ACCESS, lookupName } from './names.ts';

/**
 * Keeps the tables that rules ask and the warehouse does not serve: out of sight, with the columns that are asked.
 * Those that hold their version already stay as they are, and no table is made again, since views read it.
 */
export async function fillLookups(
  client: pg.Client,
  writer: CsvWriter,
  { lookups, lookupColumns }: Pick<WarehouseAccess, 'lookups' | 'lookupColumns'>,
): Promise<void> {
  const { rows } = await client.query<{ table: string; mark: string }>(
    `SELECT table_name AS "table", filled_with AS mark FROM ${ACCESS}.lookups`,
  );
  const kept = new Map(rows.map(({ table, mark }) => [table, mark]));
  for (const version of Object.values(lookups.tables)) {
    const { table } = version;
    const columns = version.columns.filter(({ name }) => lookupColumns.get(table)?.has(name));
    const mark = versionMark({ ...version, columns }, { key: [], filled: [] });
    if (kept.get(table) === mark) continue;
    const name = lookupName(table);
    await client.query(`CREATE TABLE IF NOT EXISTS ${name} ()`);
    for (const { name: column, type } of columns)
      await keepColumn(client, name, column, postgresType(type).replace(/\(.*/, ''));
    await client.query(`DELETE FROM ${name}`);
    const csv = await writer.write(version, columns);
    try {
      const list = columns.map((column) => ident(column.name)).join(', ');
      await pipeline(
        createReadStream(csv.path),
        client.query(copyFrom(`COPY ${name} (${list}) FROM STDIN (FORMAT csv)`)),
      );
    } finally {
      await csv.remove();
    }
    await client.query(
      `INSERT INTO ${ACCESS}.lookups VALUES ($1, $2)
       ON CONFLICT (table_name) DO UPDATE SET filled_with = excluded.filled_with`,
      [table, mark],
    );
    await client.query(`GRANT SELECT ON ${name} TO ${ACCESS}`);
  }
}

/** A column of another type is another column. What views read of it goes with it: they are made after the lookups. */
async function keepColumn(client: pg.Client, table: string, column: string, type: string): Promise<void> {
  const { rows } = await client.query<{ same: boolean }>(
    `SELECT atttypid = $3::regtype AS same FROM pg_attribute
      WHERE attrelid = $1::regclass AND attname = $2 AND NOT attisdropped`,
    [table, column, type],
  );
  if (rows[0]?.same) return;
  if (rows[0]) await client.query(`ALTER TABLE ${table} DROP COLUMN ${ident(column)} CASCADE`);
  await client.query(`ALTER TABLE ${table} ADD COLUMN ${ident(column)} ${type}`);
}

/** Drops the tables that no rule asks any more, once no view reads them. */
export async function dropLookups(client: pg.Client, lookups: TableSet): Promise<void> {
  const { rows } = await client.query<{ table: string }>(
    `SELECT table_name AS "table" FROM ${ACCESS}.lookups WHERE table_name <> ALL ($1)`,
    [Object.keys(lookups)],
  );
  for (const { table } of rows) {
    await client.query(`DROP TABLE IF EXISTS ${lookupName(table)}`);
    await client.query(`DELETE FROM ${ACCESS}.lookups WHERE table_name = $1`, [table]);
  }
}
