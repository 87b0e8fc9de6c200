import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { datasetHistory } from '../../src/app/datasets/dataset-history.ts';
import { lineageOf } from '../../src/app/datasets/lineage.ts';
import { mayReadOps } from '../../src/app/ops-rows.ts';
import { listRuns } from '../../src/app/runs/list-runs.ts';
import { runTimeline } from '../../src/app/runs/run-timeline.ts';
import { lakeNow } from '../../src/app/status/lake-now.ts';
import { lakeStatus } from '../../src/app/status/lake-status.ts';
import { studentLists } from '../../src/app/students/student-lists.ts';
import { describeTable } from '../../src/app/tables/describe-table.ts';
import { listTables } from '../../src/app/tables/list-tables.ts';
import { InputError } from '../../src/errors.ts';
import {
  datasetSchema,
  datasetsSchema,
  foundSchema,
  meSchema,
  nowSchema,
  runsSchema,
  studentsSchema,
  timelineSchema,
} from '../answers.ts';
import { dictionaryOf } from './dictionary.ts';
import { addJson } from './open-api.ts';
import type { LakeNowOpen } from './workbench-lake.ts';

const MOST_FOUND = 200;

/** What is read of the lake itself: how it is, its tables, its runs, its dictionary, its lists of students. */
export function addReadRoutes(app: OpenAPIHono, open: LakeNowOpen): void {
  addJson(app, {
    method: 'get',
    path: '/api/me',
    summary: 'Who looks, and which views there are for this role',
    answer: meSchema,
    handle: async () => {
      const lake = await open();
      const { principal, role } = lake.session;
      const isAdministrator = role === 'administrator';
      const sees = (...tables: string[]) => Promise.all(tables.map((table) => mayReadOps(lake, table)));
      const seesRuns = (await sees('ops.runs', 'ops.steps')).every(Boolean);
      const seesJobs = (await sees('ops.job_runs')).every(Boolean);
      return {
        campus: lake.campus.name,
        timeZone: lake.campus.timeZone,
        principal,
        role,
        isAdministrator,
        views: [
          ...['now', 'students', 'datasets'],
          ...(seesRuns ? ['runs'] : []),
          ...['incidents', 'levels'],
          ...(seesJobs ? ['jobs'] : []),
          ...['query', 'dictionary'],
        ],
      };
    },
  });
  addJson(app, {
    method: 'get',
    path: '/api/now',
    summary: 'Whether the lake is good, what is wrong, what is being done, what needs a person',
    answer: nowSchema,
    handle: async () => lakeNow(await open()),
  });
  addJson(app, {
    method: 'get',
    path: '/api/students',
    summary: 'Lists of students with reasons, as the role sees them; reading them is put on record',
    answer: studentsSchema,
    handle: async () => ({ lists: await studentLists(await open()) }),
  });
  addJson(app, {
    method: 'get',
    path: '/api/datasets',
    summary: 'Every table of which the role may know',
    answer: datasetsSchema,
    handle: async () => {
      const lake = await open();
      const [tables, late] = await Promise.all([listTables(lake), lateTables(lake)]);
      return {
        tables: tables.map(({ table, zone, rows, upTo, loadedAt, owner, whyOld }) => ({
          table,
          zone,
          rows: counted(rows),
          upTo,
          loadedAt,
          owner,
          whyOld,
          state: stateOf({ table, rows, whyOld }, late),
        })),
      };
    },
  });
  addJson(app, {
    method: 'get',
    path: '/api/datasets/:table',
    summary: 'One table: columns, neighbours, loads, checks',
    answer: datasetSchema,
    handle: async ({ path }) => {
      const lake = await open();
      const described = await describeTable(lake, path.table!);
      const { table, rows, whyOld } = described;
      const [lineage, history, late] = await Promise.all([
        lineageOf(lake, table),
        datasetHistory(lake, table),
        lateTables(lake),
      ]);
      return {
        ...described,
        rows: counted(rows),
        state: stateOf({ table, rows, whyOld }, late),
        lineage,
        ...history,
      };
    },
  });
  addJson(app, {
    method: 'get',
    path: '/api/runs',
    summary: 'The newest runs',
    answer: runsSchema,
    handle: async () => ({ runs: seen(await listRuns(await open())) }),
  });
  addJson(app, {
    method: 'get',
    path: '/api/runs/:run',
    summary: 'The steps of one run: where the time went',
    answer: timelineSchema,
    handle: async ({ path }) => seen(await runTimeline(await open(), path.run!)),
  });
  addJson(app, {
    method: 'get',
    path: '/api/dictionary',
    summary: 'Tables and columns by what is said of them',
    answer: foundSchema,
    query: z.object({ q: z.string().max(200).default('') }),
    handle: async ({ query }) => (await dictionaryOf(await open())).search(query.q, MOST_FOUND),
  });
}

/** @throws InputError where the session may not read the table of the ledger */
function seen<T>(answer: T | undefined): T {
  if (answer !== undefined) return answer;
  throw new InputError('Your role does not see runs.', {
    hint: 'they are in tables ops.*, which access.yaml gives to roles',
    code: 'not-for-this-role',
  });
}

/** Rows of a role are not counted. */
const counted = (rows: number | undefined): number | undefined =>
  rows === undefined || Number.isNaN(rows) ? undefined : rows;

async function lateTables(lake: Awaited<ReturnType<LakeNowOpen>>): Promise<ReadonlySet<string>> {
  const { datasets } = await lakeStatus(lake);
  return new Set(datasets.filter(({ late }) => late).map(({ dataset }) => dataset));
}

/** What was never published is not known to be good. */
function stateOf(
  { table, rows, whyOld }: { readonly table: string; readonly rows?: number; readonly whyOld?: string },
  late: ReadonlySet<string>,
): 'ok' | 'late' | 'unknown' {
  if (rows === undefined) return 'unknown';
  return late.has(table) || whyOld !== undefined ? 'late' : 'ok';
}
