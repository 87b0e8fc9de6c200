import { randomBytes } from 'node:crypto';
import type { LedgerStore } from '../ports/ledger.ts';
import type { WaitBudget } from '../ports/query-engine.ts';
import type { Uses } from '../ports/step.ts';
import type { StartedStaging } from '../state/work-documents.ts';

const keyOf = (dataset: string): string => `staging/${dataset}`;

/** Most statements take seconds; what takes longer is waited for outside of this process. */
const WAIT_MS = 45_000;

/**
 * The wait budget of a dataset's staging in a run, where the engine works in the background: the token is kept
 * until `forgetResumeToken`, so a step called again, after a kill too, resumes what it has begun.
 */
export async function waitBudgetFor(
  { platform: { engine, ledger } }: Uses<'ledger' | 'engine'>,
  { run, dataset }: { readonly run: string; readonly dataset: string },
): Promise<WaitBudget | undefined> {
  if (!engine.capabilities.background) return undefined;
  const known = await ledger.read<StartedStaging>(keyOf(dataset));
  if (known?.value.run === run) return { resumeToken: known.value.mark, waitMs: WAIT_MS };
  const resumeToken = randomBytes(5).toString('hex');
  await ledger.write<StartedStaging>(keyOf(dataset), { run, mark: resumeToken }, known?.version);
  return { resumeToken, waitMs: WAIT_MS };
}

/** After success or failure the next staging starts from the beginning. */
export async function forgetResumeToken(ledger: LedgerStore, dataset: string): Promise<void> {
  await ledger.delete(keyOf(dataset));
}
