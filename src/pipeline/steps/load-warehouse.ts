import type { Step } from '../../step.ts';
import { loadWarehouse } from '../../warehouse/load.ts';
import { NothingPublishedError } from '../errors.ts';
import { readPublication } from '../publication.ts';

/** Loads the warehouse with what the run has published. */
export const loadWarehouseStep: Step<{ run: string }, { rows: number; tables: number }> = {
  name: 'load-warehouse',
  async run({ run }, lake) {
    const publication = await readPublication(lake.platform, run);
    if (!publication) throw new NothingPublishedError();
    return loadWarehouse(lake, publication);
  },
};
