import type { CatalogDataset } from '../campus/campus.ts';
import { changeState, listStates, readState } from '../loads/dataset-state.ts';
import { comparableSum } from '../loads/key-sum.ts';
import type { DatasetState } from '../loads/load.ts';
import type { TableSet, TableVersion } from '../platform/ports/tables.ts';
import type { Lake, Step } from '../step.ts';
import { otherTables } from './check-sql.ts';
import { runChecks } from './run-checks.ts';
import { checksOfDataset } from './table-check.ts';

export type ChecksPlan = { datasets: { dataset: string }[] };

/** Lists the datasets with a staged version that has not been checked. */
export const checksPlan: Step<{ run: string }, ChecksPlan> = {
  name: 'checks-plan',
  async run(_input, lake) {
    const known = new Set(lake.catalog.datasets.map((dataset) => dataset.id));
    const states = await listStates(lake.platform.ledger);
    const due = states.filter((state) => known.has(state.dataset) && isUnchecked(state));
    return { datasets: due.map(({ dataset }) => ({ dataset })) };
  },
};

/**
 * Checks the newest staged version of a dataset. One that passes is what models read and people see from then on.
 * @throws CheckFailedError when a check of severity `fail` does not hold: the last good version stays
 */
export const checkDataset: Step<{ run: string; dataset: string }, { dataset: string; warned: number }> = {
  name: 'check-dataset',
  async run({ run, dataset }, lake) {
    const { ledger } = lake.platform;
    const { state } = await readState(ledger, dataset);
    const version = state.staged;
    if (!version || !isUnchecked(state)) return { dataset, warned: 0 };
    const { rowsAtSource, keysAtSource } = state;
    const described = lake.catalog.get(dataset);
    const checks = checksOfDataset(
      described,
      isCopy(lake, described) && comparableSum(keysAtSource) === undefined,
    );
    const results = await runChecks(lake, {
      run,
      version,
      checks,
      others: await newest(lake, otherTables(checks)),
      rowsBefore: state.passed?.rows,
      rowsAtSource,
      keysAtSource,
    });
    await changeState(ledger, dataset, ({ passedTime: _before, ...now }) => ({
      ...now,
      passed: version,
      passedLoad: state.stagedLoad!,
      ...(state.stagedTime ? { passedTime: state.stagedTime } : {}),
    }));
    return { dataset, warned: results.filter(({ status }) => status === 'warned').length };
  },
};

/** A SIS's tables are copied; an LMS's are merged from records. */
function isCopy({ campus }: Lake, { source }: CatalogDataset): boolean {
  const kind = campus.sources[source]?.kind;
  return kind !== undefined && kind !== 'canvas';
}

const isUnchecked = (state: DatasetState) =>
  state.staged !== undefined && state.passedLoad !== state.stagedLoad;

async function newest(lake: Lake, tables: readonly string[]): Promise<TableSet> {
  const found: Record<string, TableVersion> = {};
  for (const table of tables) {
    const { state } = await readState(lake.platform.ledger, table);
    if (state.staged) found[table] = state.staged;
  }
  return found;
}
