import type { Plan, PlanNode } from '../../src/pipeline/plan.ts';
import { stateMachineFor } from '../pipeline/state-machine.ts';
import type { LakeSize } from './size.ts';

/** A limit of AWS, and how far a lake is from it. */
export interface LimitUse {
  readonly service: string;
  readonly limit: string;
  readonly needs: number;
  readonly has: number;
  readonly unit: string;
  /** `needs` divided by `has`: above 1 it does not work. */
  readonly share: number;
  /** `read`: counted from what is deployed; `reckoned`: by a rule that measurements gave, named in `how`. */
  readonly basis: 'read' | 'reckoned';
  readonly how: string;
  /** It makes a run longer and does not stop it. Default: it stops. */
  readonly delays?: true;
  /** What to do where it is too near. */
  readonly remedy: string;
  readonly source: string;
}

const DOCS = 'https://docs.aws.amazon.com';
const SFN = `${DOCS}/step-functions/latest/dg/service-quotas.html`;
const DMS = `${DOCS}/dms/latest/userguide/CHAP_Limits.html`;
const MAPPINGS = `${DOCS}/dms/latest/userguide/CHAP_Tasks.CustomizingTasks.TableMapping.SelectionTransformation.html`;
const LAMBDA = `${DOCS}/lambda/latest/dg/gettingstarted-limits.html`;
const ATHENA = `${DOCS}/athena/latest/ug/service-limits.html`;
const CFN = `${DOCS}/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html`;
const IAM = `${DOCS}/IAM/latest/UserGuide/reference_iam-quotas.html`;
const DATA_API = `${DOCS}/redshift/latest/mgmt/data-api.html`;

/** Assumed where nothing of a college is known: what DMS reads of one table in a second, and what Athena stages. */
export const ASSUMED_MB_PER_SECOND = { dms: 5, athena: 200, lambda: 20 } as const;
/** Bytes of the mappings of a table, and of each of its columns that is left behind or cast (a quarter of them). */
const MAPPING = { table: 190, column: 60 };
/** Measured on templates of 20 to 80 SIS: what the template and the policies of the function that drives DMS grow by. */
const PER_SOURCE = { policies: 0.15, pipelineTemplate: 21_600 };
const FIXED = { pipelineTemplate: 131_000 };
/** The largest statement names each column about so often: in the counts, the merge and its comparison. */
const BYTES_OF_A_COLUMN = 400;
/** Bytes of a row of `mart.lake_tables`, with a short reason why it is late. */
const ROW_OF_A_TABLE = 300;
/** Variables of a function, whatever the sources: see the test of its environment. */
const ENVIRONMENT_BYTES = 1_300;
/** A step hands on more than this by an object in S3 (`lambda/large-values.ts`). */
const FRAME_BYTES = 16 * 1024;

