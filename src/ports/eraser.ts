import type { StoredObject } from './objects.ts';
import type { TableVersion } from './tables.ts';

/** A field of stored rows. */
export interface RowField {
  readonly name: string;
  /** Of records in Parquet: the part in which it stands. Absent: a column of its own. */
  readonly section?: 'key' | 'value';
}

/** A field and the texts that are looked for in it. */
export interface WatchedField extends RowField {
  /** Whether this text is one of a person who is erased. Asked once for each distinct text. */
  has(text: string): boolean;
}

/**
 * What becomes of rows of persons who are erased. A row is theirs where one of its owners is; where all owners are
 * empty, as in the record of a removal, its key decides.
 */
export interface RowRules {
  readonly owners: readonly WatchedField[];
  readonly key?: {
    readonly fields: readonly RowField[];
    /** @param texts of the key's fields, in their order */
    has(texts: readonly string[]): boolean;
  };
  /** In rows of other people: the value is emptied, the row stays. */
  readonly mentions: readonly WatchedField[];
  /** Their rows stay, with these fields changed. Absent: they are removed. */
  readonly masks?: {
    readonly emptied: readonly RowField[];
    /** Only owners of type `varchar`. */
    readonly replaced: readonly RowField[];
    surrogateOf(text: string): string;
  };
}

/** What a rewriting did. */
export interface Rewritten {
  readonly removed: number;
  readonly masked: number;
  /** Values of mentions that were emptied. */
  readonly emptied: number;
}

/**
 * Takes rows of persons out of what is stored. Everything else in a file or a version stays as it is, types and
 * columns included; repeated, it finds nothing more to do.
 *
 * @example
 * ```ts
 * import type { Eraser, RowRules } from './eraser.ts';
 *
 * async function eraseUser(eraser: Eraser, file: string): Promise<number> {
 *   const rules: RowRules = { owners: [{ name: 'user_id', has: (text) => text === '42' }], mentions: [] };
 *   const done = await eraser.rewriteFile(file, rules, async () => {});
 *   return done?.removed ?? 0;
 * }
 * ```
 */
export interface Eraser {
  /** The distinct texts of these fields in rows of a Parquet object that an owner matches; null where empty. */
  matchesInFile(key: string, rules: RowRules, wanted: readonly RowField[]): Promise<(string | null)[][]>;
  /** The same for a version of a table. */
  matchesInVersion(
    version: TableVersion,
    rules: RowRules,
    wanted: readonly RowField[],
  ): Promise<(string | null)[][]>;
  /**
   * Replaces a Parquet object, whole or not at all.
   * @param before called once it is known what will change, and before anything has
   * @returns undefined where nothing in it matched
   */
  rewriteFile(
    key: string,
    rules: RowRules,
    before: (done: Rewritten) => Promise<void>,
  ): Promise<(Rewritten & { readonly object: StoredObject }) | undefined>;
  /**
   * A new version without these rows, and without the history of them. Files of the old version are not touched.
   * @returns undefined where the version is read from the raw files themselves: then it is staged again from those
   */
  rewriteVersion(
    version: TableVersion,
    rules: RowRules,
    versionId: string,
  ): Promise<(Rewritten & { readonly version: TableVersion }) | undefined>;
  /**
   * Removes what the storage still has of objects that were replaced or deleted. Absent where nothing is kept.
   * @param keys only of these objects. Default: of all, and the answers of queries too; then no run may be under way
   */
  forgetReplaced?(keys?: readonly string[]): Promise<void>;
  /** How many earlier states of objects the storage still has. Absent where it keeps none. */
  countReplaced?(): Promise<number>;
}
