import { debugLog } from '../debug-log.ts';
import type { Notified } from '../notify/notified.ts';
import { LedgerUnusableError } from '../ports/errors.ts';
import type { EventSink } from '../ports/events.ts';
import type { Lake } from '../ports/step.ts';
import { type Plan, planFor } from './plan.ts';
import { reportFault } from './report-fault.ts';
import { beginRun, endRun, remembering } from './run-life.ts';
import type { RunRecord } from './run-record.ts';
import { Runner } from './runner.ts';
import { type StepFailure, StepLog } from './step-log.ts';
import { StepMeters } from './step-meters.ts';
import { stepRegistry } from './steps.ts';

export interface RunOptions {
  readonly lake: Lake;
  readonly events: EventSink;
  /** Start a new run even where an interrupted one could be continued. Default: false. */
  readonly fresh?: boolean;
  /** Default: the campus's whole plan. */
  readonly plan?: Plan;
}

export interface RunOutcome {
  readonly record: RunRecord;
  readonly failures: StepFailure[];
  /** Who was notified of it. */
  readonly notified: Notified;
  /** Whether an interrupted run was continued. */
  readonly continued: boolean;
}

/**
 * Loads the lake: executes the plan from its beginning, or from where the interrupted run stopped. One run at a
 * time: the ledger's lock is held throughout.
 * @throws RunLockedError while another run is going
 * @throws RunStoppedError when the lake's signal is aborted; the run can then be continued
 * @throws LedgerUnusableError where the ledger cannot be read or written; the team has been notified all the same
 *
 * @example
 * ```ts
 * import type { EventSink } from '../ports/events.ts';
 * import type { Lake } from '../ports/step.ts';
 * import { runLake } from './run.ts';
 *
 * async function night(lake: Lake, events: EventSink): Promise<boolean> {
 *   const { record, failures } = await runLake({ lake, events });
 *   for (const { step, about, hint } of failures) console.log(step, about, hint);
 *   return record.status === 'succeeded';
 * }
 * ```
 */
export async function runLake(options: RunOptions): Promise<RunOutcome> {
  const { lake } = options;
  const startedAt = lake.platform.clock.now();
  const begun: Begun = {};
  try {
    return await runLocked(options, begun);
  } catch (error) {
    if (!(error instanceof LedgerUnusableError)) throw error;
    const failures = begun.log?.failures ?? [];
    await reportFault(lake, { fault: error, record: begun.record, failures, startedAt });
    throw error;
  }
}

/** How far a run has come, for the report when it breaks. */
interface Begun {
  record?: RunRecord;
  log?: StepLog;
}

async function runLocked(
  { lake, events, fresh = false, plan }: RunOptions,
  begun: Begun,
): Promise<RunOutcome> {
  const { features = [], platform } = lake;
  const { ledger } = platform;
  const lock = await ledger.lock('Another run');
  try {
    const record = await beginRun(lake.platform, { fresh });
    begun.record = record;
    await ledger.health?.forget();
    const log = await StepLog.open(ledger, { ...record, sources: Object.keys(lake.campus.sources) });
    begun.log = log;
    const meters = await StepMeters.open(lake, record);
    const runner = new Runner({
      run: record.run,
      lake: remembering(lake, log),
      steps: stepRegistry(features),
      log,
      events,
      meters,
    });
    await runner.execute(plan ?? planFor(lake.campus, features)).finally(() => meters.flush());
    if (log.fault) throw log.fault;
    return { ...(await endRun(lake.platform, record)), continued: record.attempt > 1 };
  } finally {
    // On a disk that takes nothing the lock stays; its holder is known to be gone.
    await lock.release().catch((error: unknown) => debugLog('the lock of the run', error));
  }
}
