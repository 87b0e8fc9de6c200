import type { Cell, QueryOptions, QueryResult } from '../../../ports/query-engine.ts';
import type { TableSet } from '../../../ports/tables.ts';
import { answerAboutTables } from '../../../sql/about-tables.ts';
import { checkStatement } from '../../../sql/check-statement.ts';
import { SqlError } from '../../../sql/errors.ts';
import type { ParsedStatement } from '../../../sql/parse.ts';
import { type Bound, bindTables } from './bind-tables.ts';
import { cellReader } from './cells.ts';
import type { EngineContext } from './engine-context.ts';
import { type Page, resultPages } from './result-pages.ts';
import { runStatement } from './run-statement.ts';
import { explainSqlError } from './sql-error.ts';
import { resultTypeOf } from './types.ts';

/** Runs one statement; its rows come page by page. See `QueryEngine.query`. */
export async function runQuery(
  context: EngineContext,
  text: string,
  tables: TableSet,
  { signal, limit, parameters }: QueryOptions = {},
): Promise<QueryResult> {
  const statement = await checkStatement(text, tables, parameters);
  if (statement.kind !== 'select') return answerAboutTables(statement, tables);
  const pages = await openPages(context, bindSelect(statement, tables), { signal, limit });
  // The first page tells the columns; the rest is fetched when somebody reads on.
  const first = await pages.next();
  const columns = first.done ? [] : first.value.columns;
  return {
    columns: columns.map((column) => ({ name: column.Name!, type: resultTypeOf(column) })),
    batches: () => batches(first, pages, { signal, limit }),
  };
}

/** A SELECT over versions, and how to speak of its errors. */
export interface BoundSelect {
  readonly bound: Bound;
  /** The tables that it names, each once. */
  readonly tables: readonly string[];
  /**
   * An error of Athena as one about the text that was written.
   * @param before what stood before the SELECT in the statement that failed. Default: nothing
   */
  explain(error: unknown, before?: string): unknown;
}

export function bindSelect(statement: ParsedStatement, tables: TableSet): BoundSelect {
  const bound = bindTables(statement, tables);
  const names = statement.tables.map(({ name }) => name);
  return {
    bound,
    tables: names,
    explain: (error, before) => explainSqlError(error, statement, bound, tables, before),
  };
}

/** @throws SqlError when the text is no SELECT, or not one that both targets understand */
export async function checkedSelect(text: string, tables: TableSet, about?: string): Promise<BoundSelect> {
  const statement = await checkStatement(text, tables);
  if (statement.kind !== 'select') throw new SqlError('A table is made from a SELECT.', { about });
  return bindSelect(statement, tables);
}

const MOST_ROWS_OF_A_PAGE = 1000;

async function openPages(
  context: EngineContext,
  { bound, explain }: BoundSelect,
  { signal, limit }: QueryOptions,
): Promise<AsyncGenerator<Page>> {
  try {
    const finished = await runStatement(context, bound.sql, { doing: 'The query', signal });
    // One row more: the heading is a row too.
    return resultPages(context, finished, Math.min((limit ?? MOST_ROWS_OF_A_PAGE) + 1, MOST_ROWS_OF_A_PAGE));
  } catch (error) {
    throw explain(error);
  }
}

async function* batches(
  first: IteratorResult<Page>,
  rest: AsyncGenerator<Page>,
  { signal, limit = Number.POSITIVE_INFINITY }: QueryOptions,
): AsyncIterable<Cell[][]> {
  let left = limit;
  for (let page = first; !page.done && left > 0; page = await rest.next()) {
    signal?.throwIfAborted();
    const readers = page.value.columns.map(cellReader);
    const rows = page.value.rows.slice(0, left);
    left -= rows.length;
    if (rows.length > 0) yield rows.map((row) => readers.map((read, i) => read(row[i])));
  }
}
