import { createHash } from 'node:crypto';
import { type AccessFacts, recordAccess } from '../access/log/record-access.ts';
import type { Uses } from '../ports/step.ts';

/** How far a history was read: what is asked for the first time goes back this far. */
const FIRST_MS = 30 * 86_400_000;

const MARK = 'access-history/athena';

type Mark = {
  /** Epoch ms of the newest question that is on record. */
  readonly until: number;
  /** Those of the time from which late ones may still come. */
  readonly recent: string[];
};

type Needs = Uses<'session' | 'access' | 'clock' | 'ledger' | 'accessHistory'>;

/**
 * Puts into `ops.access` what people have asked past the lake since it was last read. An entry has the digest of the
 * question's id as its `access`, so one that is told twice is one.
 * @returns how many questions were new
 */
export async function readAccessHistory(lake: Needs): Promise<number> {
  const { accessHistory: history, ledger, clock } = lake.platform;
  if (!history) return 0;
  const before = await ledger.read<Mark>(MARK);
  const until = before?.value.until ?? clock.now() - FIRST_MS;
  const known = new Set(before?.value.recent);
  const found = (await history.read(until - history.lateMs)).map((one) => ({
    ...one,
    access: accessOf(one.id),
  }));
  const fresh = found.filter(({ access }) => !known.has(access));
  for (const { access, at, principal = 'unknown', role, tables, outcome } of fresh) {
    const reads: AccessFacts['reads'] = new Map(tables.map((table) => [table, []]));
    await recordAccess(lake, { channel: 'athena', access, at, principal, role, reads, outcome });
  }
  if (fresh.length === 0) return 0;
  const newest = Math.max(until, ...found.map(({ at }) => at));
  const recent = found.filter(({ at }) => at >= newest - history.lateMs).map(({ access }) => access);
  await ledger.write<Mark>(MARK, { until: newest, recent }, before?.version);
  return fresh.length;
}

const accessOf = (id: string): string => createHash('sha256').update(id).digest('hex').slice(0, 16);
