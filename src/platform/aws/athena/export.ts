import { rename, rm } from 'node:fs/promises';
import { fileWriter, parquetWriteRows } from 'hyparquet-writer';
import type { QueryOptions, QueryResult } from '../../../ports/query-engine.ts';
import type { TableColumn, TableSet } from '../../../ports/tables.ts';
import type { EngineContext } from './engine-context.ts';
import { parquetSchema, parquetValue } from './literal-file.ts';
import { runQuery } from './query.ts';
import { keptType } from './types.ts';

/**
 * Writes a SELECT's result as one Parquet file of the caller's machine, whole or not at all. The rows come by the
 * page, as UNLOAD would leave many files, and in a bucket. @returns rows
 */
export async function exportQuery(
  context: EngineContext,
  text: string,
  tables: TableSet,
  path: string,
  options?: Omit<QueryOptions, 'limit'>,
): Promise<number> {
  const result = await runQuery(context, text, tables, options);
  const columns = result.columns.map(({ name, type }) => ({ name, type: keptType(type) }));
  const draft = `${path}.part`;
  const counted = { rows: 0 };
  try {
    await parquetWriteRows({
      writer: fileWriter(draft),
      schema: parquetSchema(columns),
      columns: columns.map(({ name }) => ({ name })),
      rows: records(columns, result, counted),
    });
    await rename(draft, path);
    return counted.rows;
  } finally {
    await rm(draft, { force: true });
  }
}

async function* records(
  columns: readonly TableColumn[],
  { batches }: QueryResult,
  counted: { rows: number },
): AsyncGenerator<Record<string, unknown>> {
  for await (const batch of batches()) {
    for (const row of batch) {
      counted.rows += 1;
      yield Object.fromEntries(columns.map(({ name, type }, i) => [name, parquetValue(row[i]!, type)]));
    }
  }
}
