import type { Catalog, CatalogDataset } from './campus.ts';
import { UnknownDatasetError } from './errors.ts';
import type { UndecidedColumn } from './undecided.ts';

export const DEFAULT_PRIORITY = 5;

/** The catalog over datasets of every source. Their ids must differ (`loadCampus` makes sure). */
export function createCatalog(
  datasets: readonly CatalogDataset[],
  undecided: readonly UndecidedColumn[] = [],
): Catalog {
  const byId = new Map(datasets.map((d) => [d.id, d]));
  const bySource = new Map<string, CatalogDataset[]>();
  for (const dataset of datasets) {
    if (dataset.load === 'off') continue;
    const list = bySource.get(dataset.source);
    if (list) list.push(dataset);
    else bySource.set(dataset.source, [dataset]);
  }
  for (const list of bySource.values()) list.sort(mostWantedFirst);
  return {
    datasets,
    undecided,
    get(id) {
      const dataset = byId.get(id);
      if (!dataset) throw new UnknownDatasetError(id, [...byId.keys()]);
      return dataset;
    },
    of: (source) => bySource.get(source) ?? [],
  };
}

function mostWantedFirst(a: CatalogDataset, b: CatalogDataset): number {
  const priority = (b.priority ?? DEFAULT_PRIORITY) - (a.priority ?? DEFAULT_PRIORITY);
  return priority || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
