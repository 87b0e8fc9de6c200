import { Stack } from 'aws-cdk-lib';
import type { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
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
