import { debugLog } from '../../debug-log.ts';
import { modelsFolder } from '../../models/build-model.ts';
import { readModels } from '../../models/load-models.ts';
import { listModelRecords } from '../../pipeline/model-record.ts';
import type { Uses } from '../../ports/step.ts';
import { columnsRead } from '../../sql/columns-read.ts';

/** What is made of what. */
export interface Lineage {
  /** The datasets of a source. */
  datasetsOf(source: string): readonly string[];
  /** The source of a dataset; empty of a table that the lake makes. */
  sourceOf(table: string): string;
  /** Whether a table is made of another one, through others too. */
  readsFrom(table: string, other: string): boolean;
  /** Whether a model reads a column of a table, as far as its text tells: where it cannot be told, it does. */
  readsColumn(table: string, column: string): boolean;
  /** Every table that is made of one of these, in order of name. */
  readersOf(tables: Iterable<string>): readonly string[];
}

type ColumnsRead = ReadonlyMap<string, ReadonlySet<string> | 'all'>;

/**
 * @param reads by table, the tables that it is made of, directly or through others
 * @param columns of each model, the columns that it reads by table. Default: nobody knows of any
 */
export function lineageOf(
  datasets: readonly { readonly id: string; readonly source: string }[],
  reads: ReadonlyMap<string, readonly string[]>,
  columns: readonly ColumnsRead[] = [],
): Lineage {
  const sources = new Map(datasets.map(({ id, source }) => [id, source]));
  const closed = new Map<string, ReadonlySet<string>>();
  const all = (table: string, path: ReadonlySet<string> = new Set()): ReadonlySet<string> => {
    const known = closed.get(table);
    if (known) return known;
    const found = new Set<string>();
    for (const other of reads.get(table) ?? []) {
      found.add(other);
      // Models with a circle among them are a mistake, which is reported elsewhere.
      if (!path.has(other)) for (const further of all(other, new Set([...path, table]))) found.add(further);
    }
    closed.set(table, found);
    return found;
  };
  return {
    datasetsOf: (source) => datasets.filter((one) => one.source === source).map(({ id }) => id),
    sourceOf: (table) => sources.get(table) ?? '',
    readsFrom: (table, other) => all(table).has(other),
    readsColumn: (table, column) =>
      columns.some((of) => {
        const read = of.get(table);
        return read === 'all' || read?.has(column.toLowerCase()) === true;
      }),
    readersOf(tables) {
      const of = [...tables];
      return [...reads.keys()].filter((table) => of.some((one) => all(table).has(one))).sort();
    },
  };
}

/** The lineage of a lake: of the models as they are written now, and of those that were built as they were then. */
export async function readLineage(
  lake: Uses<'campus' | 'catalog' | 'features' | 'ledger'>,
): Promise<Lineage> {
  const reads = new Map<string, readonly string[]>();
  for (const { version, sources = [] } of await listModelRecords(lake.platform.ledger))
    reads.set(version.table, sources);
  const shipped = (lake.features ?? []).flatMap(({ models = [] }) => models);
  // A folder that cannot be read is reported by the step that builds the models.
  const { models } = await readModels(modelsFolder(lake), shipped).catch((error: unknown) => {
    debugLog('the models, for their lineage', error);
    return { models: [] };
  });
  for (const { table, statement } of models)
    reads.set(table, [
      ...new Set([...statement.tables.map(({ name }) => name), ...(reads.get(table) ?? [])]),
    ]);
  const columns = models.map(({ statement }) => columnsRead(statement));
  return lineageOf(lake.catalog.datasets, reads, columns);
}
