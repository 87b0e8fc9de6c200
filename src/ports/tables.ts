import type { LakeType } from '../campus/lake-type.ts';
import type { Json } from '../json.ts';

/** A column as the lake stores it, named and typed. */
export interface TableColumn {
  readonly name: string;
  readonly type: LakeType;
}

/** A column of a staged table: where its values come from, and what is done with them. */
export interface DefinedColumn extends TableColumn {
  /** Name at the source. */
  readonly source: string;
  readonly treatment: 'keep' | 'pseudonym' | 'mask';
  /** With `pseudonym`: the kind of id, so that one person's ids meet across sources. */
  readonly pseudonymKind?: string;
  /**
   * With `pseudonym`: the ids are delivered as decimals with places, and whole ones lose them before the pseudonym is
   * made, so that it is that of the same id in a column of whole numbers. Default: false.
   */
  readonly wholeId?: boolean;
  /** With `mask`: what is stored in the place of its values, in the catalog's words, such as `last_four`. */
  readonly mask?: string;
  /** The source no longer has it: the column stays, empty. Default: false. */
  readonly absent?: boolean;
}

/** What the catalog makes of a source's table. Rows staged by one definition are not mixed with rows of another. */
export interface TableDefinition {
  /** Key columns, by output name. */
  readonly key: string[];
  readonly columns: DefinedColumn[];
  /** Fingerprints of the secret keys of its pseudonyms and shifted dates, the oldest first; absent where it has none. */
  readonly pseudonymKey?: string;
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
  /**
   * A digest of what its rows were made from, or of the file that they are in: versions of one table and one
   * definition with the same one have the same rows. Absent: nobody can tell without reading them.
   */
  readonly content?: string;
  /** Of a staged table: by what it was staged. Absent in versions of older lakes. */
  readonly definition?: TableDefinition;
  /**
   * Of a curated table: the staged tables whose rows are in it, through other models too, each as `table@digest` of
   * its definition. Absent in versions of older lakes.
   */
  readonly reads?: string[];
  /**
   * Of the staged tables in `reads`, by table, the columns that may be in it or have decided about its rows. Of a table
   * that is not here: all of them.
   */
  readonly readsColumns?: { readonly [table: string]: string[] };
}

/** Tables by `database.table`: the state of the lake that a query sees. */
export type TableSet = Readonly<Record<string, TableVersion>>;
