import {
  type AthenaClient,
  BatchGetQueryExecutionCommand,
  paginateListQueryExecutions,
  type QueryExecution,
} from '@aws-sdk/client-athena';
import type { S3Client } from '@aws-sdk/client-s3';
import type { AccessHistory, HistoricAccess } from '../../../ports/access-history.ts';
import type { Clock } from '../../../ports/platform.ts';
import { called } from '../errors.ts';
import { tablesOf } from './tables-of.ts';
import { askersIn, type TrailPlace } from './trail.ts';

export interface AthenaHistoryOptions {
  readonly athena: AthenaClient;
  readonly s3: S3Client;
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  /** Workgroups of people. */
  readonly workgroups: readonly string[];
  /** The lake's name and a hyphen, with which their names begin. */
  readonly begin: string;
  /** Names in the lake, by their names in the Glue catalog. */
  readonly databases: ReadonlyMap<string, string>;
  /** Absent: nobody is told who asked. */
  readonly trail?: TrailPlace;
}

/** A statement runs for so long at most, and CloudTrail writes a quarter of an hour late. */
const LATE_MS = 6 * 3_600_000;
/** https://docs.aws.amazon.com/athena/latest/APIReference/API_BatchGetQueryExecution.html */
const AT_ONCE = 50;

const OUTCOMES: Readonly<Record<string, HistoricAccess['outcome']>> = {
  SUCCEEDED: 'answered',
  CANCELLED: 'stopped',
  FAILED: 'failed',
};

/**
 * What people have asked Athena, from the history of their workgroups, which keeps it for 45 days. It does not tell who:
 * CloudTrail does.
 */
export function openAthenaHistory(options: AthenaHistoryOptions): AccessHistory {
  return {
    lateMs: LATE_MS,
    async read(since) {
      const asked: QueryExecution[] = [];
      for (const workgroup of options.workgroups)
        asked.push(...(await executionsOf(options, workgroup, since)));
      const ended = asked.filter(({ Status }) => OUTCOMES[Status?.State ?? ''] !== undefined);
      if (ended.length === 0) return [];
      const who = options.trail
        ? await askersIn(options.s3, options.trail, options, since, options.clock.now())
        : undefined;
      const found = await Promise.all(
        ended.map((one) => accessOf(options, one, who?.get(one.QueryExecutionId!))),
      );
      return found.sort((a, b) => a.at - b.at);
    },
  };
}

async function accessOf(
  { begin, databases }: AthenaHistoryOptions,
  { QueryExecutionId, Query = '', QueryExecutionContext, Status, WorkGroup = '' }: QueryExecution,
  principal: string | undefined,
): Promise<HistoricAccess> {
  return {
    id: QueryExecutionId!,
    at: submitted(Status),
    ...(principal === undefined ? {} : { principal }),
    role: WorkGroup.startsWith(begin) ? WorkGroup.slice(begin.length) : WorkGroup,
    tables: await tablesOf(Query, databases, QueryExecutionContext?.Database),
    outcome: OUTCOMES[Status?.State ?? '']!,
  };
}

const submitted = (status: QueryExecution['Status']): number => status?.SubmissionDateTime?.getTime() ?? 0;

/** Newest first, as they are listed, until one that is older. */
async function executionsOf(
  { athena }: AthenaHistoryOptions,
  WorkGroup: string,
  since: number,
): Promise<QueryExecution[]> {
  const found: QueryExecution[] = [];
  const read = async () => {
    const pages = paginateListQueryExecutions({ client: athena, pageSize: AT_ONCE }, { WorkGroup });
    for await (const { QueryExecutionIds = [] } of pages) {
      if (QueryExecutionIds.length === 0) continue;
      const { QueryExecutions = [] } = await athena.send(
        new BatchGetQueryExecutionCommand({ QueryExecutionIds }),
      );
      found.push(...QueryExecutions.filter(({ Status }) => submitted(Status) >= since));
      if (QueryExecutions.some(({ Status }) => submitted(Status) < since)) return;
    }
  };
  await called(`Reading the history of the workgroup ${WorkGroup}`, 'athena', read());
  return found;
}
