import type { TableVersion } from '../ports/tables.ts';
import type { Counted, DataTime, PendingLoad } from './load.ts';
import {
  baseOf,
  type DatasetState,
  type GoodTable,
  goodOf,
  type Hold,
  holdOf,
  type NarrowedDefinition,
  type Quarantine,
  type StagedTable,
  stagedLoadOf,
  stagedOf,
  type TableState,
} from './state.ts';

/** What staging made of loads. */
export type StagedWork = Omit<StagedTable, 'load'> & {
  /** The loads that went into it, which wait no longer. None: columns were changed, and no row came. */
  readonly loads: readonly PendingLoad[];
};

/**
 * A version was staged. It has not been checked, whatever load it holds: its definition may be another. What nothing
 * is said of now (counts and sums of the source, faults) is forgotten; how far it goes and what it begins with stay.
 */
export function staged(state: DatasetState, { loads, ...made }: StagedWork): DatasetState {
  const load = loads.at(-1)?.load ?? stagedLoadOf(state);
  // Without loads nothing can have been staged onto nothing.
  if (load === undefined) return state;
  const { restage: _done, ...rest } = state;
  const taken = new Set(loads.map((one) => one.load));
  const time = made.time ?? stagedOf(state)?.time;
  const base = made.base ?? baseOf(state);
  return {
    ...rest,
    table: {
      phase: 'unchecked',
      staged: { ...made, load, ...(time ? { time } : {}), ...(base ? { base } : {}) },
      ...before(goodOf(state), holdOf(state)),
    },
    pending: state.pending.filter((pending) => !taken.has(pending.load)),
  };
}

/**
 * The staged version of this load passed its checks, which counted this in it: it is what models read, without what was kept
 * aside.
 */
export function passed(
  state: DatasetState,
  load: string,
  counted: Counted = {},
  quarantine?: Quarantine,
): DatasetState {
  const found = stagedOf(state);
  if (found?.load !== load) return state;
  const table = { phase: 'passed', staged: found, counted, ...(quarantine ? { quarantine } : {}) } as const;
  return { ...state, table };
}

/** A person has decided on rows that break checks: they are told apart once more. */
export function rowsDecided(state: DatasetState, decided: TableVersion): DatasetState {
  return { ...checkedAgain(state), decided };
}

/** A person has asked to keep the rows aside that break these checks. */
export function asideWanted(state: DatasetState, checks: readonly string[]): DatasetState {
  const keepAside = [...new Set([...(state.keepAside ?? []), ...checks])].sort();
  return { ...checkedAgain(state), keepAside };
}

/** Of these checks no row is kept aside any more, but where the catalog says so. */
export function asideDone(
  { keepAside = [], ...state }: DatasetState,
  checks: readonly string[],
): DatasetState {
  const left = keepAside.filter((name) => !checks.includes(name));
  return left.length > 0 ? { ...state, keepAside: left } : state;
}

/** The newest version is checked again by the next run; until then people see what they see now. */
function checkedAgain(state: DatasetState): DatasetState {
  const { table } = state;
  if (table.phase !== 'passed') return state;
  return {
    ...state,
    table: { phase: 'unchecked', staged: table.staged, ...before(goodOf(state), undefined) },
  };
}

/** The staged version of this load broke a check: it is held back. */
export function rejected(state: DatasetState, load: string, emptied: boolean): DatasetState {
  const { table } = state;
  if (table.phase !== 'unchecked' && table.phase !== 'rejected') return state;
  if (table.staged.load !== load) return state;
  const hold = emptied ? { ...table.hold, emptied } : table.hold;
  return { ...state, table: { ...table, phase: 'rejected', ...(hold ? { hold } : {}) } };
}

/** The staged version is not trusted, though it passed its checks: it is held back, and this one is what models read. */
export function setBack(state: DatasetState, good: GoodTable): DatasetState {
  const found = stagedOf(state);
  return found ? { ...state, table: { phase: 'rejected', staged: found, good } } : state;
}

/** A person has confirmed that the table may have as few rows as the version that is held back. */
export function rowsAccepted(state: DatasetState, acceptedRows: number): DatasetState {
  const { table } = state;
  if (table.phase !== 'rejected') return state;
  return { ...state, table: { ...table, hold: { ...table.hold, acceptedRows } } };
}

/** These definitions showed what is not to be seen any more. */
export function narrowedTo(
  { narrowed: _before, ...state }: DatasetState,
  narrowed: readonly NarrowedDefinition[],
): DatasetState {
  return narrowed.length === 0 ? state : { ...state, narrowed };
}

/** Versions that show too much are forgotten: their files are about to go. */
export function withoutVersions(
  state: DatasetState,
  isGone: (version: TableVersion) => boolean,
): DatasetState {
  const { decided, ...rest } = state;
  return {
    ...rest,
    ...(decided && !isGone(decided) ? { decided } : {}),
    table: tableWithout(state, isGone),
  };
}

/**
 * Rows were taken out of the staged version: this one takes its place and has to be checked. No earlier version stays,
 * since that has the rows; what the source counted is counted without them.
 */
export function versionInstead(
  { decided: _ofRowsBefore, ...state }: DatasetState,
  version: TableVersion,
  removed: number,
): DatasetState {
  const found = stagedOf(state);
  if (!found) return state;
  const { keysAtSource, rowsAtSource, ...rest } = found;
  const counted = {
    ...(rowsAtSource === undefined ? {} : { rowsAtSource: rowsAtSource - removed }),
    ...(keysAtSource === undefined || removed > 0 ? {} : { keysAtSource }),
  };
  return { ...state, table: { phase: 'unchecked', staged: { ...rest, ...counted, version } } };
}

function tableWithout(state: DatasetState, isGone: (version: TableVersion) => boolean): TableState {
  const { table } = state;
  const found = goodOf(state);
  const isWhole = (one: GoodTable) =>
    !isGone(one.version) && !(one.quarantine && isGone(one.quarantine.aside));
  const good = found && isWhole(found) ? found : undefined;
  if (table.phase === 'none') return table;
  if ('staged' in table && !isGone(table.staged.version)) {
    if (table.phase !== 'passed')
      return { phase: table.phase, staged: table.staged, ...before(good, table.hold) };
    // What was made of it is made again.
    return good ? table : { phase: 'unchecked', staged: table.staged };
  }
  const base = baseOf(state);
  return {
    phase: 'withdrawn',
    load: stagedLoadOf(state)!,
    ...(base ? { base } : {}),
    ...before(good, holdOf(state)),
  };
}

const before = (good: GoodTable | undefined, hold: Hold | undefined) => ({
  ...(good ? { good } : {}),
  ...(hold ? { hold } : {}),
});

/** The state of a dataset whose record was lost, made again from the version that is published. */
export function recovered(
  dataset: string,
  version: TableVersion,
  load: string,
  { asOf, loadedAt }: Partial<DataTime>,
): DatasetState {
  const time = asOf !== undefined && loadedAt !== undefined ? { asOf, loadedAt } : undefined;
  return {
    dataset,
    loading: { phase: 'idle' },
    ...(asOf === undefined ? {} : { committed: { watermark: asOf, loadedAt: loadedAt ?? asOf } }),
    pending: [],
    table: { phase: 'passed', staged: { version, load, ...(time ? { time } : {}) } },
    snapshotNext: true,
  };
}
