import { isOfRows } from '../../campus/check-schema.ts';
import { changeState, readState } from '../../loads/dataset-state.ts';
import { asideWanted } from '../../loads/table-state.ts';
import { checksOfDataset } from '../../quality/table-check.ts';
import { datasetsIn, type Repair, type RepairLake } from './repair.ts';

export const keepRowsAside: Repair = {
  name: 'keep-rows-aside',
  title: 'Keep the bad rows aside',
  about:
    'The next run shows the table without the rows that break its checks, and keeps them aside; `lake quarantine` decides on them. It ends when a load has no such rows. Refused where more than a tenth of the rows break them.',
  plan: async (lake, incident) => {
    const broken = await brokenIn(lake, datasetsIn(lake, incident));
    return {
      tables: [...broken.keys()],
      text:
        [...broken]
          .map(([table, checks]) => `keep rows of ${table} aside that break ${checks.join(', ')}`)
          .join('; ') || 'no table is held back for single rows',
    };
  },
  async apply(lake, { tables }) {
    for (const [table, checks] of await brokenIn(lake, tables))
      await changeState(lake.platform.ledger, table, (state) => asideWanted(state, checks));
  },
};

/** Of tables that are held back: the checks whose broken rows can be told apart, by table. */
async function brokenIn(lake: RepairLake, tables: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const table of tables) {
    const { state } = await readState(lake.platform.ledger, table);
    if (state.table.phase !== 'rejected') continue;
    const checks = checksOfDataset(lake.catalog.get(table))
      .filter(({ check, severity }) => isOfRows(check) && severity === 'fail')
      .map(({ name }) => name);
    if (checks.length > 0) found.set(table, checks);
  }
  return found;
}
