import type { ColumnInfo } from '@aws-sdk/client-athena';
import type { TableColumn, TableSet } from '../../../ports/tables.ts';
import { SqlError } from '../../../sql/errors.ts';
import type { EngineContext } from './engine-context.ts';
import { type BoundSelect, checkedSelect } from './query.ts';
import { resultPages } from './result-pages.ts';
import { runStatement, type StatementOptions } from './run-statement.ts';
import { lakeTypeOf } from './types.ts';

/** A SELECT that Athena has planned: its columns are known, and its mistakes are reported. */
export interface PlannedTable extends BoundSelect {
  /** As Athena gives them. */
  readonly given: readonly ColumnInfo[];
  /** As the table keeps them, one for each. */
  readonly columns: readonly TableColumn[];
  /** How a statement on the table's behalf is spoken of. */
  readonly options: StatementOptions;
}

const DESCRIBED = 'SELECT * FROM (\n';

/**
 * Plans a table before it is made: Athena reads the SELECT and no data, whichever engine then makes the table.
 * @throws SqlError for a mistake in the SELECT, at its place in the text as written
 */
export async function planTable(
  context: EngineContext,
  table: string,
  text: string,
  reads: TableSet,
): Promise<PlannedTable> {
  const { bound, explain, tables } = await checkedSelect(text, reads, table);
  const options = { doing: `Building ${table}`, about: table };
  const given = await describe(context, bound.sql, options).catch((error) => {
    throw explain(error, DESCRIBED);
  });
  return { bound, explain, tables, given, columns: given.map(lakeColumn), options };
}

/** The columns of a SELECT. */
async function describe(
  context: EngineContext,
  sql: string,
  options: StatementOptions,
): Promise<readonly ColumnInfo[]> {
  const finished = await runStatement(context, `${DESCRIBED}${sql}\n) LIMIT 0`, options);
  for await (const page of resultPages(context, finished)) return page.columns;
  return [];
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
