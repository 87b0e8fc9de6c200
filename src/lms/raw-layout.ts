import type { CatalogDataset } from '../campus/campus.ts';

/** Where all loads of an LMS dataset lie: `raw/canvas/canvas/users/`. */
export function rawFolder({
  source,
  namespace,
  table,
}: Pick<CatalogDataset, 'source' | 'namespace' | 'table'>): string {
  return `raw/${source}/${namespace}/${table}/`;
}

/**
 * Where a load of an LMS dataset lies in the raw zone: `raw/canvas/canvas/users/<load>/part-00000.jsonl.gz` …
 * and, written last, `manifest.json`.
 */
export function rawPrefix(
  dataset: Pick<CatalogDataset, 'source' | 'namespace' | 'table'>,
  load: string,
): string {
  return `${rawFolder(dataset)}${load}/`;
}

export function manifestKey(
  dataset: Pick<CatalogDataset, 'source' | 'namespace' | 'table'>,
  load: string,
): string {
  return `${rawPrefix(dataset, load)}manifest.json`;
}

/** Files are named by their place in the job, and for what they are: the source's own names are no contract. */
export function fileKey(prefix: string, index: number, format: string, isPacked: boolean): string {
  return `${prefix}part-${String(index).padStart(5, '0')}.${format}${isPacked ? '.gz' : ''}`;
}

/** Where the readable copy of a JSON Lines file lies that cannot be read as it was delivered. */
export const repairedKey = (key: string): string => key.replace(/\.jsonl(\.gz)?$/, '.repaired.jsonl.gz');
