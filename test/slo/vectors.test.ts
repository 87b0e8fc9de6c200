import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { burnsTooFast } from '../../src/slo/alert-state.ts';
import { budgetIn, burnRate, minutesLeft } from '../../src/slo/budget.ts';
import { defaultAlerts, detectionMs, resetMs, thresholdOf } from '../../src/slo/burn-alerts.ts';
import { measureHappenings, measureMinutes } from '../../src/slo/measured.ts';
import type { Budgeting, Indicator } from '../../src/slo/objective.ts';
import type { Span } from '../../src/slo/spans.ts';
import { generatorReport } from '../../src/slo/standards/slo-generator-report.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const AGE: Indicator = { kind: 'age', tables: ['a.b'], atMostMs: DAY };
const part = (text: string) => new Fraction(text);

/** Worked figures of published guides, and what follows from them by hand. */
describe('a table of which 150 minutes of 28 days were bad, 30 of the last 6 hours, 5 of the last 5 minutes', () => {
  const T = 100_000;
  const bad: Span[] = [
    { from: T - 10_000, to: T - 9880 }, // 120
    { from: T - 300, to: T - 282 }, // 18, in the last 6 h
    { from: T - 30, to: T - 23 }, // 7, in the last 30 min
    { from: T - 5, to: T },
  ];
  const measured = measureMinutes(
    { known: [{ from: 0, to: T }], bad, excluded: [] },
    { method: 'occurrences' },
  );
  const target = part('0.99');
  const rate = (windowMs: number) => burnRate(measured, target, windowMs, T)!;

  it.each([
    [5 * MINUTE, '100'],
    [30 * MINUTE, '40'],
    [HOUR, '20'],
    [2 * HOUR, '10'],
    [6 * HOUR, '25/3'],
    [DAY, '25/12'],
    [3 * DAY, '25/36'],
    [28 * DAY, '125/336'],
  ])('burns over %i ms at %s times the sustainable rate', (windowMs, expected) => {
    expect(rate(windowMs).toFraction()).toBe(expected);
  });

  it('pages by both page rules and opens no ticket', () => {
    const alerts = defaultAlerts(AGE, target, 28 * DAY);
    expect(alerts.map(({ name, threshold }) => [name, Number(threshold)])).toEqual([
      ['page-1h', 13.44],
      ['page-6h', 5.6],
      ['ticket-1d', 2.8],
      ['ticket-3d', 14 / 15],
    ]);
    expect(alerts.map((alert) => burnsTooFast(measured, { target }, alert, T))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('has 253.2 minutes of 403.2 left, which last 21.1 hours at the pace of the last one', () => {
    const budget = budgetIn(measured, target, { from: T - 28 * 1440, to: T });
    expect(Number(budget.allowed)).toBe(403.2);
    expect(Number(budget.left)).toBe(253.2);
    expect(budget.spent!.toFraction()).toBe('125/336');
    expect(Number(minutesLeft(budget, rate(HOUR), 28 * DAY))).toBe(1266);
  });

  it('would page 8.064 minutes into an outage and calm down 4.328 minutes after it', () => {
    const [page] = defaultAlerts(AGE, target, 28 * DAY);
    expect(Number(detectionMs(page!, target).div(MINUTE))).toBe(8.064);
    expect(Number(resetMs(page!, target).div(MINUTE))).toBe(4.328);
  });
});

it.each([
  ['30d', 30, [14.4, 6, 3, 1]],
  ['28d', 28, [13.44, 5.6, 2.8, 14 / 15]],
  ['7d', 7, [3.36, 1.4, 0.7, 7 / 30]],
])('the thresholds for a window of %s follow from the parts of the budget', (_, days, expected) => {
  const rules = [
    ['0.02', HOUR],
    ['0.05', 6 * HOUR],
    ['0.1', DAY],
    ['0.1', 3 * DAY],
  ] as const;
  expect(rules.map(([budget, long]) => Number(thresholdOf(part(budget), days * DAY, long)))).toEqual(
    expected,
  );
});

describe('as slo-generator computes', () => {
  const step = { name: '1d', alert: true, message_alert: 'page', message_ok: 'fine' };

  it('1434 good and 6 bad of a day at 99 %', () => {
    const report = generatorReport(0.99, { ...step, window: 86_400, burn_rate_threshold: 9 }, 1434, 6)!;
    expect(report).toMatchObject({
      sli_measurement: 0.995833,
      error_budget_burn_rate: 0.4,
      alert: false,
      consequence_message: 'fine',
    });
    expect(report.gap).toBeCloseTo(0.005833, 12);
    expect(report.error_budget_minutes).toBeCloseTo(14.4, 9);
    expect(report.error_minutes).toBeCloseTo(6.00048, 9);
    expect(report.error_budget_remaining_minutes).toBeCloseTo(8.39952, 9);
    expect(report.error_budget_consumed_ratio).toBeCloseTo(41.67, 9);
  });

  it('a burn rate of 14.44 does not exceed 14.4 there, and does here', () => {
    const rounded = generatorReport(
      0.999,
      { ...step, window: 3600, burn_rate_threshold: 14.4 },
      985_560,
      14_440,
    );
    expect(rounded).toMatchObject({ error_budget_burn_rate: 14.4, alert: false });
    const minutes = measureHappenings(
      'runs',
      Array.from({ length: 100_000 }, (_, i) => ({ at: 0, good: i >= 1444 })),
    );
    const alert = { name: 'a', severity: 'page', threshold: part('14.4'), windowsMs: [HOUR] } as const;
    expect(burnsTooFast(minutes, { target: part('0.999') }, alert, 60)).toBe(true);
  });

  it('rounds half to even, as Python does', () => {
    // 0.5 / 2 = 0.25 exactly.
    expect(
      generatorReport(-1, { ...step, window: 60, burn_rate_threshold: 1 }, 1, 1)!.error_budget_burn_rate,
    ).toBe(0.2);
  });

  it('reports nothing of nothing', () => {
    expect(generatorReport(0.9, { ...step, window: 60, burn_rate_threshold: 1 }, 0, 0)).toBeUndefined();
  });
});

/** Source: https://github.com/OpenSLO/OpenSLO/tree/main/examples/budgeting-method */
describe("OpenSLO's attack on a service of two weeks at 95 %", () => {
  const target = part('0.95');
  const fortnight = { from: 0, to: 20_160 };
  const attacked = (minutes: number, budgeting: Budgeting) =>
    measureMinutes({ known: [fortnight], bad: [{ from: 0, to: minutes }], excluded: [] }, budgeting);
  const minuteSlices: Budgeting = { method: 'timeslices', sliceMs: MINUTE, target: part('0.9') };

  it('has 20,160 slices, of which 16 hours and 48 minutes burn the budget', () => {
    const budget = budgetIn(attacked(16 * 60 + 48, minuteSlices), target, fortnight);
    expect(Number(budget.tally.total)).toBe(20_160);
    expect(Number(budget.left)).toBe(0);
    expect(Number(budgetIn(attacked(16 * 60 + 47, minuteSlices), target, fortnight).left)).toBe(1);
  });

  it('allows 5 minutes and 2.4 seconds a week at 99.95 %', () => {
    const week = { from: 0, to: 10_080 };
    const budget = budgetIn(attacked(0, minuteSlices), part('0.9995'), week);
    expect(Number(budget.allowed)).toBe(5 + 2.4 / 60);
  });
});
