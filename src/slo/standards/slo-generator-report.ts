import type { PolicyStep } from './slo-generator.ts';

/** The figures of a report of slo-generator, under its own names. */
export interface GeneratorReport {
  readonly sli_measurement: number;
  readonly good_events_count: number;
  readonly bad_events_count: number;
  readonly events_count: number;
  readonly gap: number;
  readonly error_budget_target: number;
  readonly error_budget_measurement: number;
  readonly error_budget_burn_rate: number;
  readonly error_budget_remaining_minutes: number;
  readonly error_budget_minutes: number;
  readonly error_minutes: number;
  readonly error_budget_consumed_ratio: number;
  readonly alert: boolean;
  readonly consequence_message: string;
}

/**
 * What slo-generator 2 reports of so many good and bad events, by its own arithmetic: floating point, the SLI rounded to
 * six digits and the burn rate to one **before** it is compared. So a rate of 14.44 does not exceed a threshold of 14.4
 * there; the lake's own alerts compare exactly.
 * Source: https://github.com/google/slo-generator/blob/master/slo_generator/report.py (build, get_sli)
 * @returns undefined where there were no events, of which it makes no report
 */
export function generatorReport(
  goal: number,
  { window, burn_rate_threshold: threshold, message_alert, message_ok }: PolicyStep,
  good: number,
  bad: number,
): GeneratorReport | undefined {
  const events = good + bad;
  if (events < 1) return undefined;
  const sli = pythonRound(good / events, 6);
  const gap = sli - goal;
  const target = 1 - goal;
  const value = 1 - sli;
  const burn = target === 0 ? 0 : pythonRound(value / target, 1);
  const alert = burn > threshold;
  const missed = 'Missed for this measurement window, but not enough to alert';
  return {
    sli_measurement: sli,
    good_events_count: Math.trunc(good),
    bad_events_count: Math.trunc(bad),
    events_count: Math.trunc(events),
    gap,
    error_budget_target: target,
    error_budget_measurement: value,
    error_budget_burn_rate: burn,
    error_budget_remaining_minutes: (window * gap) / 60,
    error_budget_minutes: (window * target) / 60,
    error_minutes: (window * value) / 60,
    error_budget_consumed_ratio: target > 0 ? (value * 100) / target : 0,
    alert,
    consequence_message: alert ? message_alert : burn <= 1 ? message_ok : missed,
  };
}

/** Python's `round`: to the nearest, and of two that are as near to the even one. */
function pythonRound(value: number, digits: number): number {
  // A double is half-way between two decimals only where so many binary digits hold it whole.
  const halves = value * 2 ** (digits + 1);
  const isHalfway = Number.isInteger(halves) && Math.abs(halves * 5 ** digits) % 2 === 1;
  if (!isHalfway) return Number(value.toFixed(digits));
  const below = Math.floor(value * 10 ** digits);
  return (below % 2 === 0 ? below : below + 1) / 10 ** digits;
}
