import type { LedgerStore } from '../ports/ledger.ts';
import type { OptionalWork } from '../ports/optional-work.ts';
import {
  holdsAt,
  rowOfTimeLimited,
  type TimeLimited,
  timeLimitedId,
  timeLimitedIn,
} from '../time-limited.ts';
import { APPROVALS, SILENCES } from './tables.ts';

/** Alerts that nobody is told of. */
export interface Silence extends TimeLimited {
  readonly objective: string;
  /** Undefined: all of its alerts. */
  readonly alert?: string;
}

/** Work that may be done although the policy holds it. */
export interface Approval extends TimeLimited {
  readonly work: OptionalWork;
}

type Rows = Pick<LedgerStore, 'rows'>;
type Writes = Pick<LedgerStore, 'append'>;

/** Every silence there ever was, the oldest first. */
export async function readSilences(ledger: Rows): Promise<Silence[]> {
  return (await ledger.rows(SILENCES.name)).map((row) => ({
    ...timeLimitedIn(row),
    objective: String(row.objective),
    ...(row.alert ? { alert: String(row.alert) } : {}),
  }));
}

/** Every approval there ever was, the oldest first. */
export async function readApprovals(ledger: Rows): Promise<Approval[]> {
  return (await ledger.rows(APPROVALS.name)).map((row) => ({
    ...timeLimitedIn(row),
    work: String(row.work) as OptionalWork,
  }));
}

/** Records a silence; one with the id of another replaces it. */
export async function keepSilence(ledger: Writes, silence: Silence): Promise<void> {
  await ledger.append(SILENCES.name, [
    { ...rowOfTimeLimited(silence), objective: silence.objective, alert: silence.alert ?? null },
  ]);
}

/** Records an approval; one with the id of another replaces it. */
export async function keepApproval(ledger: Writes, approval: Approval): Promise<void> {
  await ledger.append(APPROVALS.name, [{ ...rowOfTimeLimited(approval), work: approval.work }]);
}

export { holdsAt, timeLimitedId as exceptionId };

/** The silence that an alert is under at an instant; undefined: none. */
export const silenceOf = (
  silences: readonly Silence[],
  objective: string,
  alert: string,
  at: number,
): Silence | undefined =>
  silences.find(
    (one) =>
      one.objective === objective && (one.alert === undefined || one.alert === alert) && holdsAt(one, at),
  );
