import { type LedgerStore, runStamp, type Versioned } from '../ports/ledger.ts';
import { readIntact } from './read-intact.ts';

/** The newest run of this lake; kept in the ledger so that an interrupted one is found again. */
export type RunRecord = {
  readonly run: string;
  readonly attempt: number;
  readonly status: 'running' | 'succeeded' | 'failed';
  /** ISO 8601 UTC. */
  readonly startedAt: string;
  readonly endedAt?: string;
  /** Who executes it, where that is no process: the name of an execution on AWS. */
  readonly holder?: string;
};

const KEY = 'run/current';

/** After so long an interrupted run is not continued: its first tables would be older than its last by too much. */
export const CONTINUE_WITHIN_MS = 6 * 3600 * 1000;

/** A clock that is corrected by a little is no reason to begin a run again. */
const CLOCK_STEP_MS = 10 * 60_000;

/** A damaged one is as none: the next run begins again and replaces it. */
export async function readRunRecord(ledger: LedgerStore): Promise<Versioned<RunRecord> | undefined> {
  return readIntact<RunRecord>(ledger, KEY);
}

/** Replaces the record; see LedgerStore.write for `expected`. */
export async function writeRunRecord(
  ledger: LedgerStore,
  record: RunRecord,
  expected: number | undefined,
): Promise<void> {
  await ledger.write<RunRecord>(KEY, record, expected);
}

/**
 * The run to execute now: the interrupted one, once more, or a new one. One that seems to have begun in the future was
 * stamped by a wrong clock: how old its tables are cannot be known, so it is not continued.
 */
export function nextRun(before: RunRecord | undefined, now: number, fresh: boolean): RunRecord {
  if (!fresh && before && isContinued(before, now)) {
    return { ...before, attempt: before.attempt + 1 };
  }
  return { run: newRunId(now), attempt: 1, status: 'running', startedAt: new Date(now).toISOString() };
}

/** Whether the next run continues this one, which was interrupted. */
export function isContinued({ status, startedAt }: RunRecord, now: number): boolean {
  const age = now - Date.parse(startedAt);
  return status === 'running' && age > -CLOCK_STEP_MS && age < CONTINUE_WITHIN_MS;
}

/** Sorts by time, and two runs of one second still differ: `20261122T023000Z-4f1c`. */
function newRunId(now: number): string {
  const tail = Math.floor(Math.random() * 0x10000)
    .toString(16)
    .padStart(4, '0');
  return `${runStamp(now)}-${tail}`;
}
