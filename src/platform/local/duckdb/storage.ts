import type { Json } from '../../../json.ts';
import type { TableColumn, TableVersion } from '../../../ports/tables.ts';

/** Parquet files of one writing, all with the same columns. Keys are relative to the lake's folder. */
export type FileSet = {
  readonly files: string[];
  readonly columns: TableColumn[];
  /** Rows with their tombstones. */
  readonly rows: number;
  readonly tombstones: number;
  /** The greatest `_ts` of its rows, as text. Absent: nobody knows, or it has no rows. */
  readonly newest?: string;
};

/**
 * How one machine keeps a version, in `TableVersion.storage`.
 * - `merged`: a base and the changes since, folded on read; every file carries `_ts` and `_deleted` in addition to the
 *   columns. A row in a newer group always stands above rows of its key in older ones.
 * - `raw`: the delivered files themselves, read through casts.
 * - `plain`: finished files, one row as it is.
 * - `rows`: files of the ledger's rows in the order in which they were appended; of one id the last row counts.
 */
export type LocalStorage =
  | {
      readonly kind: 'merged';
      readonly key: string[];
      readonly base: FileSet;
      readonly deltas: FileSet[];
    }
  | { readonly kind: 'raw'; readonly files: string[]; readonly columns: RawColumn[] }
  | { readonly kind: 'plain'; readonly files: string[] }
  | { readonly kind: 'rows'; readonly groups: RowGroup[] };

/** A file of rows that have ids, each once. `from` and `to`: the least and the greatest id. */
export type RowGroup = {
  readonly file: string;
  readonly columns: TableColumn[];
  readonly from: string;
  readonly to: string;
};

/** A column of a raw file: its name there, the type that the file reports, and its name and type in the lake. */
export type RawColumn = TableColumn & { readonly source: string; readonly reported: string };

/** `reported` of a column that the files do not have. */
export const ABSENT = '';

export const storageOf = (version: TableVersion): LocalStorage => version.storage as unknown as LocalStorage;

export const asStorage = (storage: LocalStorage): { [key: string]: Json } =>
  storage as unknown as { [key: string]: Json };

/** Every file that a version needs, as keys relative to the lake's folder. */
export function filesOf(version: TableVersion): string[] {
  const storage = storageOf(version);
  if (storage.kind === 'rows') return storage.groups.map(({ file }) => file);
  if (storage.kind !== 'merged') return storage.files;
  return [storage.base, ...storage.deltas].flatMap((group) => group.files);
}
