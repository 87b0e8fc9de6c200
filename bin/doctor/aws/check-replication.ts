import {
  DatabaseMigrationServiceClient,
  DescribeAccountAttributesCommand,
  DescribeConnectionsCommand,
} from '@aws-sdk/client-database-migration-service';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { type Finding, fail, failed, ok, warn } from '../../../src/app/doctor/finding.ts';
import { isSis } from '../../../src/campus/source-role.ts';
import { openTasks } from '../../../src/platform/aws/dms/open-tasks.ts';
import { reasonOf } from '../../../src/platform/aws/dms/task.ts';
import { called, isNamed } from '../../../src/platform/aws/errors.ts';
import type { ReplicationPlace } from '../../../src/platform/aws/places.ts';
import { serviceReason } from '../../../src/platform/aws/service-words.ts';
import type { AwsDoctorContext } from './context.ts';

/** Roles that DMS wants under these names: https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Security.html */
const ROLES = ['dms-vpc-role', 'dms-cloudwatch-logs-role'];
/** https://docs.aws.amazon.com/dms/latest/userguide/slr-services-sl.html */
const SERVERLESS_ROLE = 'AWSServiceRoleForDMSServerless';

/** Whether DMS can be deployed here and, once it is, reaches the SIS. */
export async function* checkReplication(context: AwsDoctorContext): AsyncGenerator<Finding> {
  const { campus, region, places } = context;
  if (!Object.values(campus.sources).some(isSis)) return;
  const dms = new DatabaseMigrationServiceClient({ region });
  try {
    yield await roles(context);
    yield* quotas(dms);
    for (const [source, place] of Object.entries(places?.replication ?? {})) {
      if ('serverless' in place) yield* serverless(dms, source, place);
      else yield await reach(dms, source, place.sourceEndpointArn);
    }
  } catch (error) {
    yield failed('dms', error);
  } finally {
    dms.destroy();
  }
}

async function roles({ campus, region, places }: AwsDoctorContext): Promise<Finding> {
  const iam = new IAMClient({ region });
  const missing: string[] = [];
  const wanted = campus.aws?.replication?.serverless ? [...ROLES, SERVERLESS_ROLE] : ROLES;
  try {
    for (const RoleName of wanted) {
      await called(
        'Looking for the roles of DMS',
        'dms',
        iam.send(new GetRoleCommand({ RoleName })).catch((error: unknown) => {
          if (!isNamed(error, 'NoSuchEntityException', 'NoSuchEntity')) throw error;
          missing.push(RoleName);
        }),
      );
    }
  } finally {
    iam.destroy();
  }
  const setting = campus.aws?.replication?.accountRoles ?? 'create';
  if (setting === 'exist' && missing.length > 0) {
    return fail('dms', `${missing.join(' and ')} are not there`, 'set aws.replication.accountRoles: create');
  }
  if (setting === 'create' && missing.length < wanted.length && !places) {
    return warn(
      'dms',
      'the roles of DMS are there already, made by somebody else',
      'set aws.replication.accountRoles: exist, or the deployment stops at them',
    );
  }
  return ok('dms', missing.length > 0 ? 'its roles will be made' : 'its roles are there');
}

/** What the account may still have of DMS. */
async function* quotas(dms: DatabaseMigrationServiceClient): AsyncGenerator<Finding> {
  const asked = dms.send(new DescribeAccountAttributesCommand());
  const { AccountQuotas = [] } = await called('Reading the quotas of DMS', 'dms', asked);
  const full = AccountQuotas.filter(({ Used = 0, Max = 0 }) => Max > 0 && Used >= Max);
  if (full.length === 0) yield ok('dms', `${AccountQuotas.length} quotas, none used up`);
  for (const { AccountQuotaName, Used, Max } of full) {
    yield warn(
      'dms',
      `${AccountQuotaName}: ${Used} of ${Max} are used`,
      'ask for more under Service Quotas, or delete some',
    );
  }
}

async function reach(dms: DatabaseMigrationServiceClient, source: string, arn: string): Promise<Finding> {
  const Filters = [{ Name: 'endpoint-arn', Values: [arn] }];
  const asked = dms.send(new DescribeConnectionsCommand({ Filters })).catch((error: unknown) => {
    if (isNamed(error, 'ResourceNotFoundFault')) return { Connections: [] };
    throw error;
  });
  const { Connections = [] } = await called(`Asking DMS about ${source}`, source, asked);
  const { Status = 'never tested', LastFailureMessage } = Connections[0] ?? {};
  if (Status === 'successful') return ok(source, 'DMS reaches it');
  if (Status === 'failed') {
    return fail(
      source,
      `DMS does not reach it: ${serviceReason(LastFailureMessage ?? '') ?? 'its console says why'}`,
      'check the secret, the network and the TLS mode, then test the connection in the console of DMS',
    );
  }
  return warn(source, `whether DMS reaches it is not known (${Status})`, 'the first run tests it');
}

/** Without an instance nothing can test a connection beforehand: what the replications there are have met says it. */
async function* serverless(
  dms: DatabaseMigrationServiceClient,
  source: string,
  place: Extract<ReplicationPlace, { readonly serverless: unknown }>,
): AsyncGenerator<Finding> {
  const targets = [place.targetEndpointArn, place.changesEndpointArn];
  const lists = await Promise.all(
    targets.map((targetEndpointArn) =>
      openTasks(dms, { ...place, targetEndpointArn }, source, 'full-load').list(),
    ),
  );
  const tasks = lists.flatMap((list) => [...list.values()]);
  const broken = tasks.filter(({ status }) => status === 'failed');
  for (const task of broken) {
    yield fail(
      source,
      `the serverless replication ${task.id} has failed: ${reasonOf(task)}`,
      'check the secret, the network (VPN, endpoints of S3 and Secrets Manager in the VPC) and the TLS mode; then start a run',
    );
  }
  if (broken.length > 0) return;
  yield tasks.some(({ status }) => status === 'running')
    ? ok(source, 'DMS reaches it: a serverless replication runs')
    : warn(
        source,
        'whether DMS reaches it is not known: serverless tests it when a load runs',
        'start a run',
      );
}
