import { COLUMNS } from './measures.ts';

/**
 * What is watched while a term runs: the measures, and the raw distance of the scores from the class median, which
 * shows a scale that was not seen before (the measures are made so that it does them little harm).
 */
export const WATCHED: readonly string[] = [...COLUMNS, 'mean_score_gap'];

/** Courses with fewer students with work handed in are neither learned from nor watched: their means say little. */
const LEAST_STUDENTS = 10;

/** In standard deviations between students: by how much a course's mean may lie beyond those of the past. */
export const WATCH_BEYOND = 0.5;
export const HOLD_BEYOND = 1;

/** In which range the courses of the past lay in one week. By `WATCHED`. */
export interface Range {
  /** The least and the greatest mean of a course in a term. */
  readonly least: readonly number[];
  readonly greatest: readonly number[];
  /** Between students; at least a tenth of what lies between the extremes, for what is rare varies little. */
  readonly deviations: readonly number[];
}

/** One student in one course, as it is watched. */
export interface WatchedCase {
  readonly term: string;
  readonly course: string;
  /** The values of `WATCHED`. */
  readonly watched: readonly number[];
}

/** A course in a week of a running term: the means of its students with work handed in. */
export interface CourseMeans {
  readonly term: string;
  readonly week: number;
  readonly course: string;
  readonly students: number;
  /** By `WATCHED`. */
  readonly means: readonly number[];
}

/** Whether a course is where the model has learned. */
export interface Drift extends Omit<CourseMeans, 'means'> {
  /** `unknown`: too few students, or a week of which the past says nothing. */
  readonly verdict: 'in range' | 'watch' | 'hold' | 'unknown';
  /** What lies farthest beyond, with the range of the past; for `watch` and `hold`. */
  readonly worst?: {
    readonly column: string;
    readonly mean: number;
    readonly least: number;
    readonly greatest: number;
    /** In standard deviations, less two standard errors of the mean. */
    readonly beyond: number;
  };
}

/** @returns undefined where no course of the past has enough students */
export function rangeOf(cases: readonly WatchedCase[]): Range | undefined {
  const means = [...grouped(cases).values()].filter(({ length }) => length >= LEAST_STUDENTS).map(meansOf);
  if (means.length === 0) return undefined;
  const overall = meansOf(cases);
  return {
    least: WATCHED.map((_, j) => Math.min(...means.map((own) => own[j]!))),
    greatest: WATCHED.map((_, j) => Math.max(...means.map((own) => own[j]!))),
    deviations: WATCHED.map((_, j) => {
      const squares = cases.reduce((sum, { watched }) => sum + (watched[j]! - overall[j]!) ** 2, 0);
      const lowest = cases.reduce((value, { watched }) => Math.min(value, watched[j]!), Infinity);
      const highest = cases.reduce((value, { watched }) => Math.max(value, watched[j]!), -Infinity);
      return Math.max(Math.sqrt(squares / cases.length), (highest - lowest) / 10);
    }),
  };
}

/** The courses of a week as `driftOf` takes them. */
export const courseMeans = (week: number, cases: readonly WatchedCase[]): CourseMeans[] =>
  [...grouped(cases).values()].map((own) => ({
    term: own[0]!.term,
    week,
    course: own[0]!.course,
    students: own.length,
    means: meansOf(own),
  }));

/**
 * How far a course lies outside the range of the past. A mean of few students strays by chance: two standard errors of
 * it are forgiven.
 */
export function driftOf(range: Range | undefined, { means, ...course }: CourseMeans): Drift {
  if (!range || course.students < LEAST_STUDENTS) return { ...course, verdict: 'unknown' };
  const far = WATCHED.map((column, j) => {
    const [mean, least, greatest] = [means[j]!, range.least[j]!, range.greatest[j]!];
    const distance = Math.max(least - mean, mean - greatest, 0);
    // What was the same for everybody in the past has no weight.
    const deviations = range.deviations[j]! > 0 ? distance / range.deviations[j]! : 0;
    return { column, mean, least, greatest, beyond: deviations - 2 / Math.sqrt(course.students) };
  });
  const worst = far.reduce((a, b) => (b.beyond > a.beyond ? b : a));
  if (worst.beyond > HOLD_BEYOND) return { ...course, verdict: 'hold', worst };
  if (worst.beyond > WATCH_BEYOND) return { ...course, verdict: 'watch', worst };
  return { ...course, verdict: 'in range' };
}

/** `scores_below_class is 1.42 on average, -0.10 to 0.31 in past courses` */
export function driftInWords({ worst }: Drift): string | undefined {
  if (!worst) return undefined;
  const two = (value: number) => value.toFixed(2);
  return `${worst.column} is ${two(worst.mean)} on average, ${two(worst.least)} to ${two(worst.greatest)} in past courses`;
}

function grouped(cases: readonly WatchedCase[]): Map<string, WatchedCase[]> {
  const groups = new Map<string, WatchedCase[]>();
  for (const one of cases) {
    const key = JSON.stringify([one.term, one.course]);
    const own = groups.get(key);
    if (own) own.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

const meansOf = (cases: readonly WatchedCase[]): number[] =>
  WATCHED.map((_, j) => cases.reduce((sum, { watched }) => sum + watched[j]!, 0) / cases.length);
