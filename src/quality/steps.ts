import type { CatalogDataset } from '../campus/campus.ts';
import { isOfRows } from '../campus/check-schema.ts';
import { isSis } from '../campus/source-role.ts';
import { changeState, listStates, readState } from '../loads/dataset-state.ts';
import { comparableSum } from '../loads/key-sum.ts';
import { type DatasetState, goodOf, holdOf, stagedOf } from '../loads/state.ts';
import { asideDone, passed, rejected } from '../loads/table-state.ts';
import type { WaitBudget } from '../ports/query-engine.ts';
import type { NotYet, Step, Uses } from '../ports/step.ts';
import type { TableSet, TableVersion } from '../ports/tables.ts';
import { resumed } from '../staging/wait-budget.ts';
import { checkRounds } from './check-rounds.ts';
import { otherTables } from './check-sql.ts';
import { type Emptying, NOT_EMPTIED } from './emptied.ts';
import { CheckFailedError, DamagedFilesError } from './errors.ts';
import { separateRows } from './quarantine/separate.ts';
import { runChecks } from './run-checks.ts';
import { checksOfDataset, type TableCheck } from './table-check.ts';

type Needs = Uses<'campus' | 'catalog' | 'session' | 'report' | 'signal' | 'clock' | 'ledger' | 'engine'>;

export type ChecksPlan = { rounds: { round: string; datasets: { dataset: string }[] }[] };

/**
 * Lists the datasets with a staged version that has not been checked, in rounds: a table comes after those that its
 * relationships point to, so that it is compared with versions of which is known whether they are good.
 */
export const checksPlan: Step<{ run: string }, ChecksPlan, Needs> = {
  name: 'checks-plan',
  async run(_input, lake) {
    const known = new Set(lake.catalog.datasets.map((dataset) => dataset.id));
    const states = await listStates(lake.platform.ledger);
    const due: DatasetState[] = [];
    for (const state of states) {
      if (!known.has(state.dataset)) continue;
      if (isUnchecked(state) || (await isBroken(lake, stagedOf(state)?.version))) due.push(state);
    }
    const rounds = checkRounds(due.map(({ dataset }) => lake.catalog.get(dataset)));
    return {
      rounds: rounds.map((round, i) => ({
        round: String(i + 1),
        datasets: round.map(({ id }) => ({ dataset: id })),
      })),
    };
  },
};

/**
 * Checks the newest staged version of a dataset. One that passes is what models read and what the next publication
 * shows.
 * @throws CheckFailedError when a check of severity `fail` does not hold: the last good version stays
 */
export const checkDataset: Step<
  { run: string; dataset: string },
  { dataset: string; warned: number } | NotYet,
  Needs
> = {
  name: 'check-dataset',
  run: ({ run, dataset }, lake) =>
    resumed(lake, { run, dataset: `check-${dataset}` }, (budget) => checked(run, dataset, lake, budget)),
};

async function checked(
  run: string,
  dataset: string,
  lake: Needs,
  budget: WaitBudget | undefined,
): Promise<{ dataset: string; warned: number }> {
  const { ledger } = lake.platform;
  const { state } = await readState(ledger, dataset);
  const staged = stagedOf(state);
  if (await isBroken(lake, staged?.version)) throw new DamagedFilesError(dataset);
  if (!staged || !isUnchecked(state)) return { dataset, warned: 0 };
  const { version, load, time, deliveredFaults, rowsAtSource, keysAtSource } = staged;
  const described = lake.catalog.get(dataset);
  const checks = checksOfDataset(
    described,
    isCopy(lake, described) && !comparableSum(keysAtSource)?.distinct,
  );
  const good = goodOf(state);
  const named = checks.map((entry) => withWish(entry, state.keepAside));
  const others = await newestGood(lake, otherTables(checks));
  const { decided } = state;
  const { quarantine, results: before } = await separateRows(lake, {
    run,
    budget,
    version,
    checks: named,
    others,
    decided,
  });
  const asked = {
    run,
    budget,
    version,
    shown: quarantine?.shown,
    before,
    checks: named.filter(({ name }) => !before.some((result) => result.name === name)),
    others,
    rowsBefore: good?.version.rows,
    asOf: time?.asOf,
    emptying: emptyingOf(described, state),
    deliveredFaults,
    rowsAtSource,
    keysAtSource,
    counted: good?.counted,
  };
  try {
    const { results, counted } = await runChecks(lake, asked);
    const good = before.filter(({ failing }) => failing === 0).map(({ name }) => name);
    await changeState(ledger, dataset, (now) => asideDone(passed(now, load, counted, quarantine), good));
    return { dataset, warned: results.filter(({ status }) => status === 'warned').length };
  } catch (error) {
    if (error instanceof CheckFailedError) {
      const emptied = error.checks.includes(NOT_EMPTIED);
      await changeState(ledger, dataset, (now) => rejected(now, load, emptied));
    }
    throw error;
  }
}

/** Of a check of rows, a person can ask to keep them aside. */
const withWish = (entry: TableCheck, wanted: readonly string[] = []): TableCheck =>
  isOfRows(entry.check) && entry.severity === 'fail' && wanted.includes(entry.name)
    ? { ...entry, severity: 'quarantine' }
    : entry;

/** A `row_count` that lets a table lose all of its rows says so on purpose. */
function emptyingOf({ checks = [] }: CatalogDataset, state: DatasetState): Emptying | undefined {
  const { emptied, acceptedRows } = holdOf(state) ?? {};
  const mayEmpty = checks.some((check) => check.kind === 'row_count' && check.maxDropPercent === 100);
  return mayEmpty
    ? undefined
    : { held: emptied === true, ...(acceptedRows === undefined ? {} : { acceptedRows }) };
}

/** A SIS's tables are copied; an LMS's are merged from records. */
function isCopy({ campus }: Needs, { source }: CatalogDataset): boolean {
  return isSis(campus.sources[source]);
}

/** One that broke a check is checked again: the check, or what it is compared with, may have changed. */
const isUnchecked = ({ table: { phase } }: DatasetState) => phase === 'unchecked' || phase === 'rejected';

/**
 * The newest versions that are not known to be bad: of a table that was held back, the one that is published. Those of
 * which none was ever good are left out.
 */
async function newestGood(lake: Needs, tables: readonly string[]): Promise<TableSet> {
  const found: Record<string, TableVersion> = {};
  for (const table of tables) {
    const { state } = await readState(lake.platform.ledger, table);
    const isJudged = state.table.phase === 'passed' || state.table.phase === 'rejected';
    const newest = isJudged ? goodOf(state) : stagedOf(state);
    if (newest) found[table] = newest.version;
  }
  return found;
}

/** Whether files of a version are missing or cut short: then neither its rows nor what is made of them are right. */
async function isBroken({ platform }: Needs, version: TableVersion | undefined): Promise<boolean> {
  return version !== undefined && (await platform.engine.brokenFiles(version)).length > 0;
}
