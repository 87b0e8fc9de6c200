import type { CatalogDataset } from '../campus/campus.ts';

const DEFAULT_FRESHNESS = '26h';

/** How old a dataset may become, in ms: its freshness promise in the catalog. */
export function promisedMs({ freshness = DEFAULT_FRESHNESS }: Pick<CatalogDataset, 'freshness'>): number {
  return Number.parseInt(freshness, 10) * (freshness.endsWith('d') ? 24 : 1) * 36e5;
}
