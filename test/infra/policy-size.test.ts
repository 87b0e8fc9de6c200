import { App, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { expect, it } from 'vitest';
import { checkPolicySize } from '../../lib/access/policy-size.ts';

/** A policy for so many buckets; each is some 60 characters in the account. */
function policyOf(buckets: number): ManagedPolicy {
  const stack = new Stack(new App(), 'access');
  const resources = Array.from(
    { length: buckets },
    (_, i) => `arn:${stack.partition}:s3:::lake-${100 + i}-${stack.account}-${stack.region}/staged/*`,
  );
  const statements = [new PolicyStatement({ actions: ['s3:GetObject'], resources })];
  return new ManagedPolicy(stack, 'Policy', { statements });
}

it('a policy that IAM would refuse for its length is refused at synth, with a way out', () => {
  expect(() => checkPolicySize(policyOf(110), 'lake-steward', 'the sources')).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/^the policy lake-steward would have [67],\d{3} characters/),
      hint: expect.stringContaining('It grows with the sources'),
    }),
  );
});

it('is not refused where it fits', () => {
  expect(() => checkPolicySize(policyOf(80), 'lake-steward', 'the sources')).not.toThrow();
});
