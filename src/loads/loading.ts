import type { LoadManifest } from './load.ts';
import { type Committed, type DatasetState, type LoadUnderWay, stagedLoadOf, underWay } from './state.ts';

/** A load was asked for: it takes the place of one that was under way. */
export const requested = (state: DatasetState, loading: LoadUnderWay): DatasetState => ({
  ...state,
  loading,
});

/** The job of the load under way failed: it is asked for again at `askAgainAt` (ISO 8601 UTC), for the n-th time. */
export function retrying(state: DatasetState, attempts: number, askAgainAt: string): DatasetState {
  const { loading } = state;
  if (loading.phase === 'idle' || loading.phase === 'empty') return state;
  return {
    ...state,
    loading: { ...askedOf(loading), phase: 'retrying', job: loading.job, attempts, askAgainAt },
  };
}

/** The source says of the load under way that it has no data yet. */
export function foundEmpty(state: DatasetState): DatasetState {
  const { loading } = state;
  if (loading.phase === 'idle' || loading.phase === 'empty') return state;
  return { ...state, loading: { ...askedOf(loading), phase: 'empty', job: loading.job } };
}

/** The load under way is given up: the next step asks the source again. */
export const abandoned = (state: DatasetState): DatasetState => ({ ...state, loading: { phase: 'idle' } });

/** The next load is to be a snapshot. It stays so until one is committed. */
export const snapshotWanted = (state: DatasetState): DatasetState => ({ ...state, snapshotNext: true });

/** Loads that wait cannot be staged, so they wait no longer; a snapshot brings their rows. */
export const reloadWanted = (state: DatasetState): DatasetState =>
  snapshotWanted({ ...abandoned(state), pending: [] });

/** The next run stages the table again from the raw zone. */
export const restageWanted = (state: DatasetState): DatasetState => ({ ...state, restage: true });

/** As `restageWanted`, but from the source: that it was to be staged again from the raw zone is settled with it. */
export function snapshotWantedInstead({ restage: _before, ...state }: DatasetState): DatasetState {
  return snapshotWanted(state);
}

/**
 * A load counts, and waits for staging. A snapshot makes older loads that still wait superfluous. One that counts
 * already changes nothing. That the next load is to be a snapshot stays so until one is committed: it may have been
 * asked for meanwhile.
 */
export function committed(state: DatasetState, manifest: LoadManifest, manifestKey: string): DatasetState {
  const known = abandoned(state);
  if (stagedLoadOf(state) === manifest.load) return known;
  const { snapshotNext, committed: before, ...rest } = known;
  const stays = manifest.provisional || (snapshotNext && !isSnapshot(manifest));
  const others = state.pending.filter((p) => p.load !== manifest.load);
  const entry = { load: manifest.load, kind: manifest.kind, manifest: manifestKey };
  return {
    ...rest,
    committed: committedBy(manifest, before),
    ...(stays ? { snapshotNext: true } : {}),
    pending: manifest.kind === 'snapshot' ? [entry] : [...others, entry],
  };
}

function committedBy(manifest: LoadManifest, before: Committed | undefined): Committed {
  const schemaVersion = manifest.schemaVersion ?? before?.schemaVersion;
  return {
    watermark: manifest.watermark,
    loadedAt: manifest.startedAt,
    ...(schemaVersion === undefined ? {} : { schemaVersion }),
    ...(manifest.feed ? { feed: manifest.feed } : {}),
  };
}

/** Of a table that keeps its last days only, a snapshot is taken as an increment, but begins nowhere. */
const isSnapshot = ({ kind, layout, since }: LoadManifest): boolean =>
  kind === 'snapshot' || (layout === 'dap' && since === undefined);

function askedOf({ load, question, startedAt, attempts }: LoadUnderWay) {
  return { load, question, startedAt, ...(attempts === undefined ? {} : { attempts }) };
}

/** Whether this load counts already: then every step of it has nothing left to do. */
export function isCommitted(state: DatasetState, load: string): boolean {
  return stagedLoadOf(state) === load || state.pending.some((p) => p.load === load);
}

/** The load under way, where it is that of this run. */
export function underWayIn(state: DatasetState, run: string): LoadUnderWay | undefined {
  const loading = underWay(state);
  return loading?.load === run ? loading : undefined;
}
