import { queryTables } from '../access/query.ts';
import type { Json } from '../json.ts';
import { hourOfLive, isLiveLoad } from '../loads/live-load.ts';
import type { Counted, DeliveredFaults } from '../loads/load.ts';
import { digestOf, identityOf } from '../loads/table-identity.ts';
import type { OpsRow } from '../ports/ledger.ts';
import type { WaitBudget } from '../ports/query-engine.ts';
import type { Uses } from '../ports/step.ts';
import type { TableSet, TableVersion } from '../ports/tables.ts';
import { countsSql, readsRows } from './check-sql.ts';
import { deliveredValues } from './delivered-values.ts';
import { type Emptying, NOT_EMPTIED, notEmptied } from './emptied.ts';
import { CheckFailedError } from './errors.ts';
import { type AtSource, reconcile } from './reconcile.ts';
import { refuseUnfit } from './refuse-unfit.ts';
import { resultOf } from './result-of.ts';
import type { CheckResult, TableCheck } from './table-check.ts';

type Needs = Uses<'session' | 'report' | 'signal' | 'clock' | 'engine'>;

export interface CheckedTable extends AtSource {
  readonly run: string;
  readonly version: TableVersion;
  readonly checks: readonly TableCheck[];
  /** The tables that its checks read besides itself. */
  readonly others: TableSet;
  /** Rows of the version that is published now. Default: there is none. */
  readonly rowsBefore?: number;
  /** The moment up to which the table is loaded, ISO 8601 UTC. Default: now. */
  readonly asOf?: string;
  /** What is known of an earlier load that lost the table's rows. Default: nothing, and it may lose them all. */
  readonly emptying?: Emptying;
  /** What an earlier run has counted in this table. Default: nothing. */
  readonly counted?: Counted;
  /** How long statements are waited for. Default: to their end. */
  readonly budget?: WaitBudget | undefined;
  /** The rows of the version that are shown, where some are kept aside. Default: all. */
  readonly shown?: TableVersion | undefined;
  /** What became of checks that were made before. Default: there were none. */
  readonly before?: readonly CheckResult[];
  /** What was the matter with delivered values. Default: nothing. */
  readonly deliveredFaults?: DeliveredFaults;
}

type Evaluated = Pick<
  CheckedTable,
  'version' | 'checks' | 'others' | 'rowsBefore' | 'asOf' | 'emptying' | 'counted' | 'budget'
>;

/** What became of the checks of a table. */
export interface Checked {
  readonly results: readonly CheckResult[];
  /** What was counted: over the same rows nobody need count again. */
  readonly counted: Counted;
}

/**
 * Runs the checks of one table by one query, compares it with its source, and writes what became of them into `ops.checks`.
 * @throws CheckFailedError naming every check of severity `fail` that does not hold
 */
export async function runChecks(
  lake: Uses<'session' | 'report' | 'signal' | 'clock' | 'ledger' | 'engine'>,
  checked: CheckedTable,
): Promise<Checked> {
  const { clock, ledger } = lake.platform;
  const { run, version } = checked;
  const seen = checked.shown ?? version;
  const evaluation = await evaluate(lake, { ...checked, version: seen });
  // The source has all of the rows.
  const reconciled = await reconcile(lake, version, checked);
  const results = [
    ...evaluation.results,
    ...(checked.before ?? []),
    ...notEmptied(seen, checked.rowsBefore, checked.emptying),
    ...(checked.deliveredFaults ? deliveredValues(checked.deliveredFaults) : []),
    ...reconciled.results,
  ];
  await ledger.append('checks', rowsOf(checked, results, new Date(clock.now()).toISOString()));
  tell(
    lake,
    version.table,
    results,
    `The last good version is still served. Fix the rows at the source, or adjust the check; lake query "SELECT * FROM ops.checks WHERE run = '${run}'" lists all of them`,
  );
  return { results, counted: { ...evaluation.counted, ...reconciled.counted } };
}

/**
 * Runs the checks of a table that no run has built and nobody will see, such as what is learned from; nothing is
 * written down.
 * @throws CheckFailedError as `runChecks` does
 */
export async function checkUnseen(
  lake: Needs,
  checked: Pick<CheckedTable, 'version' | 'checks' | 'others'>,
): Promise<void> {
  const hint =
    'Nothing was changed. Fix the rows at the source, or adjust the check in the header of the model';
  tell(lake, checked.version.table, (await evaluate(lake, checked)).results, hint);
}

/** @throws CheckFailedError where one of severity `fail` does not hold */
function tell(lake: Needs, table: string, results: readonly CheckResult[], hint: string): void {
  for (const { found, status } of results) if (status === 'warned') lake.report.note(table, found!);
  const failed = results.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return;
  const found = failed.map((result) => result.found).join('; ');
  const emptied = failed.every(({ name }) => name === NOT_EMPTIED);
  throw new CheckFailedError(
    `${table}: ${found}`,
    failed.map(({ name }) => name),
    {
      about: table,
      hint: emptied
        ? `The last good version is still served. If these are all rows that the table should have, confirm it with \`lake accept ${table}\`; the next run then publishes it`
        : hint,
    },
  );
}

/**
 * A row for each check; those that nobody wrote down and that passed share one, or they would bury the others. Between
 * two runs only what did not pass has a row, and one an hour.
 */