/** Every limit that grows with a lake, the nearest first. */
export function limitsOf(plan: Plan, size: LakeSize): LimitUse[] {
  const seconds = loadSeconds(size);
  const definition = Buffer.byteLength(JSON.stringify(definitionOf(plan)));
  const tasks = Math.ceil(size.tables / size.tablesPerTask) * (size.captured ? 2 : 1) * size.sources;
  const uses: Omit<LimitUse, 'share'>[] = [
    {
      service: 'DMS',
      limit: 'tasks of an instance',
      needs: tasks,
      has: 200,
      unit: 'tasks',
      basis: 'read',
      how: `${size.tables} tables in tasks of ${size.tablesPerTask}, for each of ${size.sources} SIS`,
      remedy: 'raise aws.replication.tablesPerTask',
      source: DMS,
    },
    {
      service: 'DMS',
      limit: 'endpoints of an instance',
      needs: 3 * size.sources,
      has: 100,
      unit: 'endpoints',
      basis: 'read',
      how: 'a source and two targets for each SIS',
      remedy: 'a second lake for the other SIS',
      source: DMS,
    },
    {
      service: 'DMS',
      limit: 'table mappings of a task',
      needs:
        Math.min(size.tables, size.tablesPerTask) * (MAPPING.table + (MAPPING.column * size.columns) / 4),
      has: 2 * 1024 * 1024,
      unit: 'bytes',
      basis: 'reckoned',
      how: 'a rule for each table, and one for each column that is left behind or cast',
      remedy: 'lower aws.replication.tablesPerTask',
      source: MAPPINGS,
    },
    {
      service: 'Step Functions',
      limit: 'history of the run',
      needs: historyOf(plan, size, seconds),
      has: 25_000,
      unit: 'events',
      basis: 'reckoned',
      how: 'datasets are executions of their own; models, waits and one look a minute at DMS are in the run',
      remedy: 'fewer models in a run, or a faster copy (instance, maxConnections)',
      source: SFN,
    },
    {
      service: 'Step Functions',
      limit: 'what a state hands on',
      needs: FRAME_BYTES + 1024,
      has: 262_144,
      unit: 'bytes',
      basis: 'read',
      how: 'larger outputs and all lists of datasets lie in S3',
      remedy: 'none is needed: it does not grow',
      source: SFN,
    },
    {
      service: 'Step Functions',
      limit: 'definition of the state machine',
      needs: definition,
      has: 1_048_576,
      unit: 'bytes',
      basis: 'read',
      how: 'generated from the plan: it grows with the sources, not with tables',
      remedy: 'a second lake for the other SIS',
      source: SFN,
    },
    {
      service: 'Step Functions',
      limit: 'time of a run (20 hours, so that the next night finds it gone)',
      needs: seconds,
      has: 20 * 3600,
      unit: 'seconds',
      basis: 'reckoned',
      how: `DMS reads ${ASSUMED_MB_PER_SECOND.dms} MB a second of each of ${size.connections} tables at once, and the largest table by one reader`,
      remedy: 'full-load-and-cdc, a larger instance, or parallel-load ranges in tableMappings',
      source: DMS,
    },
    {
      service: 'Lambda',
      limit: 'environment of a function',
      needs: ENVIRONMENT_BYTES,
      has: 4_096,
      unit: 'bytes',
      basis: 'read',
      how: 'endpoints are found by their names',
      remedy: 'none is needed: it does not grow',
      source: LAMBDA,
    },
    {
      service: 'Lambda',
      limit: 'time of a function (one file of an LMS; a table of many files goes on in the next function)',
      needs: Math.ceil((Math.min(size.largestGb, 1) * 1024) / ASSUMED_MB_PER_SECOND.lambda),
      has: 870,
      unit: 'seconds',
      basis: 'reckoned',
      how: `${ASSUMED_MB_PER_SECOND.lambda} MB a second; sources deliver files of 1 GB at most`,
      remedy: 'more memory for the function: its network grows with it',
      source: LAMBDA,
    },
    {
      service: 'Lambda',
      limit: 'functions at once in a new account',
      needs: size.atOnce * 2,
      has: 10,
      delays: true,
      unit: 'functions',
      basis: 'read',
      how: `${size.atOnce} datasets at once in each of two lists; a call that finds no function free is repeated for twenty minutes`,
      remedy: 'ask Service Quotas for more (Concurrent executions), or lower aws.tablesAtOnce',
      source: LAMBDA,
    },
    {
      service: 'Athena',
      limit: 'length of a statement',
      needs: 4_096 + size.widest * BYTES_OF_A_COLUMN,
      has: 262_144,
      unit: 'bytes',
      basis: 'reckoned',
      how: `the widest table has ${size.widest} columns; files are listed in S3, not in the statement`,
      remedy: 'exclude columns in the catalog',
      source: ATHENA,
    },
    {
      service: 'Athena',
      limit: 'time of a statement',
      needs: Math.ceil((size.largestGb * 1024) / ASSUMED_MB_PER_SECOND.athena),
      has: 1_800,
      unit: 'seconds',
      basis: 'reckoned',
      how: `${ASSUMED_MB_PER_SECOND.athena} MB of source data a second, for the largest table`,
      remedy: 'full-load-and-cdc; for models, engine: glue',
      source: ATHENA,
    },
    {
      service: 'CloudFormation',
      limit: 'template of the pipeline',
      needs: FIXED.pipelineTemplate + PER_SOURCE.pipelineTemplate * size.sources,
      has: 1_048_576,
      unit: 'bytes',
      basis: 'reckoned',
      how: `${PER_SOURCE.pipelineTemplate} bytes for each SIS, most of them the state machine's`,
      remedy: 'a second lake for the other SIS',
      source: CFN,
    },
    {
      service: 'IAM',
      limit: 'managed policies of a role',
      needs: PER_SOURCE.policies * size.sources,
      has: 10,
      unit: 'policies',
      basis: 'reckoned',
      how: `endpoints and folders of ${Math.floor(1 / PER_SOURCE.policies)} SIS fill a policy of the function that drives DMS`,
      remedy: 'a second lake for the other SIS',
      source: IAM,
    },
    {
      service: 'Redshift',
      limit: 'statements of one transaction of the Data API',
      needs: 8 + Math.ceil(((size.models + size.allTables) * ROW_OF_A_TABLE) / 80_000),
      has: 40,
      unit: 'statements',
      basis: 'reckoned',
      how: 'rows of mart.lake_tables, 80,000 bytes in a statement, for the models and all datasets',
      remedy: 'fewer datasets read by models',
      source: DATA_API,
    },
  ];
  return uses
    .map((use) => ({ ...use, needs: Math.ceil(use.needs), share: use.needs / use.has }))
    .sort((a, b) => b.share - a.share);
}

