import { hiddenTogether, isLarge, partOf } from './hidden-together.ts';
import { aucInterval } from './metrics/bootstrap.ts';
import { binOf, brier, calibrationError, calibrationLine, calibrationTable } from './metrics/calibration.ts';
import { atCapacity, averagePrecision, rocAuc, type Scored } from './metrics/ranking.ts';

/** A case that was evaluated: what the model said and what its simple rivals said. */
export interface EvaluatedCase extends Scored {
  readonly user: string;
  readonly student: string | null;
  readonly course: string;
  readonly term: string;
  /** Nothing handed in: the rule's. The score is then the share of such students that the training terms lost. */
  readonly isRule: boolean;
  /** Whether the training terms had the course. */
  readonly isKnown: boolean;
  /** Within the rule's students of the term: who has more evidence against them comes first. */
  readonly callPlace: number;
  /** Who advises the student today; empty where nobody does. */
  readonly advisers: readonly string[];
  readonly rivals: Rivals;
}

/** Orders by one number each: what a model has to beat. */
export interface Rivals {
  /** The share of students that the course lost in the training terms; a probability. */
  readonly courseRate: number;
  /** The latest score, 0 where the piece is missing; higher is riskier. */
  readonly lastScore: number;
  readonly missingShare: number;
}

/** How good a list is. Shares are between 0 and 1. */
export interface Figures {
  readonly cases: number;
  readonly students: number;
  /** Share that ended unsuccessfully: what PR-AUC and precision have to beat. */
  readonly base: number;
  readonly auc: number;
  /** 95 %, by students drawn with replacement. */
  readonly aucFrom: number;
  readonly aucTo: number;
  readonly prAuc: number;
  readonly brier: number;
  /** Of always answering with the course's rate. */
  readonly brierOfCourseRate: number;
  /** Precision among the riskiest tenth. */
  readonly precisionTop10: number;
  readonly recallTop20: number;
  readonly calibration: {
    readonly table: readonly ShownBin[];
    /** Over the bins that are shown; what is hidden counts as one bin. */
    readonly error: number;
    readonly line?: { readonly slope: number; readonly intercept: number };
    readonly predicted: number;
  };
  /** The simple rivals. */
  readonly rivals: Readonly<Record<keyof Rivals, RankFigures>>;
}

/** The AUC of an order and its 95 % interval. */
export interface RankFigures {
  readonly auc: number;
  readonly aucFrom: number;
  readonly aucTo: number;
}

/** A bin as it is shown: of one with few people of one outcome, and of those hidden with it, only that it is there. */
export type ShownBin =
  | {
      readonly from: number;
      readonly to: number;
      readonly hidden: false;
      readonly cases: number;
      readonly predicted: number;
      readonly observed: number;
    }
  | { readonly from: number; readonly to: number; readonly hidden: true };

/** How many can be called: a number of students in courses, a share of them, or a number by each adviser. */
export type Capacity =
  | { readonly count: number }
  | { readonly share: number }
  | { readonly perAdviser: number };

/** @returns undefined where too few ended one way or the other to show anything of them */
export function figuresOf(evaluated: readonly EvaluatedCase[]): Figures | undefined {
  if (!isLarge(partOf(evaluated))) return undefined;
  const bad = evaluated.filter((one) => one.bad).length;
  const users = evaluated.map(({ user }) => user);
  const [aucFrom, aucTo] = aucInterval(evaluated, users);
  const by = (rival: keyof Rivals) => evaluated.map((one) => ({ score: one.rivals[rival], bad: one.bad }));
  const rival = (name: keyof Rivals): RankFigures => {
    const [from, to] = aucInterval(by(name), users);
    return { auc: rocAuc(by(name)), aucFrom: from, aucTo: to };
  };
  return {
    cases: evaluated.length,
    students: new Set(users).size,
    base: bad / evaluated.length,
    auc: rocAuc(evaluated),
    aucFrom,
    aucTo,
    prAuc: averagePrecision(evaluated),
    brier: brier(evaluated),
    brierOfCourseRate: brier(by('courseRate')),
    precisionTop10: atCapacity(evaluated, Math.round(evaluated.length / 10)).precision,
    recallTop20: atCapacity(evaluated, Math.round(evaluated.length / 5)).recall,
    calibration: {
      ...shownCalibration(evaluated),
      line: calibrationLine(evaluated),
      predicted: evaluated.reduce((sum, { score }) => sum + score, 0) / evaluated.length,
    },
    rivals: {
      courseRate: rival('courseRate'),
      lastScore: rival('lastScore'),
      missingShare: rival('missingShare'),
    },
  };
}

/** How a score ranks, in thousandths; of cases of both outcomes. */
export function rankFigures(evaluated: readonly EvaluatedCase[]): RankFigures {
  const [from, to] = aucInterval(
    evaluated,
    evaluated.map(({ user }) => user),
  );
  const thousandths = (value: number) => Math.round(1000 * value) / 1000;
  return { auc: thousandths(rocAuc(evaluated)), aucFrom: thousandths(from), aucTo: thousandths(to) };
}

function shownCalibration(evaluated: readonly EvaluatedCase[]): { table: ShownBin[]; error: number } {
  const bins = calibrationTable(evaluated).map((bin) => ({ ...bin, ...partOf(bin.members) }));
  const hidden = hiddenTogether(bins);
  const rest = bins.filter((bin) => hidden.has(bin)).flatMap(({ members }) => members);
  const shown = bins.filter((bin) => !hidden.has(bin));
  return {
    table: bins.map((bin) => {
      const { from, to, cases, predicted, observed } = bin;
      return hidden.has(bin)
        ? { from, to, hidden: true }
        : { from, to, hidden: false, cases, predicted, observed };
    }),
    error: calibrationError(rest.length === 0 ? shown : [...shown, binOf(0, 1, rest)]),
  };
}
