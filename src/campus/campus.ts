import type { CampusFile } from './campus-schema.ts';
import type { Dataset } from './catalog-schema.ts';
import type { UndecidedColumn } from './undecided.ts';

/** A campus, loaded and valid: its file, its catalog, and where they lie. */
export interface Campus extends CampusFile {
  /** Absolute folder of campus.yaml: relative paths in it start here. */
  readonly root: string;
  /** The one of the file's environments that was chosen. Absent: none was. */
  readonly environment?: string;
}

/** One dataset with the name of its source. `id` is `source.name`, which is also its table in the lake. */
export interface CatalogDataset extends Dataset {
  readonly source: string;
  readonly id: string;
}

export interface Catalog {
  readonly datasets: readonly CatalogDataset[];
  /** Where `privacy.undecided` is not `allow`: columns of loaded tables that nobody has decided on. Default: none. */
  readonly undecided?: readonly UndecidedColumn[];
  /** @throws UnknownDatasetError with the nearest name */
  get(id: string): CatalogDataset;
  /** The datasets of one source that are not `off`, most wanted first. */
  of(source: string): readonly CatalogDataset[];
}
