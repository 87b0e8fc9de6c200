import type { ExplainOptions, Explanation, TableRead } from '../../../ports/query-engine.ts';
import type { TableSet, TableVersion } from '../../../ports/tables.ts';
import { checkStatement } from '../../../sql/check-statement.ts';
import { columnsRead } from '../../../sql/columns-read.ts';
import { SqlError } from '../../../sql/errors.ts';
import { pathsOf } from './files.ts';
import { type Guarded, openGuarded } from './guarded.ts';
import { type PlanNode, planSteps, scannedColumns } from './plan-steps.ts';
import type { ReadOnlyPool } from './read-only-pool.ts';
import { rowsOf } from './session.ts';
import { textList } from './sql-text.ts';
import { filesOf } from './storage.ts';

/** What a statement reads and how it is run. See `QueryEngine.explain`. */
export async function explainQuery(
  pool: ReadOnlyPool,
  text: string,
  tables: TableSet,
  { signal, parameters, analyze = false }: ExplainOptions = {},
): Promise<Explanation> {
  const statement = await checkStatement(text, tables, parameters);
  if (statement.kind !== 'select') throw new SqlError('Only a SELECT can be explained.');
  const guarded = await openGuarded(pool, statement, { tables });
  const stop = () => guarded.connection.interrupt();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    signal?.throwIfAborted();
    const reads: TableRead[] = [];
    for (const [table, read] of columnsRead(statement)) {
      const version = tables[table]!;
      const all = version.columns.map(({ name }) => name);
      const wanted = read === 'all' ? all : all.filter((name) => read.has(name.toLowerCase()));
      reads.push(await tableRead(pool, guarded, version, wanted));
    }
    const [row] = await rowsOf(
      guarded.connection,
      `EXPLAIN (${analyze ? 'ANALYZE, ' : ''}FORMAT json) ${guarded.sql}`,
    );
    const plan = JSON.parse(String(row?.explain_value)) as PlanNode | readonly PlanNode[];
    const root = Array.isArray(plan) ? { children: plan as readonly PlanNode[] } : (plan as PlanNode);
    const steps = planSteps(root, (node) =>
      tableOf(
        node,
        statement.tables.map(({ name }) => tables[name]!),
        pool,
      ),
    );
    const { latency } = root as { latency?: number };
    return { tables: reads, steps, ...(latency === undefined ? {} : { seconds: latency }) };
  } catch (error) {
    throw signal?.aborted ? signal.reason : await guarded.explain(error);
  } finally {
    signal?.removeEventListener('abort', stop);
    await guarded.close();
  }
}

/** How much of a version's files the wanted columns are: their compressed sizes, as the files' footers have them. */
async function tableRead(
  pool: ReadOnlyPool,
  { connection }: Guarded,
  version: TableVersion,
  columns: readonly string[],
): Promise<TableRead> {
  const paths = pathsOf(pool.root, filesOf(version));
  const sizes =
    paths.length === 0
      ? []
      : await rowsOf(
          connection,
          `SELECT lower(split_part(path_in_schema, ',', 1)) AS name, sum(total_compressed_size)::DOUBLE AS bytes
           FROM parquet_metadata(${textList(paths)}) GROUP BY 1`,
        );
  const wanted = new Set(columns.map((name) => name.toLowerCase()));
  const bytes = sizes.reduce(
    (sum, { name, bytes }) => sum + (wanted.has(String(name)) ? Number(bytes) : 0),
    0,
  );
  return {
    table: version.table,
    columns: [...columns],
    ofColumns: version.columns.length,
    rows: version.rows,
    files: paths.length,
    bytes,
  };
}

/** The table that a scan reads: by its files where it was run, else by its columns where only one table has them. */
function tableOf(node: PlanNode, versions: readonly TableVersion[], pool: ReadOnlyPool): string | undefined {
  const named = String(node.extra_info?.['Filename(s)'] ?? '');
  if (named !== '') {
    const found = versions.find((version) =>
      pathsOf(pool.root, filesOf(version)).some((path) => named.includes(path)),
    );
    if (found) return found.table;
  }
  const columns = scannedColumns(node);
  const fitting = versions.filter((version) =>
    columns.every((name) => version.columns.some((column) => column.name === name)),
  );
  return fitting.length === 1 ? fitting[0]!.table : undefined;
}
