import type { LakeType } from '../../campus/lake-type.ts';
import type { Json } from '../../json.ts';

/** A column as the lake stores it, named and typed. */
export interface TableColumn {
  readonly name: string;
  readonly type: LakeType;
}

/**
 * One immutable version of one table. Plain JSON: it is kept in the ledger, handed between steps and named by
 * publications. Making a new version never touches the files of an older one.
 */
export interface TableVersion {
  /** `database.table`, e.g. `canvas.users`. */
  readonly table: string;
  readonly columns: TableColumn[];
  readonly rows: number;
  /** What the adapter needs to read this version (files and deltas on one machine, a snapshot id on AWS). */
  readonly storage: { [key: string]: Json };
}

/** Tables by `database.table`: the state of the lake that a query sees. */
export type TableSet = Readonly<Record<string, TableVersion>>;
