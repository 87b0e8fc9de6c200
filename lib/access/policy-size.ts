import { Stack } from 'aws-cdk-lib';
import type { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { DeployError } from '../errors.ts';

/** White space does not count: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST_CHARACTERS = 6_144;

/** What CloudFormation fills in, as long as it may become; anything else is an ARN. */
const LENGTHS: Readonly<Record<string, number>> = {
  'AWS::AccountId': 12,
  'AWS::Partition': 3,
  'AWS::Region': 14,
  'AWS::URLSuffix': 13,
};
const ARN = 80;

/** Managed policies of a role or a permission set, as long as nobody asks AWS for more. */
export const MOST_POLICIES = 10;

/**
 * Deals out what a policy grows by to as many policies as it takes, in the given order.
 * @param statementsOf the statements of the first policy, or of a further one, with these of the items
 */
export function intoPolicies<Item>(
  scope: IConstruct,
  items: readonly Item[],
  statementsOf: (items: readonly Item[], policy: number) => PolicyStatement[],
): PolicyStatement[][] {
  const policies: PolicyStatement[][] = [];
  const needs = (part: readonly Item[]) =>
    lengthOf({
      Version: '2012-10-17',
      Statement: Stack.of(scope).resolve(statementsOf(part, policies.length).map((one) => one.toJSON())),
    });
  let part: Item[] = [];
  for (const item of items) {
    if (part.length > 0 && needs([...part, item]) > MOST_CHARACTERS) {
      policies.push(statementsOf(part, policies.length));
      part = [];
    }
    part.push(item);
  }
  return [...policies, statementsOf(part, policies.length)];
}

/**
 * @throws DeployError where IAM would refuse the policy for its length, halfway through a deployment
 * @param grows what it grows by: `the SIS`
 */
export function checkPolicySize(policy: ManagedPolicy, name: string, grows: string): void {
  const needs = lengthOf(Stack.of(policy).resolve(policy.document));
  if (needs <= MOST_CHARACTERS) return;
  throw new DeployError(
    `the policy ${name} would have ${needs.toLocaleString('en')} characters, and IAM takes ${MOST_CHARACTERS.toLocaleString('en')}`,
    {
      about: name,
      hint: `It grows with ${grows}: take some of them into a second lake, with an aws.name of its own (environments in campus.yaml).`,
    },
  );
}

/** Characters of a resolved value as JSON, once CloudFormation has filled it in. */
function lengthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value).length;
  if (Array.isArray(value)) return 1 + value.reduce((sum: number, one) => sum + lengthOf(one) + 1, 0);
  const entries = Object.entries(value);
  const [[intrinsic, argument] = []] = entries;
  if (intrinsic === 'Ref') return LENGTHS[String(argument)] ?? ARN;
  if (intrinsic === 'Fn::Join') {
    const [, parts] = argument as [string, unknown[]];
    return (
      2 +
      parts.reduce((sum: number, part) => sum + (typeof part === 'string' ? part.length : lengthOf(part)), 0)
    );
  }
  if (intrinsic?.startsWith('Fn::')) return ARN;
  return 1 + entries.reduce((sum, [key, one]) => sum + key.length + 4 + lengthOf(one), 0);
}
