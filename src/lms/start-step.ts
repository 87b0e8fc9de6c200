import type { CatalogDataset } from '../campus/campus.ts';
import { readState } from '../loads/dataset-state.ts';
import { isCommitted, underWayIn } from '../loads/loading.ts';
import { type DatasetState, underWay } from '../loads/state.ts';
import type { NotYet, Step, Uses } from '../ports/step.ts';
import { askForLoad } from './ask.ts';
import { deferIfThrottled } from './defer-if-throttled.ts';
import { aboutDataset } from './errors.ts';
import { forgetFetched } from './fetched-files.ts';
import type { LmsItem } from './items.ts';
import { rawPrefix } from './raw-layout.ts';
import { windowWarning } from './retention.ts';

type Needs = Uses<'campus' | 'catalog' | 'report' | 'lms' | 'clock' | 'objects' | 'ledger' | 'secrets'>;

/**
 * Asks for a dataset's load, once: a continued run finds the job in the ledger and waits for that. Not done yet
 * while the source's limit on new jobs is used up, where the target cannot wait for it inside of a step.
 */
export const lmsStart: Step<LmsItem, LmsItem | NotYet, Needs> = {
  name: 'lms-start',
  async run({ run, dataset: id }, lake) {
    const dataset = lake.catalog.get(id);
    const { state } = await readState(lake.platform.ledger, id);
    if (underWayIn(state, run) || isCommitted(state, run)) return { run, dataset: id };
    return deferIfThrottled(() =>
      aboutDataset(id, async () => {
        await clearAbandoned(lake, dataset, state);
        await askForLoad(lake, dataset, state, run);
        // Only now, because the source's clock is known from its first answer on.
        warn(lake, dataset, state);
        return { run, dataset: id };
      }),
    );
  },
};

/** A run that was given up may have left files of a load that never counted. */
async function clearAbandoned(lake: Needs, dataset: CatalogDataset, state: DatasetState): Promise<void> {
  const load = underWay(state)?.load;
  if (load === undefined) return;
  const { objects, ledger } = lake.platform;
  await objects.delete(await objects.list(rawPrefix(dataset, load)));
  await forgetFetched(ledger, dataset.id);
}

function warn(lake: Needs, dataset: CatalogDataset, state: DatasetState): void {
  if (!state.committed) return;
  const { watermark } = state.committed;
  const warning = windowWarning(dataset.namespace, watermark, lake.lms(dataset.source).now());
  if (warning) lake.report.note(dataset.id, warning);
}
