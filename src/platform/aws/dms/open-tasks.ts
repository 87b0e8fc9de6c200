import type { DatabaseMigrationServiceClient } from '@aws-sdk/client-database-migration-service';
import type { ReplicationPlace } from '../places.ts';
import { ServerlessTasks } from './serverless.ts';
import type { MigrationType, TaskCalls } from './task.ts';
import { DmsTasks } from './tasks.ts';

/** Tasks of one kind for one SIS, on the instance or serverless, as it was deployed. */
export function openTasks(
  dms: DatabaseMigrationServiceClient,
  place: ReplicationPlace,
  source: string,
  kind: MigrationType,
): TaskCalls {
  return 'serverless' in place
    ? new ServerlessTasks(dms, place, source, kind)
    : new DmsTasks(dms, place, source, kind);
}
