import type { CatalogDataset } from '../campus/campus.ts';
import type { LoadManifest } from '../loads/load.ts';
import { type DatasetState, type Question, stagedOf } from '../loads/state.ts';
import { hasWindow } from './retention.ts';

/** What to ask the source for: a snapshot once, and from then on the changes since the watermark. */
export function decide(dataset: Pick<CatalogDataset, 'load'>, state: DatasetState): Question {
  const since = state.committed?.watermark;
  if (since === undefined || state.snapshotNext || dataset.load === 'snapshot') return { kind: 'snapshot' };
  return { kind: 'increment', since };
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
  const adds = asked === 'increment' || (hasWindow(dataset.namespace) && state.committed !== undefined);
  return adds ? 'increment' : 'snapshot';
}

/**
 * The load of a table of which the source says that there is no data yet. It counts as an empty table; but where
 * rows were loaded before, they stay, and are known no further: a source that has nothing now is being rebuilt, not
 * emptied. A table that was empty before is known to be so up to now, for a table that nobody uses has never any data;
 * as no changes can be computed from there, the load after it is a snapshot.
 */
export function emptyLoad(
  asked: Question['kind'],
  state: DatasetState,
  now: string,
): Pick<LoadManifest, 'kind' | 'watermark' | 'provisional'> {
  const wasEmpty = stagedOf(state)?.version.rows === 0 && state.pending.length === 0;
  if (!state.committed || (wasEmpty && asked === 'snapshot')) {
    return { kind: 'snapshot', watermark: now, provisional: true };
  }
  return {
    kind: 'increment',
    watermark: state.committed.watermark,
    ...(asked === 'snapshot' || wasEmpty ? { provisional: true } : {}),
  };
}
