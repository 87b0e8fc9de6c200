import type { Json } from '../json.ts';
import type { LedgerStore, Versioned } from '../ports/ledger.ts';
import type { LoadManifest } from './load.ts';
import { committed } from './loading.ts';
import { type DatasetState, newState } from './state.ts';

const PREFIX = 'dataset/';

/** The state of a dataset; an empty one where nothing has been loaded. */
export async function readState(
  ledger: LedgerStore,
  dataset: string,
): Promise<{ state: DatasetState; version: number | undefined }> {
  const record = await ledger.read<Json>(PREFIX + dataset);
  if (!record) return { state: newState(dataset), version: undefined };
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
 * Committing a load twice changes nothing; see `committed`.
 */
export async function commitLoad(
  ledger: LedgerStore,
  manifest: LoadManifest,
  manifestKey: string,
): Promise<DatasetState> {
  return changeState(ledger, manifest.dataset, (state) => committed(state, manifest, manifestKey));
}
