import type { Standing } from '../assess.ts';
import { minuteOf } from '../spans.ts';
import { DEFAULT_POLICIES } from './slo-generator.ts';
import { type GeneratorReport, generatorReport } from './slo-generator-report.ts';

/** A report of slo-generator for each step of its default policy, at the end of the standing's time. */
export function generatorReports({
  objective,
  measured,
  at,
}: Standing): (GeneratorReport & { name: string; error_budget_policy_step_name: string; window: number })[] {
  return DEFAULT_POLICIES.default!.flatMap((step) => {
    const to = minuteOf(at);
    const { bad, total } = measured.tally(to - step.window / 60, to);
    const report = generatorReport(Number(objective.target), step, Number(total.sub(bad)), Number(bad));
    return report
      ? [{ name: objective.name, error_budget_policy_step_name: step.name, window: step.window, ...report }]
      : [];
  });
}
