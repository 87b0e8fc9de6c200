import { enforceSuppression } from '../erasure/enforce.ts';
import { listStates } from '../loads/dataset-state.ts';
import type { Step, Uses } from '../ports/step.ts';
import { definitionsOf } from './definition.ts';
import { isOutdated } from './staging-work.ts';

export type RestagePlan = { datasets: { dataset: string }[] };

/**
 * Lists the datasets that no load of this run has brought in line with the catalog: their source could not be
 * reached, or is not asked any more. They are staged again from the raw zone, or fail and say what is missing. Before,
 * people who were erased are taken out of whatever has them again, as a lake restored from a backup has.
 */
export const restagePlan: Step<
  { run: string },
  RestagePlan,
  Uses<
    'campus' | 'catalog' | 'features' | 'report' | 'objects' | 'ledger' | 'secrets' | 'eraser' | 'register'
  >
> = {
  name: 'restage-plan',
  async run(_input, lake) {
    await enforceSuppression(lake);
    const definitions = definitionsOf(lake);
    const states = new Map((await listStates(lake.platform.ledger)).map((state) => [state.dataset, state]));
    const datasets: RestagePlan['datasets'] = [];
    for (const dataset of lake.catalog.datasets) {
      const state = states.get(dataset.id);
      // One with a load that waits has been tried already.
      if (!state || state.pending.length > 0) continue;
      const outdated = await isOutdated(definitions, dataset, state).catch(() => false);
      if (outdated) datasets.push({ dataset: dataset.id });
    }
    return { datasets };
  },
};
