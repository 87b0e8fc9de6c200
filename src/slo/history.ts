import type { LedgerStore, OpsRow } from '../ports/ledger.ts';
import type { Seen } from './age.ts';
import type { Happening } from './measured.ts';
import { minuteOf } from './spans.ts';
import { PUBLISHED_TABLES } from './tables.ts';

/** What the ledger knows of a time: everything that indicators are computed from. */
export interface History {
  /** The versions of a table, in the order in which they were shown. */
  seen(table: string): readonly Seen[];
  readonly runs: readonly Happening[];
  /** Each time that a check of these tables, or of any, was made. */
  checks(tables: readonly string[]): readonly Happening[];
}

export const NO_HISTORY: History = { seen: () => [], runs: [], checks: () => [] };

/**
 * Reads the ledger from a month before `from` (epoch ms) on: rows are kept by the run, and a run's id begins with its
 * month, so years of other runs cost nothing.
 */
export async function readHistory(
  ledger: Pick<LedgerStore, 'rows'>,
  from: number,
  now: number,
): Promise<History> {
  const months = monthsIn(from, now);
  const rowsOf = async (table: string): Promise<OpsRow[]> =>
    (await Promise.all(months.map((month) => ledger.rows(table, month)))).flat();
  const tables = [PUBLISHED_TABLES.name, 'visibility', 'runs', 'checks'];
  const [published, live, runs, checks] = await Promise.all(tables.map(rowsOf));
  return historyOf(live!.length > 0 ? [...published!, ...live!].sort(byShown) : published!, runs!, checks!);
}

/** Publications of runs keep the order in which they were written, whatever their clocks said; those between come by time. */
const byShown = (a: OpsRow, b: OpsRow): number =>
  String(a.run) < String(b.run) ? -1 : Number(String(a.run) > String(b.run));

export function historyOf(
  published: readonly OpsRow[],
  runs: readonly OpsRow[],
  checks: readonly OpsRow[],
): History {
  const seen = new Map<string, Seen[]>();
  for (const row of published) {
    const table = String(row.table_name);
    const versions = seen.get(table) ?? [];
    versions.push(seenIn(row));
    seen.set(table, versions);
  }
  const checked = checks.map((row) => ({
    table: String(row.table_name),
    ...happening(row.checked_at, row.status === 'passed'),
  }));
  for (const versions of seen.values()) inOrderShown(versions);
  return {
    seen: (table) => seen.get(table) ?? [],
    runs: inOrder(
      runs
        .filter(({ ended_at: ended }) => ended)
        .map((row) => happening(row.ended_at, row.status === 'succeeded')),
    ),
    checks: (tables) => inOrder(checked.filter(({ table }) => tables.length === 0 || tables.includes(table))),
  };
}

/** A version was shown before the one after it, whatever a clock that was ahead has said. */
function inOrderShown(versions: Seen[]): void {
  for (let i = versions.length - 2; i >= 0; i--) {
    const [version, next] = [versions[i]!, versions[i + 1]!];
    if (version.from > next.from) versions[i] = { ...version, from: next.from };
  }
}

function seenIn({ published_at: at, data_as_of: asOf }: OpsRow): Seen {
  return { from: Date.parse(String(at)), dataUpTo: typeof asOf === 'string' ? Date.parse(asOf) : undefined };
}

const happening = (at: unknown, good: boolean): Happening => ({ at: minuteOf(Date.parse(String(at))), good });
const inOrder = (happenings: readonly Happening[]): Happening[] =>
  [...happenings].sort((a, b) => a.at - b.at);

/** `202610`, `202611`, from the month before `from` on. Clocks that were wrong by a day are forgiven. */
function monthsIn(from: number, to: number): string[] {
  const DAY = 86_400_000;
  const months: string[] = [];
  const first = new Date(from - 32 * DAY);
  for (
    let month = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth()));
    month.getTime() <= to + DAY;
  ) {
    months.push(month.toISOString().slice(0, 7).replace('-', ''));
    month = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1));
  }
  return months;
}
