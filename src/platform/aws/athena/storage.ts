import type { Json } from '../../../json.ts';
import type { TableColumn, TableVersion } from '../../../ports/tables.ts';

/** A table of the Glue catalog. */
export type TableAddress = { readonly database: string; readonly name: string };

/**
 * How AWS keeps a version, in `TableVersion.storage`. The tables named here lie in the database of versions and are
 * the lake's own; people see what `show` makes of them.
 * - `iceberg`: one snapshot of an Iceberg table. Its rows carry `_ts` in addition to the columns.
 * - `files`: finished Parquet files behind an external table.
 */
export type AthenaStorage = IcebergStorage | FilesStorage;

export type IcebergStorage = {
  readonly kind: 'iceberg';
  readonly place: TableAddress;
  /** Key of the table's folder. */
  readonly folder: string;
  /** A 64-bit number, as text; null before the first row. */
  readonly snapshot: string | null;
  /** When the snapshot was committed, epoch ms. */
  readonly committedAt: number;
  /** `s3://…` of the table's metadata as of this snapshot. */
  readonly metadata: string;
  readonly key: string[];
  /** The columns as they are stored in this snapshot; the version's own may be wider. */
  readonly columns: TableColumn[];
  /** Keys that were removed, and when: what keeps a late repetition from bringing rows back. */
  readonly removed: TableAddress | null;
};

export type FilesStorage = {
  readonly kind: 'files';
  readonly place: TableAddress;
  /** Key of the folder that belongs to this version alone. */
  readonly folder: string;
  /** `s3://…/` folder of the Parquet files: of this version's own, or of the load that is the table as it lies. */
  readonly location: string;
  readonly columns: TableColumn[];
};

export const storageOf = (version: TableVersion): AthenaStorage =>
  version.storage as unknown as AthenaStorage;

export const asStorage = (storage: AthenaStorage): { [key: string]: Json } =>
  storage as unknown as { [key: string]: Json };
