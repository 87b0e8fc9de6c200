import type { CatalogDataset } from '../campus/campus.ts';
import type { DatasetState, LoadManifest } from '../loads/load.ts';
import { hasWindow } from './retention.ts';

export type Question = { readonly kind: 'snapshot' } | { readonly kind: 'increment'; readonly since: string };

/** What to ask the source for: a snapshot once, and from then on the changes since the watermark. */
export function decide(dataset: Pick<CatalogDataset, 'load'>, state: DatasetState): Question {
  if (state.watermark === undefined || state.snapshotNext || dataset.load === 'snapshot') {
    return { kind: 'snapshot' };
  }
  return { kind: 'increment', since: state.watermark };
}

/** Whether this load counts already: then every step of it has nothing left to do. */
export function isCommitted(state: DatasetState, load: string): boolean {
  return state.stagedLoad === load || state.pending.some((p) => p.load === load);
}

/**
 * Whether a load replaces what was loaded before or adds to it. A snapshot of a table that keeps only the last
 * days adds: what has left its window is kept here.
 */
export function effectOf(
  dataset: Pick<CatalogDataset, 'namespace'>,
  asked: 'snapshot' | 'increment',
  state: DatasetState,
): LoadManifest['kind'] {
  const adds = asked === 'increment' || (hasWindow(dataset.namespace) && state.watermark !== undefined);
  return adds ? 'increment' : 'snapshot';
}

/**
 * The load of a table of which the source says that there is no data yet. It counts as an empty table; but where
 * rows were loaded before, they stay, and are known no further: a source that has nothing now is being rebuilt, not
 * emptied. A table that was empty before is known to be so up to now, for a table that nobody uses has never any data;
 * as no changes can be told from there, the load after it is a snapshot.
 */
export function emptyLoad(
  asked: Question['kind'],
  state: DatasetState,
  now: string,
): Pick<LoadManifest, 'kind' | 'watermark' | 'provisional'> {
  const wasEmpty = state.staged?.rows === 0 && state.pending.length === 0;
  if (state.watermark === undefined || (wasEmpty && asked === 'snapshot')) {
    return { kind: 'snapshot', watermark: now, provisional: true };
  }
  return {
    kind: 'increment',
    watermark: state.watermark,
    ...(asked === 'snapshot' || wasEmpty ? { provisional: true } : {}),
  };
}
