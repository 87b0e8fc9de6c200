import type { Step, Uses } from '../ports/step.ts';
import type { SisTask } from './items.ts';
import { keysOf } from './keys-of.ts';
import { lobColumnsOf } from './lob-memory.ts';
import { tablesWanted } from './mappings-of.ts';
import { loadPrefix } from './raw-layout.ts';

/** Starts the copy of a SIS; a continued run finds the one that it started. The load has the name of the run. */
export const sisStart: Step<
  { run: string; source: string },
  SisTask,
  Uses<'campus' | 'catalog' | 'ledger' | 'replication'>
> = {
  name: 'sis-start',
  async run({ run, source }, lake) {
    const { task } = await lake.platform.replication.start({
      source,
      load: run,
      prefix: loadPrefix(source, run),
      ...(await tablesWanted(lake, source)),
      keys: keysOf(lake, source),
      lobColumns: lobColumnsOf(lake.campus, lake.catalog.of(source)),
    });
    return { run, source, task };
  },
};
