import { CURATED } from '../../models/model.ts';
import { type FailedStep, failedStepsOf } from '../../pipeline/step-log.ts';
import type { LedgerStore } from '../../ports/ledger.ts';
import { type Signal, type SignalKind, signal } from '../signal.ts';

/** Codes of failures of what the lake is kept on. */
const DISK = new Set(['disk-full', 'quota-used-up', 'read-only', 'device-failed']);
/** A failure of the replication as a whole: its task or its slot. */
const SLOT = new Set(['replication']);

/** What the failed steps of a run report. */
export async function failedSteps(ledger: Pick<LedgerStore, 'rows'>, run: string): Promise<Signal[]> {
  return (await failedStepsOf(ledger, run)).map((failed) => signalOf(run, failed));
}

function signalOf(run: string, failed: FailedStep): Signal {
  const { code, source, reach, step, retryable, message, hint, path, endedAt } = failed;
  const about = tableOf(failed);
  return signal(
    {
      run,
      kind: kindOf(failed),
      about: reach === 'item' ? about : '',
      source: source || sourceIn(about),
      code,
      reach,
      step,
      at: endedAt,
      severity: 'error',
      retryable,
      message,
      hint,
    },
    path,
  );
}

function kindOf({ code, reach }: FailedStep): SignalKind {
  if (DISK.has(code)) return 'disk';
  if (SLOT.has(code)) return 'slot';
  return reach === 'source' ? 'source-down' : 'step-failed';
}

/** The step that builds a model names the model; its table is the one that people know. */
function tableOf({ step, about }: FailedStep): string {
  if (about === '' || about.includes('.')) return about.split('/').at(-1) === about ? about : '';
  return step === 'build-model' ? `${CURATED}.${about}` : '';
}

/** `canvas` of `canvas.users`; nothing of a table that the lake itself makes. */
const sourceIn = (table: string): string => {
  const first = table.includes('.') ? table.split('.', 1)[0]! : '';
  return first === CURATED ? '' : first;
};
