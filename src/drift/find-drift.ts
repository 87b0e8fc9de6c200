import type { CatalogDataset } from '../campus/campus.ts';
import type { FoundTable } from '../ports/drift.ts';
import { isAddedColumn } from '../sis/change-columns.ts';
import type { SchemaChange } from '../staging/schema-changes.ts';

/** A change of schema, and the dataset that it is about; of a table that is none, its name at the source. */
export interface Drift extends SchemaChange {
  readonly dataset: string;
}

/** What a survey saw, to be compared with the next: types by column by `schema.table`; column names in lower case. */
export type Look = { readonly [table: string]: { readonly [column: string]: string } };

export function lookOf(found: readonly FoundTable[]): Look {
  return Object.fromEntries(
    found.map(({ schema, table, columns }) => [
      `${schema}.${table}`,
      Object.fromEntries(columns.map(({ name, type }) => [name.toLowerCase(), type])),
    ]),
  );
}

/**
 * Compares what lies in the raw zone with what the catalog lists and with what lay there at the survey before. Types
 * are compared with those of that survey only: between the words of a file and those of the catalog there are many
 * differences that mean nothing.
 * @param datasets of the source
 */
export function findDrift(
  source: string,
  found: readonly FoundTable[],
  datasets: readonly CatalogDataset[],
  before: Look,
): Drift[] {
  const listed = new Map(datasets.map((dataset) => [`${dataset.namespace}.${dataset.table}`, dataset]));
  return found.flatMap((table): Drift[] => {
    const name = `${table.schema}.${table.table}`;
    const dataset = listed.get(name);
    if (!dataset) return [{ dataset: `${source}.${name}`, ...unlisted }];
    return columnDrift(dataset, lookOf([table])[name]!, before[name]).map((change) => ({
      dataset: dataset.id,
      ...change,
    }));
  });
}

const unlisted: SchemaChange = { column: '', change: 'unlisted', from: null, to: null };

function columnDrift(
  { columns }: CatalogDataset,
  now: Look[string],
  before: Look[string] | undefined,
): SchemaChange[] {
  // Glue writes names in lower case, whatever the source does.
  const known = new Map(columns.map(({ name, source = name }) => [source.toLowerCase(), name]));
  const added = new Set(Object.keys(now).filter(isAdded));
  const changes: SchemaChange[] = [];
  for (const [column, type] of Object.entries(now)) {
    if (added.has(column)) continue;
    const name = known.get(column);
    const from = before?.[column];
    if (name === undefined) changes.push({ column, change: 'undecided', from: null, to: type });
    else if (from !== undefined && from !== type)
      changes.push({ column: name, change: 'retyped', from, to: type });
  }
  for (const [column, from] of Object.entries(before ?? {})) {
    const name = known.get(column);
    if (name !== undefined && now[column] === undefined)
      changes.push({ column: name, change: 'vanished', from, to: null });
  }
  return changes;
}

const isAdded = (column: string): boolean => isAddedColumn(column) || column === 'op';
