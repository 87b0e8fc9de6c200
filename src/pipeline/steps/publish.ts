import { asOf } from '../../loads/as-of.ts';
import { listStates } from '../../loads/dataset-state.ts';
import type { TableVersion } from '../../platform/ports/tables.ts';
import type { Step } from '../../step.ts';
import { listModelRecords } from '../model-record.ts';
import { publish } from '../publication.ts';
import { showTables } from '../show-tables.ts';

/**
 * Shows people the newest good version of every dataset of the catalog and the newest good version of every
 * model, all at once. What failed in this run keeps the version that it had.
 */
export const publishStep: Step<{ run: string }, { publication: string; tables: number }> = {
  name: 'publish',
  async run({ run }, lake) {
    const { clock, ledger } = lake.platform;
    const tables: Record<string, TableVersion> = {};
    const wanted = new Set(lake.catalog.datasets.map((dataset) => dataset.id));
    for (const state of await listStates(ledger)) {
      if (state.passed && wanted.has(state.dataset)) tables[state.dataset] = state.passed;
    }
    for (const record of await listModelRecords(ledger)) tables[record.version.table] = record.version;
    const at = new Date(clock.now()).toISOString();
    await publish(lake.platform, { id: run, run, at, asOf: (await asOf(ledger, lake.campus)) ?? at, tables });
    await showTables(lake, tables);
    return { publication: run, tables: Object.keys(tables).length };
  },
};
