import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { called } from '../../../../src/platform/aws/errors.ts';
import type { AwsPlaces } from '../../../../src/platform/aws/places.ts';
import { open, type Probe, proven, refuted } from '../probe.ts';

/** A call that a function makes, or must never make. */
interface Call {
  /** Part of the name of the function's role: `stage`. */
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly allowed: boolean;
}

/** One call of each kind that each function makes, and one that it must not. */
export function callsOf({ account, region, buckets, ledgerTable, workgroup }: AwsPlaces): Call[] {
  const object = (zone: keyof AwsPlaces['buckets'], key: string) => `arn:aws:s3:::${buckets[zone]}/${key}`;
  const table = `arn:aws:dynamodb:${region}:${account}:table/${ledgerTable}`;
  const group = `arn:aws:athena:${region}:${account}:workgroup/${workgroup}`;
  const may = (role: string, action: string, resource: string): Call => ({
    role,
    action,
    resource,
    allowed: true,
  });
  const not = (role: string, action: string, resource: string): Call => ({
    role,
    action,
    resource,
    allowed: false,
  });
  return [
    may('stage', 'dynamodb:PutItem', table),
    may('stage', 's3:GetObject', object('raw', 'raw/canvas/users/1/part.jsonl')),
    may('stage', 's3:PutObject', object('staged', 'staged/canvas/users/part.parquet')),
    may('stage', 'athena:StartQueryExecution', group),
    not('stage', 's3:PutObject', object('curated', 'curated/campus/students/part.parquet')),
    may('models', 's3:PutObject', object('curated', 'curated/campus/students/part.parquet')),
    may('models', 'athena:StartQueryExecution', group),
    not('models', 's3:PutObject', object('staged', 'staged/canvas/users/part.parquet')),
    may('lms', 'dynamodb:PutItem', table),
    not('lms', 's3:GetObject', object('curated', 'curated/campus/students/part.parquet')),
    not('lms', 'athena:StartQueryExecution', group),
    may('warehouse', 's3:GetObject', object('records', 'publications/1.json')),
    not('warehouse', 's3:GetObject', object('curated', 'curated/campus/students/part.parquet')),
    may('run', 's3:GetObject', object('records', 'publications/1.json')),
    not('run', 's3:GetObject', object('staged', 'staged/canvas/users/part.parquet')),
    not('run', 'iam:CreateRole', `arn:aws:iam::${account}:role/any`),
  ];
}

/** AWS's own evaluation of the policies, with the permissions boundary of the roles. */
export const rights: Probe = {
  name: 'rights',
  claim: 'IAM allows the functions what they do, and refuses what they must not',
  async ask({ lake, places }) {
    const client = new IAMClient({ region: places.region });
    const wrong: string[] = [];
    const undecided: string[] = [];
    const calls = callsOf(places);
    try {
      for (const { role, action, resource, allowed } of calls) {
        const { EvaluationResults = [] } = await called(
          `Asking IAM about the role ${lake}-${role}`,
          'rights',
          client.send(
            new SimulatePrincipalPolicyCommand({
              PolicySourceArn: `arn:aws:iam::${places.account}:role/${lake}-${role}`,
              ActionNames: [action],
              ResourceArns: [resource],
            }),
          ),
        );
        const decision = EvaluationResults[0]?.EvalDecision;
        if (decision === undefined) undecided.push(`${role}: ${action}`);
        else if ((decision === 'allowed') !== allowed)
          wrong.push(`${role}: ${action} is ${decision === 'allowed' ? 'allowed' : 'refused'}`);
      }
    } finally {
      client.destroy();
    }
    if (wrong.length === 0 && undecided.length > 0)
      return open(
        `IAM gave no decision on ${undecided.length} of ${calls.length} calls, such as ${undecided[0]}`,
        'ask again; where it stays so, the functions themselves show it in a run',
      );
    return wrong.length === 0
      ? proven(`${calls.length} decisions of IAM, each as designed`)
      : refuted(wrong.join('; '), 'look at the permissions boundary and at policies of the organization');
  },
};
