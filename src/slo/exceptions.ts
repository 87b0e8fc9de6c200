import { type LedgerStore, type OpsRow, runStamp } from '../ports/ledger.ts';
import type { OptionalWork } from '../ports/optional-work.ts';
import { APPROVALS, SILENCES } from './tables.ts';

/** Something that a person has allowed or silenced for a while. Times are epoch ms. */
interface Exception {
  readonly id: string;
  readonly from: number;
  readonly until: number;
  readonly reason: string;
  readonly by: string;
}

/** Alerts that nobody is told of. */
export interface Silence extends Exception {
  readonly objective: string;
  /** Undefined: all of its alerts. */
  readonly alert?: string;
}

/** Work that may be done although the policy holds it. */
export interface Approval extends Exception {
  readonly work: OptionalWork;
}

type Rows = Pick<LedgerStore, 'rows'>;
type Writes = Pick<LedgerStore, 'append'>;

/** Every silence there ever was, the oldest first. */
export async function readSilences(ledger: Rows): Promise<Silence[]> {
  return (await ledger.rows(SILENCES.name)).map((row) => ({
    ...exceptionIn(row),
    objective: String(row.objective),
    ...(row.alert ? { alert: String(row.alert) } : {}),
  }));
}

/** Every approval there ever was, the oldest first. */
export async function readApprovals(ledger: Rows): Promise<Approval[]> {
  return (await ledger.rows(APPROVALS.name)).map((row) => ({
    ...exceptionIn(row),
    work: String(row.work) as OptionalWork,
  }));
}

/** Records a silence; one with the id of another replaces it. */
export async function keepSilence(ledger: Writes, silence: Silence): Promise<void> {
  await ledger.append(SILENCES.name, [
    { ...rowOf(silence), objective: silence.objective, alert: silence.alert ?? null },
  ]);
}

/** Records an approval; one with the id of another replaces it. */
export async function keepApproval(ledger: Writes, approval: Approval): Promise<void> {
  await ledger.append(APPROVALS.name, [{ ...rowOf(approval), work: approval.work }]);
}

/** The id of what is made now: ids are in the order of time, as those of runs are. */
export const exceptionId = (now: number, about: string): string => `${runStamp(now)}-${about}`;

/** Whether it holds at an instant (epoch ms). */
export const holdsAt = ({ from, until }: Exception, at: number): boolean => from <= at && at < until;

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

const exceptionIn = (row: OpsRow): Exception => ({
  id: row.id,
  from: Date.parse(String(row.begins_at)),
  until: Date.parse(String(row.ends_at)),
  reason: String(row.reason),
  by: String(row.by_whom),
});

const rowOf = ({ id, from, until, reason, by }: Exception): OpsRow => ({
  id,
  run: null,
  begins_at: new Date(from).toISOString(),
  ends_at: new Date(until).toISOString(),
  reason,
  by_whom: by,
});
