import { authorize } from '../access/authorize.ts';
import type { CatalogDataset } from '../campus/campus.ts';
import type { Uses } from '../ports/step.ts';
import type { TableSet } from '../ports/tables.ts';

/** What the session may know of: datasets of the catalog, and published tables with their columns and counts of rows. */
export async function describable(
  lake: Uses<'session' | 'access' | 'catalog'>,
  published: TableSet = {},
): Promise<{ readonly datasets: readonly CatalogDataset[]; readonly published: TableSet }> {
  const described = Object.fromEntries(lake.catalog.datasets.map((dataset) => [dataset.id, dataset]));
  return {
    datasets: Object.values((await authorize(lake, 'describe', described)).tables),
    published: (await authorize(lake, 'describe', published)).tables,
  };
}
