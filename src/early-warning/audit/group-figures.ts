import type { EvaluatedCase } from '../figures.ts';
import { isLarge, partOf } from '../hidden-together.ts';
import { abroca } from '../metrics/abroca.ts';
import { rocAuc } from '../metrics/ranking.ts';
import { wilson } from '../metrics/wilson.ts';

/** How a group fares on a list of the same length for all. Shares are 0 to 1. */
export interface GroupFigures {
  readonly cases: number;
  /**
   * How many ended unsuccessfully, and which share of the cases that is. Absent where the totals would give away how a few
   * people ended; the other shares are rounded then, and have no interval.
   */
  readonly unsuccessful?: number;
  readonly base?: number;
  /** Share of all its cases that the list names. */
  readonly listed: number;
  /** Of those who ended unsuccessfully, the share that the list missed (false negatives), and its 95 % interval (Wilson). */
  readonly missed: number;
  readonly missedFrom?: number;
  readonly missedTo?: number;
  /** The rest of them: the share that the list named. */
  readonly recall: number;
  /** Of those who succeeded, the share that the list named. */
  readonly falselyListed: number;
  /** Of those listed, the share that ended unsuccessfully. Absent: nobody is listed. */
  readonly precision?: number;
  /** Mean risk predicted less the share observed. */
  readonly calibrationGap: number;
  /** How the risk ranks within the group, to hundredths. */
  readonly auc: number;
  /**
   * The area between the ROC curve of the group and that of all others (Gardner, Brooks & Baker, LAK 2019), to
   * hundredths: 0 where both are ranked alike. Absent where there are too few others.
   */
  readonly abroca?: number;
}

/** The counts behind the figures of one group. */
export interface Tally {
  readonly cases: number;
  readonly bad: number;
  readonly listed: number;
  readonly badListed: number;
  readonly predicted: number;
  readonly auc: number;
  readonly abroca?: number;
}

/** @param own a group that is large enough to be shown; both outcomes are in it */
export function tallyOf(
  own: readonly EvaluatedCase[],
  others: readonly EvaluatedCase[],
  listed: ReadonlySet<EvaluatedCase>,
): Tally {
  const count = (wanted: (one: EvaluatedCase) => boolean) => own.filter(wanted).length;
  return {
    cases: own.length,
    bad: count(({ bad }) => bad),
    listed: count((one) => listed.has(one)),
    badListed: count((one) => one.bad && listed.has(one)),
    predicted: own.reduce((sum, { score }) => sum + score, 0) / own.length,
    auc: hundredths(rocAuc(own)),
    ...(isLarge(partOf(others)) ? { abroca: hundredths(abroca(own, others)) } : {}),
  };
}

export function figuresOfTally(tally: Tally): GroupFigures {
  const { cases, bad, badListed, listed, predicted } = tally;
  const missed = bad - badListed;
  const [missedFrom, missedTo] = wilson(missed, bad);
  return {
    cases,
    unsuccessful: bad,
    base: bad / cases,
    listed: listed / cases,
    missed: missed / bad,
    missedFrom,
    missedTo,
    recall: badListed / bad,
    falselyListed: (listed - badListed) / (cases - bad),
    ...(listed === 0 ? {} : { precision: badListed / listed }),
    calibrationGap: predicted - bad / cases,
    ...ranked(tally),
  };
}

/** The same without a count of outcomes, shares to the nearest multiple of a step. */
export function roundedFigures(tally: Tally, step: number): GroupFigures {
  const { cases, bad, predicted } = tally;
  const shares = roundedShares(tally, step);
  return {
    cases,
    ...shares,
    recall: roundTo(1 - shares.missed, step),
    calibrationGap: roundTo(predicted - bad / cases, step),
    ...ranked(tally),
  };
}

/** The shares that follow from the counts alone. */
export function roundedShares(
  { cases, bad, badListed, listed }: Pick<Tally, 'cases' | 'bad' | 'badListed' | 'listed'>,
  step: number,
): Pick<GroupFigures, 'listed' | 'missed' | 'falselyListed' | 'precision'> {
  return {
    listed: roundTo(listed / cases, step),
    missed: roundTo((bad - badListed) / bad, step),
    falselyListed: roundTo((listed - badListed) / (cases - bad), step),
    ...(listed === 0 ? {} : { precision: roundTo(badListed / listed, step) }),
  };
}

const ranked = ({ auc, abroca: area }: Tally) => ({ auc, ...(area === undefined ? {} : { abroca: area }) });

/** Rounded twice, so that 0.07 prints as 0.07, without the last digits of a product. */
const roundTo = (value: number, step: number): number =>
  Math.round(Math.round(value / step) * step * 1e6) / 1e6;

const hundredths = (value: number): number => roundTo(value, 0.01);
