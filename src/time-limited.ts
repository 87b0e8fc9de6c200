import { type OpsRow, runStamp } from './ports/ledger.ts';

/** Something that a person has allowed or silenced for a while. Times are epoch ms. */
export interface TimeLimited {
  readonly id: string;
  readonly from: number;
  readonly until: number;
  readonly reason: string;
  readonly by: string;
}

/** The id of what is made now: ids are in the order of time, as those of runs are. */
export const timeLimitedId = (now: number, about: string): string => `${runStamp(now)}-${about}`;

/** Whether it holds at an instant (epoch ms). */
export const holdsAt = ({ from, until }: Pick<TimeLimited, 'from' | 'until'>, at: number): boolean =>
  from <= at && at < until;

export const timeLimitedIn = (row: OpsRow): TimeLimited => ({
  id: row.id,
  from: Date.parse(String(row.begins_at)),
  until: Date.parse(String(row.ends_at)),
  reason: String(row.reason),
  by: String(row.by_whom),
});

export const rowOfTimeLimited = ({ id, from, until, reason, by }: TimeLimited): OpsRow => ({
  id,
  run: null,
  begins_at: new Date(from).toISOString(),
  ends_at: new Date(until).toISOString(),
  reason,
  by_whom: by,
});

/** The columns of a table of such rows, besides what they are about. */
export const TIME_LIMITED_COLUMNS = [
  { name: 'begins_at', type: 'timestamp' },
  { name: 'ends_at', type: 'timestamp' },
  { name: 'reason', type: 'varchar' },
  { name: 'by_whom', type: 'varchar' },
] as const;
