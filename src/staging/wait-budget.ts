import { randomBytes } from 'node:crypto';
import { StillRunningError } from '../ports/errors.ts';
import type { LedgerStore } from '../ports/ledger.ts';
import type { Clock, Platform } from '../ports/platform.ts';
import type { Stager, WaitBudget } from '../ports/query-engine.ts';
import type { NotYet, Uses } from '../ports/step.ts';
import type { StartedStaging } from '../state/work-documents.ts';

const keyOf = (dataset: string): string => `staging/${dataset}`;

/** Most statements take seconds; what takes longer is waited for outside of this process. */
const WAIT_MS = 45_000;

/** What is to be resumed: the run, and a name that no other work of the run has (a dataset, `warehouse`, `sweep`). */
export interface Resumed {
  readonly run: string;
  readonly dataset: string;
}

interface Needs {
  readonly platform: Pick<Platform, 'ledger'> & {
    readonly clock: Pick<Clock, 'now'>;
    readonly engine: Pick<Stager, 'capabilities'>;
  };
}

/**
 * The wait budget of a dataset's staging in a run, where the engine works in the background: the token is kept
 * until `forgetResumeToken`, so a step called again, after a kill too, resumes what it has begun.
 */
export async function waitBudgetFor(
  { platform: { clock, engine, ledger } }: Needs,
  { run, dataset }: Resumed,
): Promise<WaitBudget | undefined> {
  if (!engine.capabilities.background) return undefined;
  const known = await ledger.read<StartedStaging>(keyOf(dataset));
  if (known?.value.run === run) {
    const { mark, startedAt } = known.value;
    return { resumeToken: mark, waitMs: WAIT_MS, startedAt: startedAt ?? clock.now() };
  }
  const resumeToken = randomBytes(5).toString('hex');
  const startedAt = clock.now();
  await ledger.write<StartedStaging>(keyOf(dataset), { run, mark: resumeToken, startedAt }, known?.version);
  return { resumeToken, waitMs: WAIT_MS, startedAt };
}

/** After success or failure the next staging starts from the beginning. */
export async function forgetResumeToken(ledger: LedgerStore, dataset: string): Promise<void> {
  await ledger.delete(keyOf(dataset));
}

/**
 * Work whose statements may outlast this process. Called again with the same run and name, it is done again from its
 * start, and what it started before is found by its token and not started a second time.
 * @returns what the work returns, or when to ask again
 */
export async function resumed<T>(
  lake: Needs & Uses<'signal'>,
  at: Resumed,
  work: (budget: WaitBudget | undefined) => Promise<T>,
): Promise<T | NotYet> {
  const budget = await waitBudgetFor(lake, at);
  try {
    const done = await work(budget);
    if (budget) await forgetResumeToken(lake.platform.ledger, at.dataset);
    return done;
  } catch (error) {
    if (error instanceof StillRunningError)
      return { done: false, retryAfterSeconds: error.retryAfterSeconds };
    // A process that is about to end has not failed: the next one goes on.
    if (budget && !lake.signal.aborted) await forgetResumeToken(lake.platform.ledger, at.dataset);
    throw error;
  }
}
