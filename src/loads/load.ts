import type { LakeType } from '../campus/lake-type.ts';
import type { KeySum } from '../ports/key-sum.ts';
import type { LoadedFile } from '../ports/objects.ts';
import type { ChangeFeed } from '../ports/replication.ts';

/**
 * What is written next to the raw files of a load, as `manifest.json`: enough to stage it again without asking the
 * source. Plain JSON.
 */
export type LoadManifest = {
  readonly load: string;
  readonly dataset: string;
  readonly kind: 'snapshot' | 'increment';
  readonly layout: 'dap' | 'dms' | 'dms-changes';
  readonly format: 'jsonl' | 'parquet';
  /** Where the source gives one (Canvas). */
  readonly schemaVersion?: number;
  readonly since?: string;
  /** How far the dataset is loaded with this load, in the source's clock. */
  readonly watermark: string;
  /** Up to when its rows are known, where that is later, as of a table to which nothing happens. Default: watermark. */
  readonly knownUpTo?: string;
  /** The source's own name of the job or task, for its support. */
  readonly job?: string;
  /** Rows, where the source counts them. */
  readonly rows?: number;
  /** The sum of their keys, where the source counts it; columns by their names there. */
  readonly keySum?: KeySum;
  /** Texts and binary values of so many bytes or more may have been cut on the way. Default: none was. */
  readonly lobLimit?: number;
  /** How many values of which columns, by their names at the source, the copy left empty as too large. Default: none. */
  readonly setAside?: { readonly [column: string]: number };
  readonly files: RawFile[];
  /** The source's columns when the load was made, where the source tells them. */
  readonly columns?: LoadColumn[];
  /** Of changes that flow into files: what has been taken of them with this load. */
  readonly feed?: LoadFeed;
  /** The source had no data at all yet, so no changes can be computed from here: the next load is a snapshot. */
  readonly provisional?: boolean;
  readonly startedAt: string;
};

/** A file that is staged. */
export type RawFile = LoadedFile & {
  /** The file as the source delivered it, where that cannot be read as it is and this one was made of it. */
  readonly delivered?: LoadedFile;
  /** In how many values of a column, by its name at the source, something that is no Unicode was replaced. */
  readonly repaired?: { readonly [column: string]: number };
  /** It holds no record, so that nobody need read it. Default: it may hold some. */
  readonly empty?: boolean;
};

/** A column of the source, by its name there. */
export type LoadColumn = {
  readonly name: string;
  readonly section: 'key' | 'value';
  readonly type: LakeType;
  readonly nullable: boolean;
};

/** Which change files were taken, and for a table of which make: of another make, all of them are read again. */
export type LoadFeed = ChangeFeed & { readonly make: string };

/** A load in the raw zone that staging has not taken yet. */
export type PendingLoad = {
  readonly load: string;
  readonly kind: 'snapshot' | 'increment';
  readonly manifest: string;
};

/** How far the rows of a version go; it travels with the version, whatever is loaded after it. */
export type DataTime = {
  /** The watermark of the newest load in it, ISO 8601 UTC, by the source's own clock. */
  readonly asOf: string;
  /** When that load was asked for, ISO 8601 UTC, by the lake's clock. */
  readonly loadedAt: string;
};

/** In how many delivered values of which columns something was the matter; never which values. */
export type DeliveredFaults = {
  /** They did not fit the type of their column, and are null in its place. */
  readonly setAside: { readonly [column: string]: number };
  /** They were no Unicode; what was not is replaced by U+FFFD. */
  readonly replaced: { readonly [column: string]: number };
};

/** What was counted in a version for its checks, each with a digest (`of`) of all that the numbers depend on. */
export type Counted = {
  /** For each check that reads rows, in their order, the rows that break it. */
  readonly checks?: { readonly of: string; readonly counts: readonly number[] };
  /** The sum of its keys; see `KeySum`. */
  readonly keys?: { readonly of: string; readonly sum: string };
};
