import { type Parameters, RESULTS, type Result, type ResultParameters } from './parameters.ts';

/** What is known of one enrolment at its end: all that calibration looks at, of real and of made-up students. */
export interface Ended {
  readonly result: Result;
  /** Days, the first day being 0. */
  readonly registered: number | undefined;
  readonly withdrawn: number | undefined;
  /** Length of the course, days. */
  readonly length: number;
  /** Pieces due while enrolled, by due day. */
  readonly pieces: readonly Piece[];
}

export interface Piece {
  readonly due: number;
  /** Day handed in; undefined when it never was. */
  readonly handedIn: number | undefined;
  readonly score: number | undefined;
  /** Whether the day handed in is known to be the student's doing (not a machine's processing date). */
  readonly timed: boolean;
}

const STEPS = 20;
/** Shares of few pieces pile up at both ends, which takes finer steps to tell. */
const FINE_STEPS = 100;

/** The parameters of a body of enrolments. Pure. */
export function measure(ended: readonly Ended[], source: string, licence: string): Parameters {
  const timed = ended.flatMap((e) => e.pieces.filter((p) => p.timed && p.handedIn !== undefined));
  const delay = timed.map((piece) => piece.handedIn! - piece.due);
  return {
    source,
    licence,
    enrolments: ended.length,
    results: record((result) => share(ended, (e) => e.result === result)),
    byResult: record((result) => measureResult(ended.filter((e) => e.result === result))),
    registrationDay: quantiles(ended.map((e) => e.registered).filter(isNumber), 1),
    withdrawal: quantiles(
      ended.map((e) => (e.withdrawn === undefined ? undefined : e.withdrawn / e.length)).filter(isNumber),
    ),
    lateDays: quantiles(
      delay.filter((days) => days > 0),
      1,
    ),
    earlyDays: quantiles(
      delay.filter((days) => days <= 0).map((days) => -days),
      1,
    ),
  };
}

function measureResult(ended: readonly Ended[]): ResultParameters {
  const stops: number[] = [];
  const silent: number[] = [];
  let before = 0;
  let gaps = 0;
  for (const { pieces, length } of ended) {
    const last = pieces.findLastIndex((piece) => piece.handedIn !== undefined);
    if (pieces.length > 0) stops.push((last + 1) / pieces.length);
    if (last >= 0 && last < pieces.length - 1) silent.push(pieces[last]!.due / length);
    before += Math.max(last, 0);
    gaps += pieces.slice(0, Math.max(last, 0)).filter((piece) => piece.handedIn === undefined).length;
  }
  const pieces = ended.flatMap((e) => e.pieces);
  const handedIn = pieces.filter((piece) => piece.handedIn !== undefined);
  return {
    score: quantiles(handedIn.map((piece) => piece.score).filter(isNumber), 1),
    stop: quantiles(stops, 3, FINE_STEPS),
    gap: round(before === 0 ? 0 : gaps / before),
    missing: share(pieces, (piece) => piece.handedIn === undefined),
    late: share(
      handedIn.filter((piece) => piece.timed),
      (piece) => piece.handedIn! > piece.due,
    ),
    silent: quantiles(silent),
  };
}

/** Values at equally spaced shares from 0 to 1, the nearest value below. */
function quantiles(values: readonly number[], decimals = 3, steps = STEPS): number[] {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return [0, 0];
  return Array.from({ length: steps + 1 }, (_, i) =>
    round(sorted[Math.floor((i / steps) * (sorted.length - 1))]!, decimals),
  );
}

function record<T>(of: (result: Result) => T): Record<Result, T> {
  return Object.fromEntries(RESULTS.map((result) => [result, of(result)])) as Record<Result, T>;
}

function share<T>(list: readonly T[], is: (item: T) => boolean): number {
  return list.length === 0 ? 0 : round(list.filter(is).length / list.length);
}

function round(value: number, decimals = 4): number {
  return Math.round(value * 10 ** decimals) / 10 ** decimals;
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number';
}
