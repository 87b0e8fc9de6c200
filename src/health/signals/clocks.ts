import type { OpsRow } from '../../ports/ledger.ts';
import { type Signal, signal } from '../signal.ts';

const MINUTE_MS = 60_000;

/** Even the freshest of its tables is so much further behind than usual: the source itself lags. */
const LAGS_MS = 360 * MINUTE_MS;
/** A source that knows of a time that has not come yet by more than this: its clock, or the lake's, is wrong. */
const DIFFERS_MS = 5 * MINUTE_MS;
/** Sources that are all further behind by as much, and by more than this, are not late: the lake's clock is ahead. */
const AHEAD_MS = 15 * MINUTE_MS;
/** So many runs tell what is usual: the most that a source was behind in them. */
const RUNS = 30;

/** How far a source's own time is from the lake's. */
interface SourceTime {
  readonly source: string;
  /** How much more behind than usual, ms; negative: less. */
  readonly moreMs: number;
  /** How far in the future the time is that it knows of, ms; 0: not at all. */
  readonly futureMs: number;
  /** When the load was committed. */
  readonly at: string;
}

/**
 * Sources whose own time differs from the lake's more than it did before: each load has the time up to which its source
 * knew of everything, by the source's clock. What is behind in one source is that source's lag; what is the same in all
 * of them, or lies in the future, is a clock that is wrong.
 * @param rows of `ops.loads`, of this run and of others
 * @param signals of `ops.signals`: a run whose clocks were reported does not tell what is usual
 */
export function sourceClocks(rows: readonly OpsRow[], signals: readonly OpsRow[], run: string): Signal[] {
  const reported = signals.filter(({ code }) => CODES.has(String(code))).map((one) => String(one.run));
  const times = timesOf(rows, run, new Set(reported));
  return isLakesClock(times) ? [lakesClock(times[0]!, run)] : times.flatMap((time) => ofSource(time, run));
}

const CODES = new Set(['lake-clock', 'source-clock', 'source-lags']);

function timesOf(rows: readonly OpsRow[], run: string, reported: ReadonlySet<string>): SourceTime[] {
  const sources = new Map<string, Map<string, { behind: number; future: number; at: string }>>();
  for (const { run: of, source, dataset, watermark, committed_at: committed } of rows) {
    const [known, ended] = [Date.parse(String(watermark)), Date.parse(String(committed))];
    const began = beginOf(String(of));
    if ([known, ended, began].some(Number.isNaN)) continue;
    const name = String(source ?? String(dataset).split('.', 1)[0]);
    const runs = sources.get(name) ?? new Map();
    sources.set(name, runs);
    const load = { behind: began - known, future: Math.max(0, known - ended), at: String(committed) };
    // Of each source the freshest of its loads: one table may have its reasons.
    const before = runs.get(String(of));
    if (!before || load.behind < before.behind) runs.set(String(of), load);
  }
  return [...sources].flatMap(([source, runs]): SourceTime[] => {
    const now = runs.get(run);
    const others = [...runs.keys()].filter((other) => other !== run && !reported.has(other)).sort();
    const usual = others.slice(-RUNS).map((other) => runs.get(other)!.behind);
    if (!now || usual.length === 0) return [];
    return [{ source, moreMs: now.behind - Math.max(...usual), futureMs: now.future, at: now.at }];
  });
}

/** When a run began, by its id: `20261130T023000Z-4f1c`. */
const beginOf = (run: string): number =>
  Date.parse(run.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z.*$/, '$1-$2-$3T$4:$5:$6Z'));

function isLakesClock(times: readonly SourceTime[]): boolean {
  if (times.length < 2) return false;
  const more = times.map(({ moreMs }) => moreMs);
  if (Math.max(...more) - Math.min(...more) > DIFFERS_MS) return false;
  return Math.min(...more) > AHEAD_MS || times.every(isInFuture);
}

const isInFuture = ({ futureMs, moreMs }: SourceTime): boolean =>
  futureMs > DIFFERS_MS && moreMs < -DIFFERS_MS;

function lakesClock({ moreMs, at }: SourceTime, run: string): Signal {
  const way = moreMs > 0 ? 'behind' : 'ahead of';
  return signal({
    run,
    kind: 'clock',
    about: '',
    source: '',
    code: 'lake-clock',
    reach: 'lake',
    at,
    severity: 'error',
    message: `the clocks of all sources are ${inWords(moreMs)} ${way} the lake's`,
    hint: 'Look at the clock of the machine that runs the lake (`timedatectl`).',
    observed: Math.round(moreMs / MINUTE_MS),
    expected: 0,
  });
}

function ofSource(time: SourceTime, run: string): Signal[] {
  const { source, moreMs, futureMs, at } = time;
  const found = { run, about: '', source, reach: 'source', at, severity: 'error', expected: 0 } as const;
  if (isInFuture(time))
    return [
      signal({
        ...found,
        kind: 'clock',
        code: 'source-clock',
        message: `${source} tells a time that is ${inWords(futureMs)} ahead of the lake's clock`,
        observed: Math.round(-futureMs / MINUTE_MS),
      }),
    ];
  if (moreMs <= LAGS_MS) return [];
  return [
    signal({
      ...found,
      kind: 'load-late',
      code: 'source-lags',
      message: `what ${source} knows is ${inWords(moreMs)} older than usual, in every table that was loaded`,
      observed: Math.round(moreMs / MINUTE_MS),
    }),
  ];
}

function inWords(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / MINUTE_MS);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}
