import { byCourse, type CourseRow } from './by-course.ts';
import { courseMeans, type Drift, driftOf, rangeOf } from './drift.ts';
import type { Example, ExampleWeek } from './examples.ts';
import {
  type Capacity,
  type EvaluatedCase,
  type Figures,
  figuresOf,
  type RankFigures,
  rankFigures,
} from './figures.ts';
import { type ListFigures, listFigures } from './listed.ts';
import { type SmallShare, smallShare } from './small-numbers.ts';
import { type Fold, foldsOf, type Split } from './split.ts';
import { inHundredths, totalsGiveAway } from './totals.ts';
import { type Fit, fitWeek, risk, type WeekModel } from './week-model.ts';

/** How early warning does in one week, on students that the fit has not seen. */
export interface WeekEvaluation {
  readonly week: number;
  readonly day: number;
  /** The model that was evaluated (the first fold's, where students took turns). */
  readonly model: WeekModel;
  /** Enrolled, with something handed in, in courses that the training terms had too: what the model is for. */
  readonly scored: Figures;
  /** The same in courses that the training terms did not have. Absent: none, or all ended alike. */
  readonly newCourses?: Figures;
  /**
   * Everybody still enrolled in the known courses: the rule's students and the model's together. Only how they are
   * ranked, in thousandths: from their number and outcomes those of the rule's would follow.
   */
  readonly enrolled: RankFigures;
  /** Enrolled and nothing handed in: the plain rule. */
  readonly nothingHandedIn: SmallShare;
  /** The list that advisers get, of everybody of whom something is said. Absent: nobody ended unsuccessfully. */
  readonly list?: ListFigures;
  /** With work handed in, by course, new ones too. */
  readonly courses: readonly CourseRow[];
  /** What the weekly check would have said of the courses of the evaluated term. */
  readonly drift: readonly Drift[];
}

/** Who advises whom, by the registrar's number of the student. */
type Advisers = ReadonlyMap<string, readonly string[]>;

/** The cases of a split, evaluated; undefined where there is too little to fit. */
export function judgeWeek(
  { week, examples }: ExampleWeek,
  split: Split,
  advisers: Advisers,
  modelOf: Fit = fitWeek,
): { evaluated: EvaluatedCase[]; model: WeekModel } | undefined {
  const evaluated: EvaluatedCase[] = [];
  let model: WeekModel | undefined;
  for (const fold of foldsOf(split, examples)) {
    const fitted = modelOf(week, fold.fit.filter(isScored));
    if (!fitted) return undefined;
    model ??= fitted;
    evaluated.push(...judge(fold, fitted, advisers));
  }
  return model && { evaluated, model };
}

/** The evaluation of a week and the evaluated cases behind it; undefined where there is too little to fit or to judge. */
export function evaluateWeek(
  exampleWeek: ExampleWeek,
  split: Split,
  capacity: Capacity,
  advisers: Advisers,
  modelOf: Fit = fitWeek,
): { evaluation: WeekEvaluation; evaluated: EvaluatedCase[] } | undefined {
  const found = judgeWeek(exampleWeek, split, advisers, modelOf);
  if (!found) return undefined;
  const { evaluated, model } = found;
  const { week } = exampleWeek;
  const known = evaluated.filter(({ isKnown }) => isKnown);
  const scored = known.filter(({ isRule }) => !isRule);
  const figures = figuresOf(scored);
  if (!figures) return undefined;
  const rule = known.filter(({ isRule }) => isRule);
  return {
    evaluated,
    evaluation: {
      week,
      day: 7 * week,
      model,
      scored: figures,
      newCourses: figuresOf(evaluated.filter(({ isKnown, isRule }) => !isKnown && !isRule)),
      enrolled: rankFigures(known),
      nothingHandedIn: smallShare(rule.length, rule.filter(({ bad }) => bad).length),
      list: shownList(evaluated, capacity),
      courses: byCourse(evaluated.filter(({ isRule }) => !isRule)),
      drift: driftsOf(exampleWeek, split),
    },
  };
}

/** The list's figures, in hundredths where exact ones would give away how a few people ended. */
function shownList(evaluated: readonly EvaluatedCase[], capacity: Capacity): ListFigures | undefined {
  const figures = listFigures(evaluated, capacity);
  if (!figures || !totalsGiveAway(evaluated)) return figures;
  const { cases, listed, ofRule, threshold, ...shares } = figures;
  return {
    cases,
    listed,
    ofRule,
    ...inHundredths(shares),
    ...(threshold === undefined ? {} : { threshold }),
  };
}

function driftsOf({ week, examples }: ExampleWeek, split: Split): Drift[] {
  if (split.kind === 'within one term') return [];
  return foldsOf(split, examples).flatMap(({ fit, judge: cases }) => {
    const range = rangeOf(fit.filter(isScored));
    return courseMeans(week, cases.filter(isScored)).map((course) => driftOf(range, course));
  });
}

export const isScored = ({ evidence }: Example): boolean => evidence === 'scored';
const hasHandedNothingIn = ({ evidence }: Example): boolean => evidence === 'nothing handed in';

function judge({ fit, judge: cases }: Fold, model: WeekModel, advisers: Advisers): EvaluatedCase[] {
  const rates = courseRates(fit);
  const overall = rateOf(fit);
  // Who has handed nothing in is as much at risk as such students were in the training terms.
  const rule = rateOf(fit.filter(hasHandedNothingIn));
  // Where nothing was due yet there is nothing to say.
  const told = cases.filter((example) => isScored(example) || hasHandedNothingIn(example));
  return told.map((example) => {
    const { user, student, course, term, unsuccessful, measures, lastScore, callPlace } = example;
    const isRule = !isScored(example);
    return {
      user,
      student,
      course,
      term,
      bad: unsuccessful,
      isRule,
      isKnown: rates.has(course),
      callPlace,
      advisers: (student === null ? undefined : advisers.get(student)) ?? [],
      score: isRule ? rule : risk(model, example),
      rivals: {
        courseRate: rates.get(course) ?? overall,
        lastScore: 100 - (lastScore ?? 50),
        missingShare: measures[0]!,
      },
    };
  });
}

function courseRates(examples: readonly Example[]): Map<string, number> {
  const tallies = new Map<string, { bad: number; all: number }>();
  for (const { course, unsuccessful } of examples) {
    const tally = tallies.get(course) ?? { bad: 0, all: 0 };
    tally.all++;
    if (unsuccessful) tally.bad++;
    tallies.set(course, tally);
  }
  return new Map([...tallies].map(([course, { bad, all }]) => [course, bad / all]));
}

const rateOf = (examples: readonly Example[]): number =>
  examples.length === 0 ? 0.5 : examples.filter(({ unsuccessful }) => unsuccessful).length / examples.length;

/** The weeks worth a row of their own: each of the first eight, then every fourth, and the last. */
export function evaluatedWeeks(weeks: readonly WeekEvaluation[]): readonly WeekEvaluation[] {
  return weeks.filter(({ week }, i) => week <= 8 || week % 4 === 0 || i === weeks.length - 1);
}
