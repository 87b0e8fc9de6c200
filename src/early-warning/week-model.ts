import type { Range } from './drift.ts';
import { isLarge, partOf } from './hidden-together.ts';
import { fitLogistic } from './logistic/newton.ts';
import type { Cases } from './logistic/objective.ts';
import { sigmoid } from './logistic/sigmoid.ts';
import { COLUMNS } from './measures.ts';
import { type Distribution, distributionOf } from './metrics/distribution.ts';

/** λ of the penalty; scikit-learn's C is 1. */
export const RIDGE = 1;
/**
 * Variance of the courses' effects on the log-odds (a standard deviation of 0.5), to which they are shrunk. On past
 * terms of the Open University's data anything between 0.05 and 1 ranks alike.
 */
export const COURSE_VARIANCE = 0.25;
/** Of each outcome, for ten weights: with fewer, a week has no model of its own. */
export const LEAST_OF_EACH = 30;

/** The model of one week. Plain JSON, so that it can be kept and shown. */
export interface WeekModel {
  readonly week: number;
  /** What it was fitted to: students in courses who had handed something in. */
  readonly cases: number;
  readonly unsuccessful: number;
  readonly intercept: number;
  /** By measure, in the order of `MEASURES`: mean and standard deviation of the past, and the weight of one deviation. */
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  readonly weights: readonly number[];
  /** By measure: the least and the greatest of the past. Beyond them nothing was learned, so values are cut there. */
  readonly least: readonly number[];
  readonly greatest: readonly number[];
  /**
   * By course: what it adds to the log-odds, shrunk towards 0. A course that is not here adds 0: it is new, or fewer
   * than ten of its people failed, or got through, so that its effect would tell how they ended.
   */
  readonly courses: Readonly<Record<string, number>>;
  /** Where the courses of the past lay. Absent: none had enough students. */
  readonly range?: Range;
  /** How measures and risks of the past were spread, to see later whether they have moved. Absent: an older program trained it. */
  readonly spread?: Spread;
}

/** The distributions of what a week's model was fitted to. */
export interface Spread {
  /** By measure, in the order of `MEASURES`; null where a value was no number. */
  readonly measures: readonly (Distribution | null)[];
  /** Of its own risks. */
  readonly risks: Distribution | null;
}

/** How the cases of a week's model were spread, and its risks of them. */
export const spreadOf = (model: WeekModel, cases: readonly Placed[]): Spread => ({
  measures: columnwise((j) => distributionOf(cases.map(({ measures }) => measures[j]!)) ?? null),
  risks: distributionOf(cases.map((one) => risk(model, one))) ?? null,
});

/** What a model learns from. */
export interface Case {
  readonly user: string;
  readonly course: string;
  readonly measures: readonly number[];
  readonly unsuccessful: boolean;
}

/** How the model of a week comes about from past cases: fitted to them, or brought. Undefined: there are too few. */
export type Fit = (week: number, cases: readonly Case[]) => WeekModel | undefined;

/** What a risk is computed from. */
type Placed = Pick<Case, 'course' | 'measures'>;

/**
 * Fits the model of a week: measures scaled by the mean and population standard deviation of the cases, then ridge
 * logistic regression with weights held at or above zero; then of each course how much more or less often it was lost
 * than its students' measures say.
 * @returns undefined where there are too few of one outcome to learn from
 */
