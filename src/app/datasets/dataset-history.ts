import type { Uses } from '../../ports/step.ts';
import { countOf, instantOf, opsRows } from '../ops-rows.ts';

/** One load of a dataset, as it was committed. Instants are ISO 8601 UTC. */
export interface LoadOfDataset {
  readonly run: string;
  readonly kind: string;
  readonly at?: string;
  readonly upTo?: string;
  readonly bytes?: number;
  readonly rows?: number;
  readonly seconds?: number;
}

/** What the checks of one run found in a table. */
export interface ChecksInRun {
  readonly run: string;
  readonly at?: string;
  readonly rows?: number;
  readonly checks: readonly FoundByCheck[];
}

export interface FoundByCheck {
  readonly name: string;
  readonly severity: string;
  readonly status: string;
  /** Several that passed may be one entry. */
  readonly checks: number;
  readonly failing: number;
  readonly found?: string;
}

/** What is known of a table's past, newest first. What the session may not read is absent. */
export interface DatasetHistory {
  readonly loads?: readonly LoadOfDataset[];
  readonly checked?: readonly ChecksInRun[];
}

const MOST = 120;

/**
 * The loads of a dataset and what was checked of it; the caller has made sure that the session may know of it.
 * @param table `database.table`
 */
export async function datasetHistory(
  lake: Uses<'session' | 'access' | 'ledger' | 'engine'>,
  table: string,
): Promise<DatasetHistory> {
  const parameters = [{ name: 'about', type: 'varchar', value: table }];
  const [loads, checks] = await Promise.all([
    opsRows(lake, {
      table: 'ops.loads',
      select: `SELECT run, kind, started_at, committed_at, watermark, bytes, rows
        FROM ops.loads WHERE dataset = :about ORDER BY committed_at DESC LIMIT ${MOST}`,
      parameters,
    }),
    opsRows(lake, {
      table: 'ops.checks',
      select: `SELECT run, check_name, severity, status, checks, failing, found, rows, checked_at
        FROM ops.checks WHERE table_name = :about ORDER BY id DESC LIMIT ${MOST * 6}`,
      parameters,
    }),
  ]);
  return {
    loads: loads?.map((row) => {
      const [from, at] = [instantOf(row.started_at), instantOf(row.committed_at)];
      return {
        run: String(row.run),
        kind: String(row.kind),
        at,
        upTo: instantOf(row.watermark),
        bytes: countOf(row.bytes),
        rows: countOf(row.rows),
        seconds: from && at ? (Date.parse(at) - Date.parse(from)) / 1000 : undefined,
      };
    }),
    checked: checks && byRun(checks),
  };
}

function byRun(rows: NonNullable<Awaited<ReturnType<typeof opsRows>>>): ChecksInRun[] {
  const runs = new Map<string, ChecksInRun & { readonly checks: FoundByCheck[] }>();
  for (const row of rows) {
    const run = String(row.run);
    const of = runs.get(run) ?? { run, at: instantOf(row.checked_at), rows: countOf(row.rows), checks: [] };
    runs.set(run, of);
    of.checks.push({
      name: String(row.check_name),
      severity: String(row.severity),
      status: String(row.status),
      checks: countOf(row.checks) ?? 1,
      failing: countOf(row.failing) ?? 0,
      ...(row.found ? { found: String(row.found) } : {}),
    });
  }
  return [...runs.values()].slice(0, MOST);
}
