import type { Json } from '../json.ts';
import type { RawFile } from '../loads/load.ts';
import type { LedgerStore } from '../ports/ledger.ts';

/**
 * Files of a load that are fetched but not committed, one record each: what a continued run does not fetch again.
 * `index` is the file's place in its job.
 */
export type FetchedFile = { readonly job: string; readonly index: number; readonly file: RawFile };

const prefixOf = (dataset: string) => `fetched/${dataset}/`;

export async function listFetched(ledger: LedgerStore, dataset: string): Promise<FetchedFile[]> {
  const records = await ledger.list<Json>(prefixOf(dataset));
  return records.map((record) => record.value as unknown as FetchedFile);
}

export async function recordFetched(
  ledger: LedgerStore,
  dataset: string,
  fetched: FetchedFile,
): Promise<void> {
  const key = prefixOf(dataset) + String(fetched.index).padStart(5, '0');
  const known = await ledger.read(key);
  await ledger.write(key, fetched as unknown as Json, known?.version);
}

export async function forgetFetched(ledger: LedgerStore, dataset: string): Promise<void> {
  for (const { key } of await ledger.list(prefixOf(dataset))) await ledger.delete(key);
}
