import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { SisStack } from '../sis/sis-stack.ts';

const TASK_CHANGES = [
  'StartReplicationTask',
  'StopReplicationTask',
  'ModifyReplicationTask',
  'DeleteReplicationTask',
];
const TASK_READS = ['DescribeConnections', 'DescribeReplicationTasks'];
/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsdatabasemigrationservice.html */
const SERVERLESS_CHANGES = [
  'StartReplication',
  'StopReplication',
  'ModifyReplicationConfig',
  'DeleteReplicationConfig',
];
const SERVERLESS_READS = ['DescribeReplicationConfigs', 'DescribeReplications'];

const calls = (...verbs: string[]) => verbs.map((verb) => `dms:${verb}`);

/** To see what the tasks that capture changes have done; DMS describes all or nothing. */
export function replicationReads(
  stack: Stack,
  { replication }: Pick<SisStack, 'replication'>,
): PolicyStatement[] {
  const serverless = Object.values(replication).some((place) => 'serverless' in place);
  const of = serverless ? 'replication-config' : 'task';
  const resource = {
    service: 'dms',
    resource: of,
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  };
  const reads = serverless ? SERVERLESS_READS : ['DescribeReplicationTasks'];
  const statistics = serverless ? 'DescribeReplicationTableStatistics' : 'DescribeTableStatistics';
  return [
    new PolicyStatement({ actions: calls('DescribeEndpoints', ...reads), resources: ['*'] }),
    new PolicyStatement({ actions: calls(statistics), resources: [stack.formatArn(resource)] }),
  ];
}

/** To make, drive and delete the tasks that copy the SIS, on the instance or serverless; the endpoints are given. */
export function replicationRights(
  stack: Stack,
  { replication, passedRoles }: Pick<SisStack, 'replication' | 'passedRoles'>,
): PolicyStatement[] {
  const allow = (actions: string[], ...resources: string[]) => new PolicyStatement({ actions, resources });
  // DMS names what the pipeline makes by letters of its own choice.
  const made = (resource: string) =>
    stack.formatArn({
      service: 'dms',
      resource,
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  const places = Object.values(replication);
  const endpoints = places.flatMap((place) => [
    place.sourceEndpointArn,
    place.targetEndpointArn,
    place.changesEndpointArn,
  ]);
  // One for all of them.
  const [instance] = places.flatMap((place) => ('instanceArn' in place ? [place.instanceArn] : []));
  const pass = allow(['iam:PassRole'], ...passedRoles.map((role) => role.roleArn));
  const first = endpoints[0]!;
  // All endpoints are named in one statement only, because IAM limits the length of policies. AWS's reference decides
  // `Create…` on them and the instance; should DMS ask for what is made too, that is allowed beside the first of them. DMS
  // describes all or nothing, except what became of the tables of one task or replication.
  if (instance === undefined)
    return [
      allow(calls(...SERVERLESS_CHANGES), made('replication-config')),
      allow(calls('CreateReplicationConfig'), made('replication-config'), first),
      allow(calls('CreateReplicationConfig', 'ModifyEndpoint'), ...endpoints),
      allow(calls('DescribeEndpoints', ...SERVERLESS_READS), '*'),
      allow(calls('DescribeReplicationTableStatistics'), made('replication-config')),
      pass,
    ];
  return [
    allow(calls(...TASK_CHANGES), made('task')),
    allow(calls('CreateReplicationTask'), made('task'), first, instance),
    allow(calls('CreateReplicationTask', 'ModifyEndpoint', 'TestConnection'), ...endpoints, instance),
    allow(calls('DescribeEndpoints', ...TASK_READS), '*'),
    allow(calls('DescribeTableStatistics'), made('task')),
    pass,
  ];
}
