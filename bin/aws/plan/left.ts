import { monthlyOf } from '../../../lib/cost/estimate.ts';
import { usageOf } from '../../../lib/cost/usage.ts';
import type { Settings } from '../../../lib/settings.ts';
import { type StackTemplate, templatesOf } from '../../../lib/synthesize.ts';
import type { StandingStack } from '../teardown/standing-stack.ts';

/** A deployed stack that campus.yaml no longer describes. A deployment never deletes one. */
export interface LeftStack {
  readonly stack: string;
  /** Its cost in dollars a month, for a college of 10,000 students. */
  readonly monthly: number;
}

const COLLEGE = { students: 10_000, models: 0, waves: 0 };

/** @throws DeployError for a campus.yaml that cannot be deployed */
export function leftOf(standing: readonly StandingStack[], settings: Settings): LeftStack[] {
  // Without the record: what campus.yaml describes, even where it cannot be deployed in one step.
  const wanted = templatesOf({ ...settings, deployed: undefined });
  return pricesOf(
    standing.filter(({ name }) => !wanted.has(name)),
    settings,
  );
}

/** Stacks with what each costs. */
export function pricesOf(stacks: readonly StandingStack[], settings: Settings): LeftStack[] {
  const usage = (template: StackTemplate) =>
    usageOf({ ...settings, warehouse: { ...settings.warehouse, ...limitOf(template) } }, COLLEGE);
  return stacks.map(({ name, template }) => {
    const resources = Object.entries(template.Resources ?? {}).map(([id, { Type, Properties }]) => ({
      id: `${name}/${id}`,
      type: Type,
      properties: Properties ?? {},
    }));
    return { stack: name, monthly: monthlyOf(resources, usage(template)) };
  });
}

/** The daily limit with which a warehouse was deployed: campus.yaml may say another by now. */
function limitOf(template: StackTemplate): { readonly rpuHoursPerDay?: number } {
  const limit = Object.values(template.Resources ?? {}).find(
    ({ Type }) => Type === 'Custom::WarehouseUsageLimit',
  );
  const amount = /"amount\\*":(\d+)/.exec(JSON.stringify(limit?.Properties ?? {}))?.[1];
  return amount === undefined ? {} : { rpuHoursPerDay: Number(amount) };
}
