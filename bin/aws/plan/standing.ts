import { type Deployed, deployedOf } from '../../../lib/change/deployed.ts';
import type { StandingStack } from '../teardown/standing-stack.ts';

/** Stacks that were never created, or are being deleted. */
const NOT_STANDING = /^(CREATE_FAILED|CREATE_IN_PROGRESS|REVIEW_IN_PROGRESS|ROLLBACK_|DELETE_)/;

/**
 * What is deployed of a lake, as the next deployment needs to know it.
 * @param before the earlier record: only it knows of resources that outlived their stack
 * @returns undefined where nothing is deployed and there was no record
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
