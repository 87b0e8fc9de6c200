import { isSis } from '../../../campus/source-role.ts';
import type { CloudAccount, SourceConnection } from '../../../ports/cloud-account.ts';
import { type Finding, fail, failed, ok, warn } from '../finding.ts';
import type { AwsDoctorContext } from './context.ts';

/** Roles that DMS wants under these names: https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Security.html */
const ROLES = ['dms-vpc-role', 'dms-cloudwatch-logs-role'];
/** https://docs.aws.amazon.com/dms/latest/userguide/slr-services-sl.html */
const SERVERLESS_ROLE = 'AWSServiceRoleForDMSServerless';

/** Whether DMS can be deployed here and, once it is, reaches the SIS. */
export async function* checkReplication(context: AwsDoctorContext): AsyncGenerator<Finding> {
  const { campus, account } = context;
  if (!Object.values(campus.sources).some(isSis)) return;
  try {
    yield await roles(context);
    yield* quotas(account);
    for await (const connection of account.sourceConnections()) yield* reached(connection);
  } catch (error) {
    yield failed('dms', error);
  }
}

async function roles({ campus, account, deployed }: AwsDoctorContext): Promise<Finding> {
  const wanted = campus.aws?.replication?.serverless ? [...ROLES, SERVERLESS_ROLE] : ROLES;
  const missing = await account.missingRoles(wanted);
  const setting = campus.aws?.replication?.accountRoles ?? 'create';
  if (setting === 'exist' && missing.length > 0) {
    return fail('dms', `${missing.join(' and ')} are not there`, 'set aws.replication.accountRoles: create');
  }
  if (setting === 'create' && missing.length < wanted.length && !deployed) {
    return warn(
      'dms',
      'the roles of DMS are there already, made by somebody else',
      'set aws.replication.accountRoles: exist, or the deployment stops at them',
    );
  }
  return ok('dms', missing.length > 0 ? 'its roles will be made' : 'its roles are there');
}

/** What the account may still have of DMS. */
async function* quotas(account: CloudAccount): AsyncGenerator<Finding> {
  const all = await account.replicationQuotas();
  const full = all.filter(({ used, max }) => max > 0 && used >= max);
  if (full.length === 0) yield ok('dms', `${all.length} quotas, none used up`);
  for (const { name, used, max } of full) {
    yield warn(
      'dms',
      `${name}: ${used} of ${max} are used`,
      'ask for more under Service Quotas, or delete some',
    );
  }
}

function* reached(connection: SourceConnection): Generator<Finding> {
  const { source } = connection;
  switch (connection.kind) {
    case 'tested':
      yield connection.failure
        ? fail(
            source,
            `DMS does not reach it: ${connection.failure.reason ?? 'its console says why'}`,
            'check the secret, the network and the TLS mode, then test the connection in the console of DMS',
          )
        : ok(source, 'DMS reaches it');
      return;
    case 'untested':
      yield warn(
        source,
        `whether DMS reaches it is not known (${connection.status})`,
        'the first run tests it',
      );
      return;
    case 'serverless':
      yield* serverless(connection);
  }
}

function* serverless(connection: Extract<SourceConnection, { kind: 'serverless' }>): Generator<Finding> {
  const { source, running } = connection;
  for (const { id, reason } of connection.failed) {
    yield fail(
      source,
      `the serverless replication ${id} has failed: ${reason}`,
      'check the secret, the network (VPN, endpoints of S3 and Secrets Manager in the VPC) and the TLS mode; then start a run',
    );
  }
  if (connection.failed.length > 0) return;
  yield running
    ? ok(source, 'DMS reaches it: a serverless replication runs')
    : warn(
        source,
        'whether DMS reaches it is not known: serverless tests it when a load runs',
        'start a run',
      );
}
