import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Says why findings of cdk-nag on this construct, and below it, are as they should be.
 * @param findings `S1`, or with a detail `IAM5[Resource::*]`: of the pack AwsSolutions
 */
export function acknowledge(construct: IConstruct, reason: string, ...findings: readonly string[]): void {
  for (const id of findings) Validations.of(construct).acknowledge({ id: `AwsSolutions-${id}`, reason });
}

/** Says why these resources with a `*` stand in a policy. Every one is named: what is not, is still found. */
export function acknowledgeWide(construct: IConstruct, reason: string, ...arns: readonly string[]): void {
  const ids = arns.map((arn) => `IAM5[Resource::${asFound(Stack.of(construct).resolve(arn))}]`);
  acknowledge(construct, reason, ...ids);
}

/** How cdk-nag writes what CloudFormation will fill in: `arn:<AWS::Partition>:s3:::…`. */
function asFound(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[intrinsic, argument] = []] = Object.entries(value);
  if (intrinsic === 'Ref') return `<${argument}>`;
  if (intrinsic === 'Fn::GetAtt') return `<${(argument as string[]).join('.')}>`;
  if (intrinsic === 'Fn::Join') return (argument as [string, unknown[]])[1].map(asFound).join('');
  return JSON.stringify(value);
}
