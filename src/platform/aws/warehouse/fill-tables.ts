import type { TableSet, TableVersion } from '../../../ports/tables.ts';
import { WarehouseLoadError } from '../../../warehouse/errors.ts';
import { type DataApi, STATEMENTS_AT_ONCE } from './data-api.ts';
import { ident, literal, redshiftType, splitName } from './sql.ts';

/** Schemas in which new tables wait out of sight. */
export const NEW = '__new';

/**
 * Makes every table of the set in `schema__new` and fills it from the lake's own Parquet files.
 * @returns rows
 * @throws WarehouseLoadError naming the table whose rows are not all there, or that is no table of Parquet files
 */
export async function fillTables(api: DataApi, tables: TableSet, copyRole: string): Promise<number> {
  const schemas = [...new Set(Object.keys(tables).map((table) => splitName(table).schema))];
  const statements = [
    ...schemas.map((schema) => `CREATE SCHEMA ${ident(schema + NEW)}`),
    ...Object.values(tables).flatMap((table) => fill(table, copyRole)),
  ];
  await inBatches(api, statements);
  return countRows(api, Object.values(tables));
}

/** One after another, as many as a call takes: what they do is not seen yet, so it need not be one transaction. */
export async function inBatches(api: DataApi, statements: readonly string[]): Promise<void> {
  for (let at = 0; at < statements.length; at += STATEMENTS_AT_ONCE) {
    await api.transaction(statements.slice(at, at + STATEMENTS_AT_ONCE));
  }
}

function fill(table: TableVersion, copyRole: string): string[] {
  const { schema, name } = splitName(table.table);
  const target = ident(schema + NEW, name);
  const columns = table.columns.map((c) => `${ident(c.name)} ${redshiftType(c.type)}`).join(', ');
  const create = `CREATE TABLE ${target} (${columns})`;
  const from = filesOf(table);
  // COPY takes a folder without files for an error.
  if (table.rows === 0) return [create];
  return [create, `COPY ${target} FROM ${literal(from)} IAM_ROLE ${literal(copyRole)} FORMAT AS PARQUET`];
}

/** The folder of the table's Parquet files. COPY takes it for a prefix, so the slash at its end counts. */
function filesOf({ table, storage }: TableVersion): string {
  const { kind, location } = storage;
  if (kind === 'files' && typeof location === 'string') {
    return location.endsWith('/') ? location : `${location}/`;
  }
  throw new WarehouseLoadError(
    `${table} is not kept as Parquet files (${String(kind)}), which is all that COPY reads`,
  );
}

async function countRows(api: DataApi, tables: readonly TableVersion[]): Promise<number> {
  let rows = 0;
  for (let at = 0; at < tables.length; at += STATEMENTS_AT_ONCE) {
    const some = tables.slice(at, at + STATEMENTS_AT_ONCE);
    const counts = some.map(({ table }, i) => {
      const { schema, name } = splitName(table);
      return `SELECT ${i} AS place, count(*) AS n FROM ${ident(schema + NEW, name)}`;
    });
    for (const [place, n] of await api.run(counts.join(' UNION ALL '))) {
      const { table, rows: expected } = some[Number(place)]!;
      if (Number(n) !== expected)
        throw new WarehouseLoadError(`${table} has ${expected} rows in the lake, and ${n} were loaded`);
      rows += expected;
    }
  }
  return rows;
}
