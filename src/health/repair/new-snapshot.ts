import { changeState } from '../../loads/dataset-state.ts';
import { reloadWanted } from '../../loads/loading.ts';
import { datasetsIn, type Repair } from './repair.ts';

export const newSnapshot: Repair = {
  name: 'new-snapshot',
  title: 'Load a new snapshot',
  about:
    'The next run asks the source for the whole table, in place of its changes. People see the last good version until then.',
  alone: { attempts: 2, coolDownMs: 20 * 36e5, tables: 10 },
  plan: async (lake, incident) => {
    const tables = datasetsIn(lake, incident);
    return { tables, text: `load ${inWords(tables)} whole in the next run` };
  },
  async apply({ platform }, { tables }) {
    for (const table of tables) await changeState(platform.ledger, table, reloadWanted);
  },
};

const inWords = (tables: readonly string[]): string =>
  tables.length > 3 ? `${tables.length} tables` : tables.join(', ') || 'no table';
