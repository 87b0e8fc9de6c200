import type { Json } from '../json.ts';
import type { LedgerStore, Versioned } from '../ports/ledger.ts';
import type { DatasetState, LoadManifest } from './load.ts';

const PREFIX = 'dataset/';

/** The state of a dataset; an empty one where nothing has been loaded. */
export async function readState(
  ledger: LedgerStore,
  dataset: string,
): Promise<{ state: DatasetState; version: number | undefined }> {
  const record = await ledger.read<Json>(PREFIX + dataset);
  if (!record) return { state: { dataset, pending: [] }, version: undefined };
  return { state: record.value as unknown as DatasetState, version: record.version };
}

/** The states of every dataset that has one. */
export async function listStates(ledger: LedgerStore): Promise<DatasetState[]> {
  const records: Versioned<Json>[] = await ledger.list<Json>(PREFIX);
  return records.map((r) => r.value as unknown as DatasetState);
}

/**
 * Replaces a dataset's state by what `change` makes of it, in one conditional write.
 * @throws LedgerConflictError when another process changed it meanwhile: only one run may load a dataset
 */
export async function changeState(
  ledger: LedgerStore,
  dataset: string,
  change: (state: DatasetState) => DatasetState,
): Promise<DatasetState> {
  const { state, version } = await readState(ledger, dataset);
  const next = change(state);
  await ledger.write(PREFIX + dataset, next as unknown as Json, version);
  return next;
}

/**
 * Commits a load: from this one write on it counts, its watermark is the dataset's, and staging will take it.
 * A snapshot makes older loads that still wait for staging superfluous. Committing a load twice changes nothing.
 * That the next load is to be a snapshot stays so until one is committed: it may have been asked for meanwhile.
 */
export async function commitLoad(
  ledger: LedgerStore,
  manifest: LoadManifest,
  manifestKey: string,
): Promise<DatasetState> {
  return changeState(ledger, manifest.dataset, (state) => {
    const { inFlight: _done, ...known } = state;
    if (state.stagedLoad === manifest.load) return known;
    const { snapshotNext, feed: _before, ...rest } = known;
    const stays = manifest.provisional || (snapshotNext && !isSnapshot(manifest));
    const others = state.pending.filter((p) => p.load !== manifest.load);
    const entry = { load: manifest.load, kind: manifest.kind, manifest: manifestKey };
    return {
      ...rest,
      watermark: manifest.watermark,
      loadedAt: manifest.startedAt,
      ...(manifest.schemaVersion === undefined ? {} : { schemaVersion: manifest.schemaVersion }),
      ...(manifest.feed ? { feed: manifest.feed } : {}),
      ...(stays ? { snapshotNext: true } : {}),
      pending: manifest.kind === 'snapshot' ? [entry] : [...others, entry],
    };
  });
}

/** Of a table that keeps its last days only, a snapshot is taken as an increment, but begins nowhere. */
const isSnapshot = ({ kind, layout, since }: LoadManifest): boolean =>
  kind === 'snapshot' || (layout === 'dap' && since === undefined);
