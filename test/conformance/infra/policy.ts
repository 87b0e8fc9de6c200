import type { Resource } from '../../infra/deployed.ts';
import { canBeAllowedOn, referenceOf } from '../../infra/iam-reference.ts';

/** A policy evaluator for identity policies: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html */
export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

const list = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

/** What CloudFormation fills in, filled in: the account 123456789012 in us-east-1; what others tell as `{name}`. */
export function filledIn(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[intrinsic, argument] = []] = Object.entries(value);
  if (intrinsic === 'Ref') {
    const known: Record<string, string> = {
      'AWS::Partition': 'aws',
      'AWS::Region': 'us-east-1',
      'AWS::AccountId': '123456789012',
      'AWS::URLSuffix': 'amazonaws.com',
    };
    return known[String(argument)] ?? `{${argument}}`;
  }
  if (intrinsic === 'Fn::Join') return (argument as [string, unknown[]])[1].map(filledIn).join('');
  if (intrinsic === 'Fn::GetAtt') return `{${(argument as string[]).join('.')}}`;
  if (intrinsic === 'Fn::GetStackOutput') {
    const { StackName, OutputName } = argument as { StackName: string; OutputName: string };
    return `{${StackName}:${OutputName}}`;
  }
  return JSON.stringify(value);
}

/** Every statement of a role, by the logical id of the role. */
export function statementsOf(resources: Readonly<Record<string, Resource>>, role: string): Statement[] {
  return Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .filter(({ Properties }) => JSON.stringify(Properties.Roles).includes(`"${role}"`))
    .flatMap(({ Properties }) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement);
}

/**
 * Whether a role with these statements may do this there. An action of which AWS knows no resources is decided on `*`,
 * so that a statement which names an ARN for it allows nothing.
 * @throws Error for a resource that AWS does not decide the action on: nobody can ask for it
 */
export function allows(statements: readonly Statement[], action: string, resource: string): boolean {
  const reference = referenceOf(action);
  if (!canBeAllowedOn(reference, resource))
    throw new Error(`AWS decides ${action} on ${reference.resources.join(', ') || '*'}, not on ${resource}`);
  const decided = statements.filter(
    (statement) =>
      list(statement.Action).some((pattern) => fits(pattern, action, 'i')) &&
      list(statement.Resource).some((pattern) => fits(filledIn(pattern), resource, '')),
  );
  return decided.some(({ Effect }) => Effect === 'Allow') && !decided.some(({ Effect }) => Effect === 'Deny');
}

function fits(pattern: string, text: string, flags: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, flags).test(text);
}
