import { randomUUID } from 'node:crypto';
import type { Lake } from '../step.ts';
import type { Watch } from './events.ts';
import { type Plan, planFor } from './plan.ts';
import { nextRun, type RunRecord, readRunRecord, writeRunRecord } from './run-record.ts';
import { Runner } from './runner.ts';
import { type Failure, failuresOf, StepLog } from './step-log.ts';
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
  readonly failures: Failure[];
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
  const { clock, ledger } = lake.platform;
  const lock = await ledger.lock(`run ${randomUUID()}`);
  try {
    const record = nextRun(await readRunRecord(ledger), clock.now(), fresh);
    await writeRunRecord(ledger, record);
    const log = await StepLog.open(ledger, record.run, record.attempt);
    const runner = new Runner({
      run: record.run,
      lake: remembering(lake, log),
      steps: stepRegistry(),
      log,
      watch,
    });
    await runner.execute(plan ?? planFor(lake.campus));
    const failures = await failuresOf(ledger, record.run);
    const ended: RunRecord = {
      ...record,
      status: failures.length > 0 ? 'failed' : 'succeeded',
      endedAt: new Date(clock.now()).toISOString(),
    };
    await writeRunRecord(ledger, ended);
    return { record: ended, failures, continued: record.attempt > 1 };
  } finally {
    await lock.release();
  }
}

/** The lake whose remarks are kept in the ledger as well as shown. */
function remembering(lake: Lake, log: StepLog): Lake {
  return {
    ...lake,
    report: {
      ...lake.report,
      note(about, text) {
        log.remark(about, text, lake.platform.clock.now());
        lake.report.note(about, text);
      },
    },
  };
}
