import { aucInterval } from './metrics/bootstrap.ts';
import {
  brier,
  type CalibrationBin,
  calibrationError,
  calibrationLine,
  calibrationTable,
} from './metrics/calibration.ts';
import { atCapacity, averagePrecision, rocAuc, type Scored } from './metrics/ranking.ts';
import { LEAST_PEOPLE } from './small-numbers.ts';

/** A case that was judged: what the model said and what its simple rivals said. */
export interface Judged extends Scored {
  readonly user: string;
  readonly student: string | null;
  readonly course: string;
  readonly term: string;
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
  readonly capacity: { readonly listed: number; readonly precision: number; readonly recall: number };
  /** Precision among the riskiest tenth. */
  readonly precisionTop10: number;
  readonly recallTop20: number;
  readonly calibration: {
    /** Of bins with fewer than ten students it says so, and nothing else. */
    readonly table: readonly ShownBin[];
    readonly error: number;
    readonly line?: { readonly slope: number; readonly intercept: number };
    readonly predicted: number;
  };
  /** AUC of the simple rivals. */
  readonly rivals: {
    readonly courseRate: number;
    readonly lastScore: number;
    readonly missingShare: number;
  };
}

/** A bin as it is shown: what was observed of a few students stays hidden. */
export type ShownBin = Omit<CalibrationBin, 'observed'> & { readonly observed?: number };

/** How many an adviser team can call: a number of students in courses, or a share of them. */
export type Capacity = { readonly count: number } | { readonly share: number };

export const placesOf = (capacity: Capacity, cases: number): number =>
  'count' in capacity ? Math.min(capacity.count, cases) : Math.round(capacity.share * cases);

/** @returns undefined where all ended alike: then nothing can be told apart */
export function figuresOf(judged: readonly Judged[], capacity: Capacity): Figures | undefined {
  const bad = judged.filter((one) => one.bad).length;
  if (bad === 0 || bad === judged.length) return undefined;
  const users = judged.map(({ user }) => user);
  const [aucFrom, aucTo] = aucInterval(judged, users);
  const table = calibrationTable(judged);
  const by = (rival: keyof Rivals) => judged.map((one) => ({ score: one.rivals[rival], bad: one.bad }));
  const { listed, precision, recall } = atCapacity(judged, placesOf(capacity, judged.length));
  return {
    cases: judged.length,
    students: new Set(users).size,
    base: bad / judged.length,
    auc: rocAuc(judged),
    aucFrom,
    aucTo,
    prAuc: averagePrecision(judged),
    brier: brier(judged),
    brierOfCourseRate: brier(by('courseRate')),
    capacity: { listed, precision, recall },
    precisionTop10: atCapacity(judged, Math.round(judged.length / 10)).precision,
    recallTop20: atCapacity(judged, Math.round(judged.length / 5)).recall,
    calibration: {
      table: table.map(({ observed, ...bin }) => (bin.cases < LEAST_PEOPLE ? bin : { ...bin, observed })),
      error: calibrationError(table),
      line: calibrationLine(judged),
      predicted: judged.reduce((sum, { score }) => sum + score, 0) / judged.length,
    },
    rivals: {
      courseRate: rocAuc(by('courseRate')),
      lastScore: rocAuc(by('lastScore')),
      missingShare: rocAuc(by('missingShare')),
    },
  };
}