export function fitWeek(week: number, cases: readonly Case[]): WeekModel | undefined {
  const unsuccessful = cases.filter((one) => one.unsuccessful).length;
  if (Math.min(unsuccessful, cases.length - unsuccessful) < LEAST_OF_EACH) return undefined;
  const width = COLUMNS.length;
  const means = columnwise((j) => mean(cases.map((one) => one.measures[j]!)));
  const deviations = columnwise((j) => {
    const spread = Math.sqrt(mean(cases.map((one) => (one.measures[j]! - means[j]!) ** 2)));
    // A measure that is the same for all says nothing: its scaled values are all 0, and so is its weight.
    return spread > 0 ? spread : 1;
  });
  const scaled: Cases = {
    x: new Float64Array(cases.length * width),
    y: Uint8Array.from(cases, (one) => (one.unsuccessful ? 1 : 0)),
    width,
  };
  cases.forEach((one, i) => {
    for (let j = 0; j < width; j++) {
      scaled.x[i * width + j] = (one.measures[j]! - means[j]!) / deviations[j]!;
    }
  });
  const [intercept, ...weights] = fitLogistic(scaled, { ridge: RIDGE, nonNegative: true }).weights;
  const model: WeekModel = {
    week,
    cases: cases.length,
    unsuccessful,
    intercept: intercept!,
    means,
    deviations,
    weights,
    ...extremes(cases),
    courses: {},
  };
  return { ...model, courses: courseEffects(model, cases) };
}

/** By measure: the least and the greatest of the cases. */
export const extremes = (
  cases: readonly Pick<Case, 'measures'>[],
): Pick<WeekModel, 'least' | 'greatest'> => ({
  least: columnwise((j) => cases.reduce((least, one) => Math.min(least, one.measures[j]!), Infinity)),
  greatest: columnwise((j) => cases.reduce((most, one) => Math.max(most, one.measures[j]!), -Infinity)),
});

/** Only of courses with enough people of each outcome: weights and scores show the effects. */
function courseEffects(model: WeekModel, cases: readonly Case[]): Record<string, number> {
  const byCourse = new Map<string, Case[]>();
  for (const one of cases) {
    const own = byCourse.get(one.course);
    if (own) own.push(one);
    else byCourse.set(one.course, [one]);
  }
  const large = [...byCourse].filter(([, own]) =>
    isLarge(partOf(own.map(({ user, unsuccessful }) => ({ user, bad: unsuccessful })))),
  );
  const effects = large.map(([course, own]) => {
    const logits = own.map((one) => logOdds(model, one));
    return [course, shrunkEffect(logits, own.filter((one) => one.unsuccessful).length)] as const;
  });
  return Object.fromEntries(effects.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The most probable effect of a course whose effect is drawn from a normal distribution around 0 (a random intercept,
 * given the weights): the root of Σ risk(z + effect) − bad + effect / variance, by bisection, for it only rises.
 */
function shrunkEffect(logits: readonly number[], bad: number): number {
  let [low, high] = [-COURSE_VARIANCE * logits.length, COURSE_VARIANCE * logits.length];
  while (high - low > 1e-12 * Math.max(1, Math.abs(high))) {
    const effect = (low + high) / 2;
    if (effect === low || effect === high) break;
    const expected = logits.reduce((sum, z) => sum + sigmoid(z + effect), 0);
    if (expected - bad + effect / COURSE_VARIANCE > 0) high = effect;
    else low = effect;
  }
  return (low + high) / 2;
}

/**
 * What each measure adds to the log-odds, compared with the average past student. The intercept, the course's effect
 * and these sum to the logit. Values beyond what was learned from count as the nearest that was.
 */
export function contributions(model: WeekModel, measures: readonly number[]): number[] {
  return columnwise((j) => {
    const value = Math.max(model.least[j]!, Math.min(model.greatest[j]!, measures[j]!));
    return (model.weights[j]! * (value - model.means[j]!)) / model.deviations[j]!;
  });
}

/** The probability that the course ends unsuccessfully. */
export function risk(model: WeekModel, one: Placed): number {
  return sigmoid(logOdds(model, one));
}

function logOdds(model: WeekModel, { course, measures }: Placed): number {
  const base = model.intercept + (model.courses[course] ?? 0);
  return contributions(model, measures).reduce((sum, part) => sum + part, base);
}

/** The model of a week: the newest up to it that could be learned. */
export const modelFor = <T extends { readonly week: number }>(
  weeks: readonly T[],
  week: number,
): T | undefined => weeks.findLast((own) => own.week <= week);

const columnwise = <T = number>(value: (j: number) => T): T[] => COLUMNS.map((_, j) => value(j));

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