function rowsOf({ run, version, shown }: CheckedTable, all: readonly CheckResult[], at: string): OpsRow[] {
  const { table, rows } = shown ?? version;
  const isLive = isLiveLoad(run);
  const results = isLive ? all.filter(({ status }) => status !== 'passed') : all;
  const row = (check: string, values: { [column: string]: Json }): OpsRow => ({
    id: `${isLive ? hourOfLive(run) : run}/${table}/${check}`,
    run,
    table_name: table,
    check_name: check,
    ...values,
    rows,
    checked_at: at,
  });
  const silent = results.filter(({ isDefault, status }) => isDefault && status === 'passed');
  return [
    ...results
      .filter((result) => !silent.includes(result))
      .map(({ name, severity, status, failing, found }) =>
        row(name, { severity, status, checks: 1, failing, found: found ?? null }),
      ),
    ...(silent.length > 0
      ? [
          row('default', {
            severity: 'fail',
            status: 'passed',
            checks: silent.length,
            failing: 0,
            found: null,
          }),
        ]
      : []),
  ];
}

async function evaluate(
  lake: Needs,
  { version, checks, others, rowsBefore, asOf, emptying, counted, budget }: Evaluated,
): Promise<Checked> {
  const { table, columns } = version;
  const upTo = asOf ?? new Date(budget?.startedAt ?? lake.platform.clock.now()).toISOString();
  const tables = { ...others, [table]: version };
  const known = checks.filter(({ check }) => check.kind !== 'relationships' || tables[check.to]);
  refuseUnfit(version, known, tables);
  const sql = countsSql({ table, columns, asOf: upTo }, known);
  const count = sql ? await countOnce(lake, sql, tables, counted, budget) : undefined;
  const counts = [...(count?.counts ?? [])];
  const results = checks.map((entry): CheckResult => {
    if (!known.includes(entry)) return notEvaluated(entry);
    if (readsRows(entry.check)) return resultOf(entry, counts.shift()!, broken(entry, version.rows));
    const { missing, found } = countRows(entry, version.rows, rowsBefore);
    const accepted = emptying?.acceptedRows !== undefined && version.rows >= emptying.acceptedRows;
    return resultOf(accepted ? { ...entry, severity: 'warn' } : entry, missing, () => found);
  });
  return { results, counted: count?.kept ? { checks: count.kept } : {} };
}

/**
 * The counts of a statement; those of an earlier run where they are of the same statement over the same rows. `kept` is
 * what a later run can take over: nothing of an engine without an edition.
 */
async function countOnce(
  lake: Needs,
  sql: string,
  tables: TableSet,
  counted: Counted | undefined,
  budget: WaitBudget | undefined,
): Promise<{ readonly counts: readonly number[]; readonly kept?: Counted['checks'] }> {
  const { edition } = lake.platform.engine.capabilities;
  const count = async () => (await oneRow(lake, sql, tables, budget)).map(Number);
  if (edition === undefined) return { counts: await count() };
  const of = digestOf(edition, sql, ...Object.values(tables).map(identityOf).sort());
  const kept = counted?.checks?.of === of ? counted.checks : { of, counts: await count() };
  return { counts: kept.counts, kept };
}

/** A relationship with a table that no load has brought in yet, or none that passed: reported, and no row is blamed. */
function notEvaluated(entry: TableCheck): CheckResult {
  const to = entry.check.kind === 'relationships' ? entry.check.to : entry.name;
  const found = `${entry.name} was not evaluated: no load of ${to} has passed its checks yet`;
  return { ...entry, status: 'warned', failing: 0, found };
}

async function oneRow(
  lake: Needs,
  sql: string,
  tables: TableSet,
  budget: WaitBudget | undefined,
): Promise<unknown[]> {
  const result = await queryTables(lake, sql, tables, {
    signal: lake.signal,
    isOwn: true,
    budget,
  });
  for await (const [row] of result.batches()) if (row) return [...row];
  throw new Error('a query of counts gave no row');
}

const count = (n: number, what: string) => `${n.toLocaleString('en-US')} ${what}${n === 1 ? '' : 's'}`;

/** What is reported of rows that break a check: never their values. */
function broken({ name, check }: TableCheck, rows: number): (failing: number) => string {
  const breaks = (n: number) => (n === 1 ? 'breaks' : 'break');
  return (failing) =>
    check.kind === 'unique'
      ? `${count(failing, 'key')} come${failing === 1 ? 's' : ''} more than once: ${name}`
      : check.kind === 'freshness'
        ? `no row is of the last ${count(check.maxAgeHours, 'hour')} up to the load: ${name}`
        : `${failing.toLocaleString('en-US')} of ${count(rows, 'row')} ${breaks(failing)} ${name}`;
}

/** Nobody asked about the rows of so small a table: a handful may come and go. What is declared holds for any size. */
const FEW_ROWS = 100;

function countRows(
  { check, isDefault }: TableCheck,
  rows: number,
  before = 0,
): { missing: number; found: string } {
  if (check.kind !== 'row_count') return { missing: 0, found: '' };
  const { min = 0, maxDropPercent } = check;
  if (rows < min)
    return { missing: min - rows, found: `${count(rows, 'row')} where ${min} are expected at least` };
  const large = !isDefault || before >= FEW_ROWS;
  const dropped = large && maxDropPercent !== undefined && rows < before * (1 - maxDropPercent / 100);
  if (!dropped) return { missing: 0, found: '' };
  return {
    missing: before - rows,
    found: `${count(rows, 'row')} where there were ${before.toLocaleString('en-US')}`,
  };
}
