import { type Notified, notifiedOf } from '../notify/notified.ts';
import { RunLockedError } from '../ports/errors.ts';
import type { LedgerStore } from '../ports/ledger.ts';
import type { Clock } from '../ports/platform.ts';
import type { Lake } from '../ports/step.ts';
import { nextRun, type RunRecord, readRunRecord, writeRunRecord } from './run-record.ts';
import { failuresOf, type StepFailure, type StepLog } from './step-log.ts';

interface Dependencies {
  readonly clock: Clock;
  readonly ledger: LedgerStore;
}

/** Who executes a run where that is no process which could hold the ledger's lock: an execution on AWS. */
export interface RunHolder {
  readonly name: string;
  /** Whether another holder still executes its run. */
  isAlive(holder: string): Promise<boolean>;
}

/**
 * Opens the run to execute now: the interrupted one once more, or a new one. Repeated by the same holder, it
 * answers the same. Without a holder, the caller has the ledger's lock.
 * @throws RunLockedError while another holder is alive
 * @throws LedgerConflictError when another holder opens a run in the same moment
 */
export async function beginRun(
  { clock, ledger }: Dependencies,
  { fresh, holder }: { readonly fresh: boolean; readonly holder?: RunHolder },
): Promise<RunRecord> {
  const before = await readRunRecord(ledger);
  if (holder && before?.value.status === 'running' && before.value.holder !== undefined) {
    const { holder: other, run, startedAt } = before.value;
    if (other === holder.name) return before.value;
    if (await holder.isAlive(other)) {
      throw new RunLockedError(`Run ${run} is under way since ${startedAt} (${other})`, {
        about: run,
        hint: 'Wait until it has ended, or stop that execution and start again.',
      });
    }
  }
  // Work of a process that is no execution, such as an erasure or a round of following, holds the lock; none begins
  // before it can see that this run is under way.
  const lock = holder ? await ledger.lock(holder.name) : undefined;
  try {
    const { holder: _other, ...record } = nextRun(before?.value, clock.now(), fresh);
    const held: RunRecord = holder ? { ...record, holder: holder.name } : record;
    await writeRunRecord(ledger, held, before?.version);
    return held;
  } finally {
    await lock?.release();
  }
}

/** Writes down how a run ended. */
export async function endRun(
  { clock, ledger }: Dependencies,
  record: RunRecord,
): Promise<{ record: RunRecord; failures: StepFailure[]; notified: Notified }> {
  const failures = await failuresOf(ledger, record.run);
  const ended: RunRecord = {
    ...record,
    status: failures.length > 0 ? 'failed' : 'succeeded',
    endedAt: new Date(clock.now()).toISOString(),
  };
  await writeRunRecord(ledger, ended, (await readRunRecord(ledger))?.version);
  return { record: ended, failures, notified: await notifiedOf(ledger, record.run) };
}

/** The lake whose remarks are kept in the ledger as well as shown. */
export function remembering(lake: Lake, log: StepLog): Lake {
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
