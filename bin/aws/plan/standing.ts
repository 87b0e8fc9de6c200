import { type Deployed, deployedOf } from '../../../lib/change/deployed.ts';
import type { StandingStack } from '../teardown/standing-stack.ts';

/** A stack that has never come up stands for nothing; one that is being deleted no longer does. */
const NOT_STANDING = /^(CREATE_FAILED|CREATE_IN_PROGRESS|REVIEW_IN_PROGRESS|ROLLBACK_|DELETE_)/;

/**
 * What stands of a lake, as the next deployment has to know it.
 * @param before what was known of it; what stays in an account without a stack is known from there only
 * @returns undefined where nothing stands and nothing was known
 */
export function deployedFrom(
  lake: string,
  stacks: readonly StandingStack[],
  before: Deployed | undefined,
): Deployed | undefined {
  const standing = stacks.filter(({ status }) => !NOT_STANDING.test(status));
  // arn:aws:cloudformation:us-east-1:123456789012:stack/…
  const [, , , region = before?.region, account = before?.account] = standing[0]?.arn.split(':') ?? [];
  if (region === undefined || account === undefined) return undefined;
  const parts = standing.map(({ name, template }) => [name.slice(lake.length + 1), template] as const);
  return deployedOf({ lake, account, region }, new Map(parts), before);
}
