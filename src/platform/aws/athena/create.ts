import type { ColumnInfo } from '@aws-sdk/client-athena';
import { SqlError } from '../../../models/errors.ts';
import type { TableColumn, TableSet, TableVersion } from '../../ports.ts';
import { convert } from './convert.ts';
import { checkedSelect } from './query.ts';
import { resultPages } from './result-pages.ts';
import { runStatement } from './run-statement.ts';
import type { Shop } from './shop.ts';
import { ident } from './sql-text.ts';
import { asStorage } from './storage.ts';
import { lakeTypeOf, trinoType } from './types.ts';
import { UNLOADED, unloadTable } from './unload.ts';

/** A table from one SELECT, its columns in the lake's types. See `QueryEngine.create`. */
export async function createTable(
  shop: Shop,
  table: string,
  text: string,
  reads: TableSet,
  versionId: string,
): Promise<TableVersion> {
  const { bound, explain } = await checkedSelect(text, reads, table);
  const options = { doing: `Building ${table}`, about: table };
  const explained = (before: string) => (error: unknown) => {
    throw explain(error, before);
  };
  const given = await describe(shop, bound.sql, options).catch(explained(DESCRIBED));
  const columns = given.map(lakeColumn);
  const list = given.map((column, i) => `${storedColumn(column, columns[i]!)} AS ${ident(columns[i]!.name)}`);
  // The SELECT begins a line and ends it: a comment at its end must not swallow what follows.
  const before = `SELECT ${list.join(', ')} FROM (\n`;
  const made = await unloadTable(
    shop,
    'curated',
    table,
    columns,
    `${before}${bound.sql}\n)`,
    versionId,
    options,
  ).catch(explained(UNLOADED + before));
  return { table, columns, rows: made.rows, storage: asStorage(made.storage) };
}

const DESCRIBED = 'SELECT * FROM (\n';

/** The columns of a SELECT: Athena plans it and reads nothing. */
async function describe(
  shop: Shop,
  sql: string,
  options: { doing: string; about: string },
): Promise<readonly ColumnInfo[]> {
  const finished = await runStatement(shop, `${DESCRIBED}${sql}\n) LIMIT 0`, options);
  for await (const page of resultPages(shop, finished)) return page.columns;
  return [];
}

/** Parquet behind an external table keeps milliseconds, and no times of day. */
function storedColumn(given: ColumnInfo, { type }: TableColumn): string {
  const name = ident(given.Name!);
  if (type === 'time') return convert(name, 'time', 'varchar');
  if (type !== 'timestamp') return `CAST(${name} AS ${trinoType(type)})`;
  const zoned = /with time zone/i.test(given.Type ?? '');
  return `CAST(${zoned ? `${name} AT TIME ZONE 'UTC'` : name} AS timestamp(3))`;
}

/** @throws SqlError where a column has no name of its own, or a type that no table can hold */
function lakeColumn(column: ColumnInfo, index: number, all: readonly ColumnInfo[]): TableColumn {
  const name = column.Name ?? '';
  const isFirst = all.findIndex((other) => other.Name?.toLowerCase() === name.toLowerCase()) === index;
  if (!/^[a-z][a-z0-9_]*$/i.test(name) || !isFirst) {
    throw new SqlError(`A column of the result has no name of its own (${name.slice(0, 60)}).`, {
      hint: 'give every column a name with AS, each only once',
    });
  }
  const type = lakeTypeOf(column);
  if (type === undefined) {
    throw new SqlError(`The column "${name}" would be ${kindOf(column.Type)}, which a table cannot hold.`, {
      hint: 'CAST it to a simple type; join an array with array_join(…)',
    });
  }
  return { name: name.toLowerCase(), type };
}

const kindOf = (type = ''): string =>
  /^array/i.test(type) ? 'an array' : /^interval/i.test(type) ? 'an interval' : 'nested';
