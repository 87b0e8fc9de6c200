import { judgeWeek } from './evaluate.ts';
import type { ExampleWeek } from './examples.ts';
import type { Capacity } from './figures.ts';
import { listFigures } from './listed.ts';
import { calibrationLine } from './metrics/calibration.ts';
import { rocAuc } from './metrics/ranking.ts';
import { chooseSplit, type Split } from './split.ts';
import type { PastTerm } from './terms.ts';
import { type Fit, fitWeek } from './week-model.ts';

/** One week of a past term, evaluated by the terms that were over before it. */
export interface RollingWeek {
  readonly term: string;
  /** The terms learned from. */
  readonly train: readonly string[];
  readonly week: number;
  /** Students with work handed in, in courses that the training terms had. */
  readonly cases: number;
  readonly base: number;
  readonly auc: number;
  /** Mean risk predicted. */
  readonly predicted: number;
  readonly slope?: number;
  /** Of the list as advisers get it. */
  readonly precision?: number;
  readonly recall?: number;
}

type LaterTerm = Extract<Split, { readonly kind: 'later term' }>;

/** Every past term that has one to learn from before it: how much the figures differ from term to term. */
export const rollingSplits = (terms: readonly PastTerm[]): LaterTerm[] =>
  terms.flatMap(({ code }) => {
    const split = chooseSplit(terms, { test: code });
    return split.kind === 'later term' ? [split] : [];
  });

/** @returns undefined where there is too little to fit, or all ended alike */
export function rollingWeek(
  exampleWeek: ExampleWeek,
  split: LaterTerm,
  capacity: Capacity,
  modelOf: Fit = fitWeek,
): RollingWeek | undefined {
  const found = judgeWeek(exampleWeek, split, new Map(), modelOf);
  if (!found) return undefined;
  const scored = found.evaluated.filter(({ isKnown, isRule }) => isKnown && !isRule);
  const bad = scored.filter((one) => one.bad).length;
  if (bad === 0 || bad === scored.length) return undefined;
  const list = 'perAdviser' in capacity ? undefined : listFigures(found.evaluated, capacity);
  const line = calibrationLine(scored);
  return {
    term: split.test.code,
    train: split.train.map(({ code }) => code),
    week: exampleWeek.week,
    cases: scored.length,
    base: bad / scored.length,
    auc: rocAuc(scored),
    predicted: scored.reduce((sum, { score }) => sum + score, 0) / scored.length,
    ...(line ? { slope: line.slope } : {}),
    ...(list ? { precision: list.precision, recall: list.recall } : {}),
  };
}
