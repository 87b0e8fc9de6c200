import { expect } from 'vitest';
import { fitLogistic } from '../../src/early-warning/logistic/newton.ts';
import { brier } from '../../src/early-warning/metrics/calibration.ts';
import { averagePrecision, rocAuc } from '../../src/early-warning/metrics/ranking.ts';
import { fitWeek, RIDGE, risk } from '../../src/early-warning/week-model.ts';
import type { Problem } from './problems.ts';

/** What scikit-learn says of a problem; see test/conformance/early-warning/judge.py. */
export interface Answer {
  readonly name: string;
  readonly intercept: number;
  readonly weights: readonly number[];
  /** Intercept and weights without the bound at zero. */
  readonly unbounded: readonly number[];
  readonly auc: number;
  readonly average_precision: number;
  readonly brier: number;
  readonly auc_of_tenths: number;
  readonly average_precision_of_tenths: number;
}

/** Of weights of around one: the ninth digit. */
const NEAR = 1e-9;

export function compareWithJudge({ cases }: Problem, answer: Answer | undefined): void {
  if (!answer) throw new Error('the judge was not asked');
  const model = fitWeek(8, cases)!;
  near(model.intercept, answer.intercept);
  model.weights.forEach((weight, j) => {
    near(weight, answer.weights[j]!);
  });
  const { means, deviations } = model;
  const { weights } = fitLogistic(
    {
      x: Float64Array.from(
        cases.flatMap(({ measures }) => measures.map((value, j) => (value - means[j]!) / deviations[j]!)),
      ),
      y: Uint8Array.from(cases, ({ unsuccessful }) => (unsuccessful ? 1 : 0)),
      width: means.length,
    },
    { ridge: RIDGE, nonNegative: false },
  );
  weights.forEach((weight, j) => {
    near(weight, answer.unbounded[j]!);
  });
  const scored = cases.map((one) => ({ score: risk(model, one), bad: one.unsuccessful }));
  near(rocAuc(scored), answer.auc);
  near(averagePrecision(scored), answer.average_precision);
  near(brier(scored), answer.brier);
  const tenths = scored.map(({ score, bad }) => ({ score: Math.round(score * 10) / 10, bad }));
  near(rocAuc(tenths), answer.auc_of_tenths);
  near(averagePrecision(tenths), answer.average_precision_of_tenths);
}

function near(got: number, wanted: number): void {
  expect(Math.abs(got - wanted), `${got} for ${wanted}`).toBeLessThanOrEqual(NEAR);
}
