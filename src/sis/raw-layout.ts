import type { CatalogDataset } from '../campus/campus.ts';

/** Where a load of a SIS lies in the raw zone, in the layout of DMS: `raw/sis/<load>/<schema>/<table>/LOAD…`. */
export function loadPrefix(source: string, load: string): string {
  return `raw/${source}/${load}`;
}

/** Where generations of captured changes lie: `raw/sis-changes/<load that began it>/<schema>/<table>/…`. */
export function changesPrefix(source: string): string {
  return `raw/${source}-changes`;
}

/**
 * Next to the files of its table, and there for an empty table too, which has none. Engines that read a folder leave
 * out what begins with `_`: the folder of a load is a table as it lies.
 */
export function manifestKey(
  dataset: Pick<CatalogDataset, 'source' | 'namespace' | 'table'>,
  load: string,
): string {
  return `${loadPrefix(dataset.source, load)}/${dataset.namespace}/${dataset.table}/_manifest.json`;
}
