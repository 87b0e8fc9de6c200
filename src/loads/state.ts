import type { KeySum } from '../ports/key-sum.ts';
import type { TableDefinition, TableVersion } from '../ports/tables.ts';
import type { Counted, DataTime, DeliveredFaults, LoadFeed, PendingLoad } from './load.ts';

/**
 * The one record by which a dataset's loads are committed; replaced only by conditional writes. It holds two state
 * machines and the queue between them: `loading` is what is asked of the source, `pending` the loads that wait in the
 * raw zone, `table` the staged table with the verdict of its checks. Steps change it by the functions in
 * `loading.ts` and `table-state.ts` only.
 */
export type DatasetState = {
  readonly dataset: string;
  readonly loading: Loading;
  /** How far it is committed. Absent: no load of it was ever committed. */
  readonly committed?: Committed;
  /** Committed loads that staging has not taken yet, oldest first; only the first can be a snapshot. */
  readonly pending: readonly PendingLoad[];
  readonly table: TableState;
  /** The next load is a snapshot, whatever the watermark. Default: as the catalog says. */
  readonly snapshotNext?: boolean;
  /** The next run stages the table again from the raw zone, whatever has changed. Default: only what is new. */
  readonly restage?: boolean;
  /** Rows that a person has decided on although they break a check: a digest of each, and `release` or `drop`. */
  readonly decided?: TableVersion;
  /** Checks of which rows are kept aside, though the catalog says otherwise: a person has asked for it. Default: none. */
  readonly keepAside?: readonly string[];
  /** Definitions of this table that showed what is not to be seen any more. Default: none. */
  readonly narrowed?: readonly NarrowedDefinition[];
};

/** Of all committed loads. */
export type Committed = {
  /** How far the dataset is loaded, in the source's clock. */
  readonly watermark: string;
  /** When the newest load was asked for, by the lake's own clock, ISO 8601 UTC: how fresh it is. */
  readonly loadedAt: string;
  /** Where the source gives one (Canvas). */
  readonly schemaVersion?: number;
  /** Of changes that flow into files: how far they have been committed. */
  readonly feed?: LoadFeed;
};

/** What the source is asked for: everything, or the changes since a watermark. */
export type Question = { readonly kind: 'snapshot' } | { readonly kind: 'increment'; readonly since: string };

/** A load that was asked for; kept so that a continued run asks for its job again instead of starting a new one. */
type Asked = {
  readonly load: string;
  readonly question: Question;
  readonly startedAt: string;
  /** How often it was asked for again after a failure. Default: never. */
  readonly attempts?: number;
};

/** A load between being asked for and being committed. */
export type LoadUnderWay =
  /** The source works on its job, or has done it. */
  | (Asked & { readonly phase: 'requested'; readonly job: string })
  /** Its job failed; the load is asked for again then (ISO 8601 UTC). */
  | (Asked & { readonly phase: 'retrying'; readonly job: string; readonly askAgainAt: string })
  /** The source has no data yet: there is nothing to wait for or to fetch. Absent job: it did not even start one. */
  | (Asked & { readonly phase: 'empty'; readonly job?: string });

export type Loading = { readonly phase: 'idle' } | LoadUnderWay;

/** The newest staged version; models read it once its checks have passed, people see it once it is published. */
export type StagedTable = {
  readonly version: TableVersion;
  /** The newest load in it. */
  readonly load: string;
  /** How far its rows go. Absent: nobody knows, of a record that was made again from an old publication. */
  readonly time?: DataTime;
  /** The snapshot that it begins with. Absent: not known any more. */
  readonly base?: BaseSnapshot;
  /** Rows that the source counted in that load, where it is a copy of everything and the source counts. */
  readonly rowsAtSource?: number;
  /** The sum of the keys in that load, counted at the source or in what it delivered; columns by their names here. */
  readonly keysAtSource?: KeySum;
  /** What the values of the loads that were staged last were like, where something was the matter with some. */
  readonly deliveredFaults?: DeliveredFaults;
};

/** The snapshot that a table begins with, and how far that went: loads before it are needed no more. */
export type BaseSnapshot = { readonly load: string; readonly watermark: string };

/** Rows of a staged version that break checks and are kept aside. */
export type Quarantine = {
  /** The version without them: what models read and people see. */
  readonly shown: TableVersion;
  /** These rows, and by which checks, why and in which run. */
  readonly aside: TableVersion;
  /** By check, the rows that break it. */
  readonly checks: { readonly [check: string]: number };
  readonly run: string;
};

