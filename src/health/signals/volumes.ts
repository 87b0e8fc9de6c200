import type { OpsRow } from '../../ports/ledger.ts';
import { type Signal, signal } from '../signal.ts';

const DAY_MS = 86_400_000;
/** Nights of the same weekday that are looked at, and how many of them are enough to know what is usual. */
const WEEKS = 8;
const ENOUGH = 4;
/** So many times the usual spread, and at least so many times as many or as few rows. */
const SPREADS = 5;
const FACTOR = 3;
/** A table that is delivered whole seldom loses rows: of a snapshot, fewer by this factor are unusual. */
const FEWER_OF_A_WHOLE = 1.5;
/** Loads of fewer rows than this differ by chance. */
const FEW = 50;

/** One load of a dataset: its rows and when it was asked for (epoch ms). */
export interface Volume {
  readonly at: number;
  readonly kind: string;
  readonly rows: number;
}

/**
 * Loads of unusual size. What is usual is the median of the same weekday in the last eight weeks, with the median
 * distance from it as spread, over logarithms: loads differ by factors. Terms begin and end in the same weeks of each
 * year, so a load that is like that of the same weekday a year ago, a week more or less, is usual too.
 * @param rows of `ops.loads`, of this run and of those before it
 */
export function volumes(rows: readonly OpsRow[], run: string): Signal[] {
  const history = new Map<string, Volume[]>();
  for (const row of rows) {
    if (row.run === run || typeof row.rows !== 'number') continue;
    const volume = { at: Date.parse(String(row.started_at)), kind: String(row.kind), rows: row.rows };
    const known = history.get(String(row.dataset)) ?? [];
    history.set(String(row.dataset), [...known, volume]);
  }
  return rows
    .filter((row) => row.run === run && typeof row.rows === 'number')
    .flatMap((row): Signal[] => {
      const dataset = String(row.dataset);
      const load = { at: Date.parse(String(row.started_at)), kind: String(row.kind), rows: Number(row.rows) };
      const usual = usualRows(load, history.get(dataset) ?? []);
      if (usual === undefined) return [];
      return [
        signal({
          run,
          kind: 'volume-anomaly',
          about: dataset,
          source: String(row.source ?? dataset.split('.', 1)[0]),
          code: load.rows < usual ? 'too-few-rows' : 'too-many-rows',
          at: new Date(load.at).toISOString(),
          severity: 'warning',
          message: `${dataset}: ${load.rows.toLocaleString('en-US')} rows, and ${usual.toLocaleString('en-US')} are usual on this weekday`,
          observed: load.rows,
          expected: usual,
        }),
      ];
    });
}

/** How many rows are usual, where a load is unusual; undefined where it is not, or where nobody knows. */
export function usualRows(load: Volume, history: readonly Volume[]): number | undefined {
  const same = history.filter(({ kind }) => kind === load.kind);
  const recent = same.filter(
    ({ at }) => isWeekday(load.at - at) && load.at - at <= WEEKS * 7 * DAY_MS + DAY_MS,
  );
  if (recent.length < ENOUGH) return undefined;
  const logs = recent.map(({ rows }) => Math.log(rows + 1));
  const usual = median(logs);
  const spread = 1.4826 * median(logs.map((log) => Math.abs(log - usual)));
  const off = (centre: number) => Math.abs(Math.log(load.rows + 1) - centre);
  const rows = Math.round(Math.exp(usual) - 1);
  const factor = load.kind === 'snapshot' && load.rows < rows ? FEWER_OF_A_WHOLE : FACTOR;
  const isUnusual = off(usual) > Math.max(SPREADS * spread, Math.log(factor));
  if (!isUnusual || Math.max(load.rows, rows) < FEW) return undefined;
  const lastYear = same.filter(({ at }) => isWeekOfLastYear(load.at - at));
  const isLikeLastYear = lastYear.some(({ rows: then }) => off(Math.log(then + 1)) <= Math.log(factor) / 2);
  return isLikeLastYear ? undefined : rows;
}

/** A whole number of weeks ago, some hours more or less. */
const isWeekday = (ms: number): boolean => {
  const days = ms / DAY_MS;
  return days > 0.5 && Math.abs(days - 7 * Math.round(days / 7)) < 0.5;
};

const isWeekOfLastYear = (ms: number): boolean =>
  isWeekday(ms) && Math.abs(Math.round(ms / DAY_MS / 7) - 52) <= 1;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
