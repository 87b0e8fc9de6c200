import { type ColumnInfo, GetQueryResultsCommand, type Row } from '@aws-sdk/client-athena';
import { type Finished, runStatement, type StatementOptions, type StatementRunner } from './run-statement.ts';

/** A page of a result: cells as Athena writes them, undefined for null. */
export interface Page {
  readonly columns: readonly ColumnInfo[];
  readonly rows: readonly (string | undefined)[][];
}

/** The rows of a finished SELECT, page by page; the heading that Athena puts before the first row is left out. */
export async function* resultPages(
  { athena }: StatementRunner,
  { id }: Finished,
  pageRows = 1000,
): AsyncGenerator<Page> {
  let token: string | undefined;
  let isFirst = true;
  do {
    const answer = await athena.send(
      new GetQueryResultsCommand({ QueryExecutionId: id, MaxResults: pageRows, NextToken: token }),
    );
    const rows = (answer.ResultSet?.Rows ?? []).map(cellsOf);
    yield {
      columns: answer.ResultSet?.ResultSetMetadata?.ColumnInfo ?? [],
      rows: isFirst ? rows.slice(1) : rows,
    };
    isFirst = false;
    token = answer.NextToken;
  } while (token !== undefined);
}

const cellsOf = (row: Row): (string | undefined)[] => (row.Data ?? []).map((datum) => datum.VarCharValue);

/** The first row of a small result, by column. */
export async function firstRow(
  runner: StatementRunner,
  sql: string,
  options: StatementOptions,
): Promise<Record<string, string | undefined>> {
  const finished = await runStatement(runner, sql, options);
  for await (const { columns, rows } of resultPages(runner, finished)) {
    return Object.fromEntries(columns.map(({ Name }, i) => [Name!, rows[0]?.[i]]));
  }
  return {};
}
