import type { Campus, CatalogDataset } from '../../campus/campus.ts';
import { describedTreatment } from '../../privacy/treatment.ts';
import type { DictionaryTables } from './readable.ts';
import type { TypedModel } from './typed-model.ts';

interface DictionaryColumn {
  readonly name: string;
  readonly type: string;
  readonly privacy?: string;
  readonly description?: string;
  /** What becomes of it on the way in: keep, exclude, …; of models' columns there is nothing to say. */
  readonly treatment?: string;
  /** With treatment `mask`: which. */
  readonly mask?: string;
}

interface DictionaryTable {
  readonly table: string;
  readonly description?: string;
  /** What one row is: columns, or words. */
  readonly grain?: string;
  readonly owner?: string;
  readonly columns: readonly DictionaryColumn[];
  readonly checks: readonly { readonly name: string; readonly severity: string }[];
}

/** What `lake dictionary` says, as data: models first, then the tables of the sources. */
export function dictionaryData(
  campus: Campus,
  { models, datasets }: DictionaryTables,
): { campus: string; tables: DictionaryTable[] } {
  return {
    campus: campus.name,
    tables: [
      ...Object.values(models.tables)
        .toSorted((a, b) => (a.model.table < b.model.table ? -1 : 1))
        .map(modelTable),
      ...Object.values(datasets.tables)
        .filter(({ load }) => load !== 'off')
        .map((dataset) => datasetTable(campus, dataset)),
    ],
  };
}

function modelTable({ model, columns, checks }: TypedModel): DictionaryTable {
  const described = new Map(model.columns.map((column) => [column.name, column]));
  return {
    table: model.table,
    description: model.description,
    grain: model.grain,
    owner: model.owner,
    columns: columns.map(({ name, type }) => {
      const { privacy, description } = described.get(name) ?? {};
      return { name, type, privacy, description };
    }),
    checks: checks.map(({ name, severity }) => ({ name, severity })),
  };
}

function datasetTable(campus: Campus, dataset: CatalogDataset): DictionaryTable {
  return {
    table: dataset.id,
    description: dataset.description,
    grain: dataset.key.join(', ') || undefined,
    owner: dataset.owner,
    columns: dataset.columns.map((column) => ({
      name: column.name,
      type: column.type,
      privacy: column.privacy,
      description: column.description,
      ...describedTreatment(campus, column),
    })),
    checks: [],
  };
}
