import { readRunRecord } from '../../pipeline/run-record.ts';
import type { Uses } from '../../ports/step.ts';
import { countOf, instantOf, opsRows } from '../ops-rows.ts';

/** One run of the pipeline. Instants are ISO 8601 UTC. */
export interface ListedRun {
  readonly run: string;
  readonly status: 'running' | 'succeeded' | 'failed';
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly attempts: number;
  readonly loads?: number;
  readonly rows?: number;
  readonly failures?: number;
  /** Whether queries see what it made. */
  readonly published?: boolean;
}

/**
 * The newest runs, the one under way first.
 * @param most how many of those that have ended
 * @returns undefined where the session may not read `ops.runs`
 */
export async function listRuns(
  lake: Uses<'session' | 'access' | 'ledger' | 'engine'>,
  most = 60,
): Promise<ListedRun[] | undefined> {
  const rows = await opsRows(lake, {
    table: 'ops.runs',
    select: `SELECT run, status, started_at, ended_at, attempts, loads, rows, failures, published
      FROM ops.runs ORDER BY id DESC LIMIT ${Math.trunc(most)}`,
  });
  if (!rows) return undefined;
  const ended = rows.map(
    (row): ListedRun => ({
      run: String(row.run),
      status: row.status === 'succeeded' ? 'succeeded' : 'failed',
      startedAt: instantOf(row.started_at),
      endedAt: instantOf(row.ended_at),
      attempts: countOf(row.attempts) ?? 1,
      loads: countOf(row.loads),
      rows: countOf(row.rows),
      failures: countOf(row.failures),
      published: row.published === true,
    }),
  );
  const now = (await readRunRecord(lake.platform.ledger))?.value;
  if (!now || ended.some(({ run }) => run === now.run)) return ended;
  const { run, status, startedAt, endedAt, attempt } = now;
  return [{ run, status, startedAt, endedAt, attempts: attempt }, ...ended];
}
