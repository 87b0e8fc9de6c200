import type { TableStatistics } from '@aws-sdk/client-database-migration-service';
import type { MeasuredWork } from '../../../ports/metering.ts';
import type { ReplicatedTable } from '../../../ports/replication.ts';

/**
 * What DMS tells of the copy of one table that has ended; undefined where DMS does not say when it was.
 * https://docs.aws.amazon.com/dms/latest/APIReference/API_TableStatistics.html
 * @param copied what its files hold
 * @param task the id of the task, for the reference
 */
export function measuredCopy(
  told: TableStatistics,
  copied: ReplicatedTable | undefined,
  task: string,
): MeasuredWork | undefined {
  const { FullLoadStartTime: start, FullLoadEndTime: end, FullLoadRows: rows } = told;
  if (start === undefined || end === undefined) return undefined;
  const table = `${told.SchemaName ?? ''}.${told.TableName ?? ''}`;
  const files = copied?.files;
  return {
    kind: 'copy',
    name: `copy ${table}`,
    engine: 'dms',
    startedAt: start.getTime(),
    endedAt: Math.max(start.getTime(), end.getTime()),
    ...(rows === undefined ? {} : { rowsIn: rows }),
    ...(copied?.rows === undefined ? {} : { rowsOut: copied.rows }),
    ...(files === undefined
      ? {}
      : { filesOut: files.length, bytesOut: files.reduce((sum, { bytes }) => sum + bytes, 0) }),
    ...(copied?.error === undefined ? {} : { failed: true }),
    reference: `${task}/${table}`,
  };
}
