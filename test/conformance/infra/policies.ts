import type { Deployed, Resource } from '../../infra/deployed.ts';

export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly PolicyStatement[];
}
export interface PolicyStatement {
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A policy of a template, with what CloudFormation fills in, filled in: account 123456789012 in us-east-1. */
export interface FoundPolicy {
  /** `<stack>/<logical id>`. */
  readonly name: string;
  /** What it hangs on: a principal, a resource, or a role as its trust. */
  readonly kind: 'identity' | 'resource' | 'trust';
  readonly document: PolicyDocument;
}

const PSEUDO: Record<string, string> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::AccountId': '123456789012',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** What `Ref` or `Fn::GetAtt` gives where a policy names it, by type: ARNs of whatever has no name of its own. */
const ARNS: Record<string, string> = {
  'AWS::DMS::Endpoint': 'dms:us-east-1:123456789012:endpoint:{id}',
  'AWS::DMS::ReplicationInstance': 'dms:us-east-1:123456789012:rep:{id}',
  'AWS::DMS::ReplicationSubnetGroup': 'dms:us-east-1:123456789012:subgrp:{id}',
  'AWS::DynamoDB::Table': 'dynamodb:us-east-1:123456789012:table/{id}',
  'AWS::IAM::Role': 'iam::123456789012:role/{id}',
  'AWS::KMS::Key': 'kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555',
  'AWS::Lambda::Function': 'lambda:us-east-1:123456789012:function:{id}',
  'AWS::Logs::LogGroup': 'logs:us-east-1:123456789012:log-group:{id}:*',
  'AWS::RedshiftServerless::Namespace':
    'redshift-serverless:us-east-1:123456789012:namespace/11111111-2222-3333-4444-555555555555',
  'AWS::RedshiftServerless::Workgroup':
    'redshift-serverless:us-east-1:123456789012:workgroup/11111111-2222-3333-4444-555555555555',
  'AWS::S3::Bucket': 's3:::{id}',
  'AWS::SNS::Topic': 'sns:us-east-1:123456789012:{id}',
  'AWS::SQS::Queue': 'sqs:us-east-1:123456789012:{id}',
  'AWS::SecretsManager::Secret': 'secretsmanager:us-east-1:123456789012:secret:{id}-AbCdEf',
  'AWS::StepFunctions::StateMachine': 'states:us-east-1:123456789012:stateMachine:{id}',
};

/** Every policy of every stack: of principals, of resources, and trusts. */
export function policiesOf(lake: Deployed): FoundPolicy[] {
  return [...lake.stacks].flatMap(([stack, resources]) =>
    Object.entries(resources).flatMap(([id, resource]) =>
      documentsOf(resource).map(([kind, document]) => ({
        name: `${stack}/${id}`,
        kind,
        document: resolved(lake, stack, document) as PolicyDocument,
      })),
    ),
  );
}

function documentsOf({ Type, Properties = {} }: Resource): [FoundPolicy['kind'], unknown][] {
  const { AssumeRolePolicyDocument, KeyPolicy, PolicyDocument, Policies } = Properties;
  const inline = (Array.isArray(Policies) ? Policies : []).map((policy) => policy.PolicyDocument);
  const kind = Type.startsWith('AWS::IAM::') ? 'identity' : 'resource';
  const found: [FoundPolicy['kind'], unknown][] = [
    ...inline.map((document): [FoundPolicy['kind'], unknown] => ['identity', document]),
    [kind, PolicyDocument],
    ['resource', KeyPolicy],
    ['trust', AssumeRolePolicyDocument],
  ];
  return found.filter(([, document]) => document !== undefined);
}

/** A value of a template as CloudFormation would make it; other stacks are asked for their outputs. */
export function resolved(lake: Deployed, stack: string, value: unknown): unknown {
  const inside = (one: unknown) => resolved(lake, stack, one);
  if (Array.isArray(value)) return value.map(inside);
  if (typeof value !== 'object' || value === null) return value;
  const [[key, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0) {
    if (key === 'Ref') return PSEUDO[String(argument)] ?? arnOf(lake, stack, String(argument), 'Ref');
    if (key === 'Fn::Join') return (inside(argument) as [string, string[]])[1].join('');
    if (key === 'Fn::GetAtt') {
      const [id, attribute] = argument as [string, string];
      return arnOf(lake, stack, id, attribute);
    }
    if (key === 'Fn::Sub' && typeof argument === 'string')
      return argument.replaceAll(/\$\{([\w:]+)\}/g, (_, name: string) => String(inside({ Ref: name })));
    if (key === 'Fn::GetStackOutput') {
      const { StackName, OutputName } = argument as { StackName: string; OutputName: string };
      const of = [...lake.stacks.keys()].find((name) => StackName.endsWith(`-${name}`)) ?? StackName;
      return resolved(lake, of, lake.outputs.get(of)?.[OutputName]?.Value);
    }
  }
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inside(one)]));
}

function arnOf(lake: Deployed, stack: string, id: string, attribute: string): string {
  const type = lake.stacks.get(stack)?.[id]?.Type ?? '';
  if (attribute === 'Ref' && /S3::Bucket|IAM::Role|KMS::Key|DynamoDB/.test(type)) return id;
  const shape = ARNS[type];
  if (!shape) throw new Error(`A policy of ${stack} names ${id} (${type}), of which no test knows the ARN`);
  return `arn:aws:${shape.replace('{id}', id)}`;
}
