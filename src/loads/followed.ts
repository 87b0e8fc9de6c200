import type { LedgerStore } from '../ports/ledger.ts';
import { type DatasetState, goodOf } from './state.ts';

/**
 * How far the changes of a source have been followed between two runs. A table to which nothing happened has no load
 * that would say so: this one record does, for all of them.
 */
export type FollowedSource = {
  readonly source: string;
  /** Every commit before it is in the tables that are followed, ISO 8601 UTC, by the clock of the source. */
  readonly asOf: string;
  /** When that was looked at, ISO 8601 UTC, by the lake's clock. */
  readonly at: string;
  /** Datasets of it that are not followed, or whose changes could not be taken: of them it says nothing. */
  readonly left: string[];
};

const PREFIX = 'followed/';

/** By the name of the source; a damaged record is as none. */
export async function listFollowed(
  ledger: Pick<LedgerStore, 'list'>,
): Promise<ReadonlyMap<string, FollowedSource>> {
  const records = await ledger.list<FollowedSource>(PREFIX);
  return new Map(records.map(({ value }) => [value.source, value]));
}

export async function keepFollowed(ledger: LedgerStore, followed: FollowedSource): Promise<void> {
  const key = PREFIX + followed.source;
  const before = (await ledger.list<FollowedSource>(key)).find((record) => record.key === key);
  await ledger.write<FollowedSource>(key, followed, before?.version);
}

/** Whether a table shows all that has been taken of it, and its source is followed. */
export function isUpToDate(state: DatasetState | undefined, source: FollowedSource | undefined): boolean {
  if (!state?.committed?.feed || !source || state.pending.length > 0 || state.snapshotNext) return false;
  return state.table.phase === 'passed' && !source.left.includes(state.dataset);
}

/** How far such a table is known, where that is beyond its newest load. */
export function followedUpTo(
  state: DatasetState | undefined,
  source: FollowedSource | undefined,
): FollowedSource | undefined {
  if (!state || !source || !isUpToDate(state, source)) return undefined;
  const time = goodOf(state)?.time;
  return time && Date.parse(source.asOf) > Date.parse(time.asOf) ? source : undefined;
}
