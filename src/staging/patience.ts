import { randomBytes } from 'node:crypto';
import type { LedgerStore } from '../ports/ledger.ts';
import type { Patience } from '../ports/query-engine.ts';
import type { Lake } from '../ports/step.ts';

/** What a staging has begun elsewhere is found again by its mark, for as long as its run tries. */
type Staging = { readonly run: string; readonly mark: string };

const keyOf = (dataset: string): string => `staging/${dataset}`;

/** Most statements take seconds; what takes longer is waited for outside of this process. */
const WAIT_MS = 45_000;

/**
 * The patience with which a dataset is staged in a run, where the target goes on with it elsewhere: the mark is kept
 * until `forgetMark`, so whoever calls the step again, after a kill too, goes on with what was begun.
 */
export async function patienceFor(
  { platform: { engine, ledger } }: Lake,
  { run, dataset }: { readonly run: string; readonly dataset: string },
): Promise<Patience | undefined> {
  if (!engine.capabilities.background) return undefined;
  const known = await ledger.read<Staging>(keyOf(dataset));
  if (known?.value.run === run) return { mark: known.value.mark, waitMs: WAIT_MS };
  const mark = randomBytes(5).toString('hex');
  await ledger.write<Staging>(keyOf(dataset), { run, mark }, known?.version);
  return { mark, waitMs: WAIT_MS };
}

/** What was staged, or has failed, is begun anew the next time. */
export async function forgetMark(ledger: LedgerStore, dataset: string): Promise<void> {
  await ledger.delete(keyOf(dataset));
}
