import { changeState, readState } from '../../loads/dataset-state.ts';
import { abandoned } from '../../loads/loading.ts';
import { datasetsIn, type Repair } from './repair.ts';

export const signAgain: Repair = {
  name: 'sign-again',
  title: 'Start the job again, with new addresses',
  about:
    'Gives up the job under way at the source: the next run starts a new one, whose files get new signed addresses.',
  alone: { attempts: 3, coolDownMs: 0, tables: 50 },
  plan: async (lake, incident) => {
    const tables: string[] = [];
    for (const table of datasetsIn(lake, incident)) {
      const { state } = await readState(lake.platform.ledger, table);
      if (state.loading.phase !== 'idle' && state.loading.phase !== 'empty') tables.push(table);
    }
    return {
      tables,
      text: `give up the jobs of ${tables.length} tables, and start new ones in the next run`,
    };
  },
  async apply({ platform }, { tables }) {
    for (const table of tables) await changeState(platform.ledger, table, abandoned);
  },
};