/** The newest version whose checks have passed, while a newer one has not. */
export type GoodTable = {
  readonly version: TableVersion;
  /** The newest load in it. Absent: not known, in records of older versions of the lake. */
  readonly load?: string;
  /** How far its rows go. Absent: nobody knows. */
  readonly time?: DataTime;
  /** What its checks have counted in it. Absent: not known any more. */
  readonly counted?: Counted;
  /** What was kept aside of it: `version` is the one without. Absent: no row. */
  readonly quarantine?: Quarantine;
};

/** What is remembered from a version that was held back until one passes. */
export type Hold = {
  /** It was held back because the table had lost its rows. Default: not for that. */
  readonly emptied?: boolean;
  /** A person has confirmed that the table may have this few rows. Default: nobody has. */
  readonly acceptedRows?: number;
};

/** What stays of earlier versions while the newest has not passed. */
type Before = {
  /** Absent: none has ever passed, or none may be shown any more. */
  readonly good?: GoodTable;
  /** Absent: nothing has to be remembered since the last that passed. */
  readonly hold?: Hold;
};

export type TableState =
  /** Nothing was ever staged. */
  | { readonly phase: 'none' }
  /** Its checks have not run yet, or did not get to an end. */
  | (Before & { readonly phase: 'unchecked'; readonly staged: StagedTable })
  /** It broke a check and is held back. */
  | (Before & { readonly phase: 'rejected'; readonly staged: StagedTable })
  /** It is what models read. */
  | {
      readonly phase: 'passed';
      readonly staged: StagedTable;
      readonly counted?: Counted;
      readonly quarantine?: Quarantine;
    }
  /** The staged version showed what the catalog keeps out now, and is gone; `load` was the newest in it. */
  | (Before & { readonly phase: 'withdrawn'; readonly load: string; readonly base?: BaseSnapshot });

/** A definition by which a staged version showed what is not to be seen any more. */
export type NarrowedDefinition = {
  readonly digest: string;
  /** It tells which of its columns are not to be seen any more. Absent: all of them. */
  readonly definition?: TableDefinition;
};

/** The state of a dataset of which nothing has been asked for yet. */
export const newState = (dataset: string): DatasetState => ({
  dataset,
  loading: { phase: 'idle' },
  pending: [],
  table: { phase: 'none' },
});

/** The load that is under way at the source, if any. */
export const underWay = ({ loading }: DatasetState): LoadUnderWay | undefined =>
  loading.phase === 'idle' ? undefined : loading;

/** The newest staged version, whatever its checks have found. */
export const stagedOf = ({ table }: DatasetState): StagedTable | undefined =>
  'staged' in table ? table.staged : undefined;

/** The newest load that went into the table, though the version it went into may have been withdrawn since. */
export function stagedLoadOf({ table }: DatasetState): string | undefined {
  if (table.phase === 'none') return undefined;
  return table.phase === 'withdrawn' ? table.load : table.staged.load;
}

/** The snapshot that the table begins with, as far as it is known. */
export function baseOf({ table }: DatasetState): BaseSnapshot | undefined {
  if (table.phase === 'none') return undefined;
  return table.phase === 'withdrawn' ? table.base : table.staged.base;
}

/** The newest version whose checks have passed: the staged one, or one from before it. */
export function goodOf({ table }: DatasetState): GoodTable | undefined {
  if (table.phase === 'none') return undefined;
  if (table.phase !== 'passed') return table.good;
  const { staged, counted, quarantine } = table;
  const { version, load, time } = staged;
  return {
    version: quarantine?.shown ?? version,
    load,
    ...(time ? { time } : {}),
    ...(counted ? { counted } : {}),
    ...(quarantine ? { quarantine } : {}),
  };
}

/** Every version that the state names: their files are needed. */
export function versionsOf(state: DatasetState): TableVersion[] {
  const good = goodOf(state);
  const named = [stagedOf(state)?.version, good?.version, good?.quarantine?.aside, state.decided];
  return named.filter((version) => version !== undefined);
}

/** What is remembered of versions that were held back since the last that passed. */
export const holdOf = ({ table }: DatasetState): Hold | undefined =>
  table.phase === 'none' || table.phase === 'passed' ? undefined : table.hold;
