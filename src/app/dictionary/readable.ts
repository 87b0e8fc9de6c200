import { ADMINISTRATOR, authorize } from '../../access/authorize.ts';
import type { CatalogDataset } from '../../campus/campus.ts';
import { opsColumns } from '../../platform/ops-columns.ts';
import { addedTables } from '../../ports/feature.ts';
import type { Grant } from '../../ports/session.ts';
import type { Uses } from '../../ports/step.ts';
import type { TableColumn } from '../../ports/tables.ts';
import type { TypedModel } from './typed-model.ts';

/** The tables of which a dictionary tells its reader. */
export interface DictionaryTables {
  readonly models: Grant<TypedModel>;
  readonly datasets: Grant<CatalogDataset>;
  /** Of the ledger, by `ops.name`. */
  readonly ops: Grant<{ readonly columns: readonly TableColumn[] }>;
  /** Whether it is about everything that the lake has: then it has the sections of features, too. */
  readonly isWhole: boolean;
}

/** Of models, datasets and the ledger, those that the session may know of; in the same order. */
export async function dictionaryTables(
  asker: Uses<'session' | 'access' | 'features'>,
  models: readonly TypedModel[],
  datasets: readonly CatalogDataset[],
): Promise<DictionaryTables> {
  const ops = [...opsColumns(addedTables(asker.features))].map(
    ([name, columns]) => [`ops.${name}`, { columns }] as const,
  );
  const byTable = Object.fromEntries(models.map((typed) => [typed.model.table, typed]));
  const byId = Object.fromEntries(datasets.map((dataset) => [dataset.id, dataset]));
  const tables = {
    models: await authorize(asker, 'describe', byTable),
    datasets: await authorize(asker, 'describe', byId),
    ops: await authorize(asker, 'describe', Object.fromEntries(ops)),
    isWhole: asker.session.role === ADMINISTRATOR,
  };
  if (tables.isWhole) return tables;
  return {
    ...tables,
    models: { ...tables.models, tables: without(tables.models.tables, byTable, seenOfModel) },
    datasets: { ...tables.datasets, tables: without(tables.datasets.tables, byId, seenOfDataset) },
  };
}

/** The same tables; what else is said of them names no column that is not among theirs. */
function without<T extends { readonly columns: readonly { readonly name: string }[] }>(
  seen: Readonly<Record<string, T>>,
  whole: Readonly<Record<string, T>>,
  left: (described: T, names: (text: string) => boolean) => T,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(seen).map(([table, described]) => {
      const columns = new Set(described.columns.map(({ name }) => name));
      const hidden = whole[table]!.columns.flatMap(({ name }) => (columns.has(name) ? [] : [name]));
      const word = hidden.length === 0 ? undefined : new RegExp(`\\b(?:${hidden.join('|')})\\b`, 'i');
      return [table, left(described, (text) => word?.test(text) ?? false)];
    }),
  );
}

const seenOfModel = (typed: TypedModel, namesHidden: (text: string) => boolean): TypedModel => ({
  ...typed,
  model: {
    ...typed.model,
    grain: typed.model.grain && namesHidden(typed.model.grain) ? undefined : typed.model.grain,
  },
  checks: typed.checks.filter((check) => !namesHidden(JSON.stringify(check))),
});

const seenOfDataset = (dataset: CatalogDataset, namesHidden: (text: string) => boolean): CatalogDataset => ({
  ...dataset,
  key: dataset.key.some(namesHidden) ? [] : dataset.key,
});
