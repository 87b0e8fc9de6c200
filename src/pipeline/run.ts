import type { Lake } from '../step.ts';
import type { Watch } from './events.ts';
import { type Plan, planFor } from './plan.ts';
import { beginRun, endRun, remembering } from './run-life.ts';
import type { RunRecord } from './run-record.ts';
import { Runner } from './runner.ts';
import { type StepFailure, StepLog } from './step-log.ts';
import { stepRegistry } from './steps.ts';

export interface RunOptions {
  readonly lake: Lake;
  readonly watch: Watch;
  /** Start a new run even where an interrupted one could be continued. Default: false. */
  readonly fresh?: boolean;
  /** Default: the campus's whole plan. */
  readonly plan?: Plan;
}

export interface RunOutcome {
  readonly record: RunRecord;
  readonly failures: StepFailure[];
  /** Whether an interrupted run was continued. */
  readonly continued: boolean;
}

/**
 * Loads the lake: executes the plan from its beginning, or from where the interrupted run stopped. One run at a
 * time: the ledger's lock is held throughout.
 * @throws RunLockedError while another run is going
 * @throws RunStoppedError when the lake's signal is aborted; the run can then be continued
 */
export async function runLake({ lake, watch, fresh = false, plan }: RunOptions): Promise<RunOutcome> {
  const { ledger } = lake.platform;
  const lock = await ledger.lock('Another run');
  try {
    const record = await beginRun(lake.platform, { fresh });
    const log = await StepLog.open(ledger, { ...record, sources: Object.keys(lake.campus.sources) });
    const runner = new Runner({
      run: record.run,
      lake: remembering(lake, log),
      steps: stepRegistry(),
      log,
      watch,
    });
    await runner.execute(plan ?? planFor(lake.campus));
    return { ...(await endRun(lake.platform, record)), continued: record.attempt > 1 };
  } finally {
    await lock.release();
  }
}
