import {
  DatabaseMigrationServiceClient,
  DescribeAccountAttributesCommand,
  DescribeConnectionsCommand,
} from '@aws-sdk/client-database-migration-service';
import type { Quota, SourceConnection } from '../../../ports/cloud-account.ts';
import { openTasks } from '../dms/open-tasks.ts';
import { reasonOf } from '../dms/task.ts';
import { called, isNamed } from '../errors.ts';
import type { ReplicationPlace } from '../places.ts';
import { serviceReason } from '../service-words.ts';

/** DMS's quotas of the account, with what is used of each. */
export async function replicationQuotas(region: string | undefined): Promise<Quota[]> {
  const dms = new DatabaseMigrationServiceClient({ region });
  try {
    const asked = dms.send(new DescribeAccountAttributesCommand());
    const { AccountQuotas = [] } = await called('Reading the quotas of DMS', 'dms', asked);
    return AccountQuotas.map(({ AccountQuotaName = '', Used = 0, Max = 0 }) => ({
      name: AccountQuotaName,
      used: Used,
      max: Max,
    }));
  } finally {
    dms.destroy();
  }
}

/** Whether DMS reaches each source that is deployed. */
export async function* sourceConnections(
  region: string | undefined,
  deployed: { readonly [source: string]: ReplicationPlace },
): AsyncGenerator<SourceConnection> {
  const dms = new DatabaseMigrationServiceClient({ region });
  try {
    for (const [source, place] of Object.entries(deployed)) {
      yield 'serverless' in place
        ? await replications(dms, source, place)
        : await connection(dms, source, place.sourceEndpointArn);
    }
  } finally {
    dms.destroy();
  }
}

async function connection(
  dms: DatabaseMigrationServiceClient,
  source: string,
  arn: string,
): Promise<SourceConnection> {
  const Filters = [{ Name: 'endpoint-arn', Values: [arn] }];
  const asked = dms.send(new DescribeConnectionsCommand({ Filters })).catch((error: unknown) => {
    if (isNamed(error, 'ResourceNotFoundFault')) return { Connections: [] };
    throw error;
  });
  const { Connections = [] } = await called(`Asking DMS about ${source}`, source, asked);
  const { Status = 'never tested', LastFailureMessage } = Connections[0] ?? {};
  if (Status === 'successful') return { source, kind: 'tested' };
  if (Status === 'failed') {
    return { source, kind: 'tested', failure: { reason: serviceReason(LastFailureMessage ?? '') } };
  }
  return { source, kind: 'untested', status: Status };
}

async function replications(
  dms: DatabaseMigrationServiceClient,
  source: string,
  place: ReplicationPlace,
): Promise<SourceConnection> {
  const targets = [place.targetEndpointArn, place.changesEndpointArn];
  const lists = await Promise.all(
    targets.map((targetEndpointArn) =>
      openTasks(dms, { ...place, targetEndpointArn }, source, 'full-load').list(),
    ),
  );
  const tasks = lists.flatMap((list) => [...list.values()]);
  return {
    source,
    kind: 'serverless',
    running: tasks.some(({ status }) => status === 'running'),
    failed: tasks
      .filter(({ status }) => status === 'failed')
      .map((task) => ({ id: task.id, reason: reasonOf(task) })),
  };
}
