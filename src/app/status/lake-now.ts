import { ADMINISTRATOR } from '../../access/authorize.ts';
import type { Uses } from '../../ports/step.ts';
import { mayReadOps } from '../ops-rows.ts';
import { type LakeStatus, lakeStatus } from './lake-status.ts';

/** How the lake is, worst first. `unknown`: nothing was published, or nobody can tell. */
export type Verdict = 'bad' | 'attention' | 'unknown' | 'good';

/** Something that is wrong, is being done, or that a person has to do. */
export interface Matter {
  readonly severity: 'bad' | 'attention' | 'info';
  readonly title: string;
  /** What to do next. */
  readonly hint?: string;
  /** The tables that it is about: the first of them. */
  readonly tables: readonly string[];
  /** How many those are in all. */
  readonly ofTables: number;
  readonly owners: readonly string[];
  /** The run whose steps tell more. */
  readonly run?: string;
}

/** The lake at a glance. Instants are ISO 8601 UTC. */
export interface LakeNow {
  readonly at: string;
  readonly verdict: Verdict;
  readonly sentence: string;
  readonly publication?: string;
  /** The run of the record; of a session that may not read `ops.runs`, without its times. */
  readonly run?: {
    readonly run: string;
    readonly status: string;
    readonly startedAt?: string;
    readonly endedAt?: string;
    readonly attempt?: number;
  };
  readonly datasets: { readonly all: number; readonly late: number; readonly neverLoaded: number };
  readonly wrong: readonly Matter[];
  readonly doing: readonly Matter[];
  readonly needsPerson: readonly Matter[];
}

const NAMED = 12;

/**
 * Whether the lake is good, what is wrong, what is being done, and what needs a person. A session that may not read the
 * ledger learns of the tables that it may know of, and of nothing else.
 */
export async function lakeNow(
  lake: Uses<'catalog' | 'session' | 'access' | 'features' | 'clock' | 'objects' | 'ledger' | 'engine'>,
): Promise<LakeNow> {
  const [status, seesRuns] = await Promise.all([lakeStatus(lake), mayReadOps(lake, 'ops.steps')]);
  const isAdministrator = lake.session.role === ADMINISTRATOR;
  const late = status.datasets.filter((dataset) => dataset.late && dataset.rows !== undefined);
  const never = status.datasets.filter((dataset) => dataset.late && dataset.rows === undefined);
  const wrong = [
    ...(isAdministrator ? faultsOf(status) : []),
    ...(seesRuns ? failuresOf(status) : []),
    ...about('attention', late, (n) => `${n} older than the catalog promises`),
    ...about('attention', never, (n) => `${n} never loaded`),
  ];
  const doing = doingOf(status, seesRuns);
  const verdict = verdictOf(status, wrong);
  return {
    at: new Date(lake.platform.clock.now()).toISOString(),
    verdict,
    sentence: sentenceOf(verdict, status, wrong),
    publication: status.publication,
    run: status.run && (seesRuns ? runOf(status.run) : { run: status.run.run, status: status.run.status }),
    datasets: { all: status.datasets.length, late: late.length, neverLoaded: never.length },
    wrong,
    doing,
    needsPerson: wrong.filter(({ hint }) => hint !== undefined),
  };
}

const runOf = ({ run, status, startedAt, endedAt, attempt }: NonNullable<LakeStatus['run']>) => ({
  run,
  status,
  startedAt,
  endedAt,
  attempt,
});

function faultsOf({ ledgerFault, damaged, problem }: LakeStatus): Matter[] {
  const matters: Matter[] = [];
  const none = { tables: [], ofTables: 0, owners: [] };
  if (ledgerFault)
    matters.push({ severity: 'bad', title: ledgerFault.message, hint: ledgerFault.hint, ...none });
  if (problem) matters.push({ severity: 'bad', title: problem.message, hint: problem.hint, ...none });
  if (damaged.length > 0)
    matters.push({
      severity: 'bad',
      title: `${damaged.length} ${damaged.length === 1 ? 'record' : 'records'} of the ledger cannot be read: ${damaged.slice(0, 3).join(', ')}`,
      hint: '`lake repair` says what can be done',
      ...none,
    });
  return matters;
}

const failuresOf = ({ failures, run }: LakeStatus): Matter[] =>
  failures.map(({ message, hint, tables, count, owners, retryable }) => ({
    severity: 'bad',
    title: count > 1 ? `${message} (${count} times)` : message,
    // What may succeed by itself is tried again by the next run.
    ...(retryable ? {} : { hint }),
    tables: tables.slice(0, NAMED),
    ofTables: tables.length,
    owners,
    run: run?.run,
  }));

function about(
  severity: Matter['severity'],
  datasets: LakeStatus['datasets'],
  title: (counted: string) => string,
): Matter[] {
  if (datasets.length === 0) return [];
  const counted = datasets.length === 1 ? '1 dataset is' : `${datasets.length} datasets are`;
  const tables = datasets.map(({ dataset }) => dataset);
  return [
    {
      severity,
      title: title(counted.replace(/ (is|are)$/, datasets.length === 1 ? ' is' : ' are')),
      tables: tables.slice(0, NAMED),
      ofTables: tables.length,
      owners: [],
    },
  ];
}

function doingOf({ run, failures }: LakeStatus, seesRuns: boolean): Matter[] {
  const none = { tables: [], ofTables: 0, owners: [] };
  const doing: Matter[] = [];
  if (run?.status === 'running')
    doing.push({
      severity: 'info',
      title: run.attempt > 1 ? `A run is under way, attempt ${run.attempt}` : 'A run is under way',
      run: run.run,
      ...none,
    });
  const again = seesRuns ? failures.filter(({ retryable }) => retryable) : [];
  for (const { message, tables, owners } of again)
    doing.push({
      severity: 'info',
      title: `The next run tries again: ${message}`,
      tables: tables.slice(0, NAMED),
      ofTables: tables.length,
      owners,
      run: run?.run,
    });
  return doing;
}

function verdictOf({ publication, problem, run }: LakeStatus, wrong: readonly Matter[]): Verdict {
  if (wrong.some(({ severity }) => severity === 'bad') || problem || run?.status === 'failed') return 'bad';
  if (publication === undefined) return 'unknown';
  return wrong.length > 0 ? 'attention' : 'good';
}

function sentenceOf(verdict: Verdict, { run, datasets }: LakeStatus, wrong: readonly Matter[]): string {
  if (verdict === 'unknown') return 'Nothing has been published yet, so nothing can be said of the data.';
  if (verdict === 'good')
    return datasets.length === 1
      ? 'The dataset is up to date.'
      : `All ${datasets.length} datasets are up to date.`;
  if (run?.status === 'failed' && wrong.length === 0) return 'The last run failed.';
  return wrong.length === 1 ? 'One thing is wrong.' : `${wrong.length} things are wrong.`;
}
