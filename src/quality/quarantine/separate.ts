import { queryTables } from '../../access/query.ts';
import { isOfRows } from '../../campus/check-schema.ts';
import type { Quarantine } from '../../loads/state.ts';
import { digestOf, identityOf } from '../../loads/table-identity.ts';
import type { WaitBudget } from '../../ports/query-engine.ts';
import type { Uses } from '../../ports/step.ts';
import type { TableSet, TableVersion } from '../../ports/tables.ts';
import { refuseUnfit } from '../refuse-unfit.ts';
import type { CheckResult, TableCheck } from '../table-check.ts';
import { buildOnce } from './build-once.ts';
import { asideSql, DECIDED, type SeparatedRows, separatedCountsSql, shownSql } from './quarantine-sql.ts';

type Needs = Uses<'session' | 'signal' | 'clock' | 'ledger' | 'engine'>;

export interface Separating {
  readonly run: string;
  /** The staged version, whole. */
  readonly version: TableVersion;
  readonly checks: readonly TableCheck[];
  /** The tables that its checks read besides itself. */
  readonly others: TableSet;
  /** What a person has decided on rows of it. Default: nothing. */
  readonly decided?: TableVersion | undefined;
  readonly budget?: WaitBudget | undefined;
}

/** What became of the checks whose rows are kept aside. */
export interface Separated {
  readonly results: readonly CheckResult[];
  /** Absent: no row is kept aside or left out. */
  readonly quarantine?: Quarantine;
}

/** More of a table's rows than this part, and more than so many, is no matter of single rows. */
const PART = 0.1;
const FEW = 10;

/**
 * Tells the rows that break checks of severity `quarantine` apart from the others: two tables are made of the staged
 * version, which stays whole, so that changes are merged into all of its rows and it can be compared with the source. Where
 * more than a tenth of the rows break them (of a table below a hundred: ten), or all do, none is kept aside, and the checks
 * have failed. Repeated, it makes the same.
 */
export async function separateRows(lake: Needs, separating: Separating): Promise<Separated> {
  const { run, version, others, decided, budget } = separating;
  const { table, columns } = version;
  const tables = { ...others, [table]: version };
  const checks = separating.checks.filter(
    ({ check, severity }) =>
      severity === 'quarantine' &&
      isOfRows(check) &&
      (check.kind !== 'relationships' || tables[check.to] !== undefined),
  );
  if (checks.length === 0) return { results: [] };
  refuseUnfit(version, checks, tables);
  const rows: SeparatedRows = { table, columns, checks, hasDecided: decided !== undefined };
  const reads = { ...tables, ...(decided ? { [DECIDED]: decided } : {}) };
  const [aside, hidden, ...counts] = await countsOf(lake, separatedCountsSql(rows), reads, budget);
  const isTooMuch = aside! >= version.rows ? aside! > 0 : aside! > Math.max(version.rows * PART, FEW);
  const results = checks.map((entry, i) => resultOf(entry, counts[i]!, version.rows, isTooMuch));
  if (hidden === 0 || isTooMuch) return { results };
  const identity = digestOf(run, Object.values(reads).map(identityOf).sort(), shownSql(rows));
  const build = (select: string, name: string) =>
    buildOnce(lake, {
      table,
      select,
      reads,
      versionId: `${identity.slice(0, 16)}-${name}`,
      engine: 'athena',
    });
  const kept = await build(asideSql(rows, run), 'aside');
  const shown = await build(shownSql(rows), 'shown');
  const { definition } = version;
  const defined = definition ? { definition } : {};
  return {
    results,
    quarantine: {
      shown: { ...shown, ...defined },
      aside: { ...kept, ...defined },
      checks: Object.fromEntries(checks.map(({ name }, i) => [name, counts[i]!])),
      run,
    },
  };
}

async function countsOf(
  lake: Needs,
  sql: string,
  tables: TableSet,
  budget: WaitBudget | undefined,
): Promise<number[]> {
  const result = await queryTables(lake, sql, tables, { signal: lake.signal, isOwn: true, budget });
  for await (const [row] of result.batches()) if (row) return row.map(Number);
  throw new Error('a query of counts gave no row');
}

function resultOf(entry: TableCheck, failing: number, rows: number, isTooMuch: boolean): CheckResult {
  if (failing === 0) return { ...entry, status: 'passed', failing };
  const many = `${failing.toLocaleString('en-US')} of ${rows.toLocaleString('en-US')} row${rows === 1 ? '' : 's'}`;
  const what = `${many} ${failing === 1 ? 'breaks' : 'break'} ${entry.name}`;
  return isTooMuch
    ? { ...entry, status: 'failed', failing, found: `${what}: too many to keep aside` }
    : {
        ...entry,
        status: 'warned',
        failing,
        found: `${what} and ${failing === 1 ? 'is' : 'are'} kept aside`,
      };
}
