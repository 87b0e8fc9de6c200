import { copyFile, rename } from 'node:fs/promises';
import type { Cell, QueryOptions, QueryResult, ResultColumn } from '../../../ports/query-engine.ts';
import { answerAboutTables } from '../../../sql/about-tables.ts';
import { checkStatement } from '../../../sql/check-statement.ts';
import { inferTypes } from '../../../sql/types/infer.ts';
import { isNarrow } from '../../../sql/types/sql-type.ts';
import type { cellOf } from './cells.ts';
import { copyTo, draftFile } from './files.ts';
import { type Guarded, openGuarded, type Readable } from './guarded.ts';
import type { ReadOnlyPool } from './read-only-pool.ts';
import { resultTypeOf } from './types.ts';

/** Runs one statement; its rows stream. See `QueryEngine.query`. */
export async function runQuery(
  pool: ReadOnlyPool,
  text: string,
  from: Readable,
  options: QueryOptions = {},
): Promise<QueryResult> {
  const { tables } = from;
  const statement = await checkStatement(text, tables, options.parameters);
  if (statement.kind !== 'select') return answerAboutTables(statement, tables);
  const guarded = await openGuarded(pool, statement, from, { isOwn: options.isOwn });
  const stop = () => guarded.connection.interrupt();
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    options.signal?.throwIfAborted();
    const result = await guarded.connection.stream(guarded.sql);
    const named = inferTypes(statement, tables).columns;
    const names = result.columnNames();
    const columns: ResultColumn[] = names.map((name, i) => {
      const known = named?.length === names.length ? named[i] : undefined;
      return {
        // DuckDB gives columns of one name names of its own, and those without a name others than Athena.
        name: known?.name ?? name,
        type: isNarrow(known?.type)
          ? known.type
          : (resultTypeOf(result.columnType(i).toString(), known?.type) ?? 'varchar'),
      };
    });
    const { cellOf, realCellOf } = await import('./cells.ts');
    const cells = columns.map(({ type }) => (type === 'real' ? realCellOf : cellOf));
    return { columns, batches: () => batches(guarded, result, cells, options, stop) };
  } catch (error) {
    await guarded.close();
    throw options.signal?.aborted ? options.signal.reason : await guarded.explain(error);
  }
}

type Streamed = Awaited<ReturnType<Guarded['connection']['stream']>>;

async function* batches(
  guarded: Guarded,
  result: Streamed,
  cells: readonly (typeof cellOf)[],
  options: QueryOptions,
  stop: () => void,
): AsyncIterable<Cell[][]> {
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  try {
    while (left > 0) {
      const chunk = await result.fetchChunk();
      // A stream that is interrupted may end as if there were no more rows.
      options.signal?.throwIfAborted();
      if (!chunk || chunk.rowCount === 0) return;
      const rows = chunk.getRows().slice(0, left);
      left -= rows.length;
      yield rows.map((row) => row.map((value, i) => cells[i]!(value)));
    }
  } catch (error) {
    throw options.signal?.aborted ? options.signal.reason : await guarded.explain(error);
  } finally {
    options.signal?.removeEventListener('abort', stop);
    await guarded.close();
  }
}

/** Writes a SELECT's result as one Parquet file of the caller's machine, whole or not at all. @returns rows */
export async function exportQuery(
  pool: ReadOnlyPool,
  text: string,
  from: Readable,
  path: string,
  { signal, parameters }: Omit<QueryOptions, 'limit'> = {},
): Promise<number> {
  const statement = await checkStatement(text, from.tables, parameters);
  const draft = await draftFile(pool.root);
  const guarded = await openGuarded(pool, statement, from, { writes: draft.path });
  const stop = () => guarded.connection.interrupt();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    signal?.throwIfAborted();
    const rows = await copyTo(guarded.connection, guarded.sql, draft.path, 'an export').catch(
      async (error) => {
        throw signal?.aborted ? signal.reason : await guarded.explain(error);
      },
    );
    await copyFile(draft.path, `${path}.part`);
    await rename(`${path}.part`, path);
    return rows;
  } finally {
    signal?.removeEventListener('abort', stop);
    await guarded.close();
    await draft.discard();
  }
}