/** Seconds of the copy: all tables by all readers, and never less than the largest by one. */
function loadSeconds({ gb, largestGb, connections }: LakeSize): number {
  const { dms } = ASSUMED_MB_PER_SECOND;
  return Math.ceil(Math.max((gb * 1024) / (dms * connections), (largestGb * 1024) / dms));
}

const isDistributed = ({ label }: { readonly label: string }) => label === 'dataset';

/** With ARNs as long as they become. */
const definitionOf = (plan: Plan) =>
  stateMachineFor(plan, {
    functionOf: () => 'x'.repeat(75),
    control: 'x'.repeat(75),
    distributed: isDistributed,
  });

const EVENTS = { call: 5, choice: 2, pause: 2, pass: 2, map: 4, item: 2, parallel: 2 };

/** Events in the history of the run itself, retries not counted. */
function historyOf(plan: Plan, { waves, models }: LakeSize, seconds: number): number {
  const looks = (step: string) =>
    step === 'sis-poll' || step === 'lms-poll' ? Math.ceil(seconds / 60) + 20 : 3;
  const count = (node: PlanNode): number => {
    switch (node.kind) {
      case 'task':
        return EVENTS.call;
      case 'wait':
        return looks(node.step) * (EVENTS.call + EVENTS.choice + EVENTS.pause);
      case 'sequence':
        return node.nodes.reduce((sum, child) => sum + count(child), 0);
      case 'parallel':
        return EVENTS.parallel + node.branches.reduce((sum, branch) => sum + EVENTS.pass + count(branch), 0);
      case 'repeat':
        return node.most * (count(node.body) + EVENTS.choice + EVENTS.pass);
      case 'each': {
        const around = EVENTS.call + EVENTS.choice + EVENTS.map;
        if (isDistributed(node)) return around;
        const items =
          node.label === 'wave' ? waves : node.label === 'model' ? models / Math.max(1, waves) : 3;
        return around + items * (EVENTS.item + EVENTS.pass + count(node.body));
      }
    }
  };
  return count(plan.main) + count(plan.closing);
}
