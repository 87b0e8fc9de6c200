import type { CatalogDataset } from '../campus/campus.ts';
import { isLms } from '../campus/source-role.ts';
import { InputError } from '../errors.ts';
import { hasWindow } from '../lms/retention.ts';
import { changeState, readState } from '../loads/dataset-state.ts';
import { restageWanted, snapshotWantedInstead } from '../loads/loading.ts';
import { type DatasetState, stagedOf } from '../loads/state.ts';
import type { Uses } from '../ports/step.ts';
import { definitionsOf } from './definition.ts';
import { StagingError } from './errors.ts';
import { loadsToReplay } from './replay.ts';

type Needs = Uses<'campus' | 'objects' | 'secrets'>;

/** Where a table is made again from: its source, by a new snapshot, or the loads in the raw zone. */
export type ReloadFrom = 'source' | 'raw';

/** What the next run does for a dataset that was asked to be loaded again. */
export type Reload = {
  readonly dataset: string;
  readonly from: ReloadFrom;
  /** Loads that are staged again; absent with `source`. */
  readonly loads?: number;
  /** What a person should know of it. */
  readonly note?: string;
};

/**
 * Asks the next run to make the tables of these datasets again. Nothing is asked for where one of the names is wrong
 * or one of them cannot be made again. Until that run the tables stay as they are.
 * @throws UnknownDatasetError, InputError for a dataset that no run loads, StagingError where the raw zone does not
 * hold all loads since the last snapshot
 */
export async function requestReload(
  lake: Uses<'campus' | 'catalog' | 'objects' | 'ledger' | 'secrets'>,
  datasets: readonly string[],
  { from = 'source' }: { readonly from?: ReloadFrom } = {},
): Promise<Reload[]> {
  const described = [...new Set(datasets)].map((id) => lake.catalog.get(id));
  const reloads: Reload[] = [];
  for (const dataset of described) {
    const { state } = await readState(lake.platform.ledger, dataset.id);
    reloads.push(from === 'raw' ? await fromRaw(lake, dataset, state) : fromSource(lake, dataset, state));
  }
  for (const { dataset } of reloads) {
    const wanted = from === 'raw' ? restageWanted : snapshotWantedInstead;
    await changeState(lake.platform.ledger, dataset, wanted);
  }
  return reloads;
}

function fromSource(
  lake: Needs,
  { id, source, namespace, load }: CatalogDataset,
  state: DatasetState,
): Reload {
  if (load === 'off') {
    throw new InputError(`No run loads ${id}: its load is off in the catalog.`, {
      about: id,
      hint: 'give it `load: incremental` or `load: snapshot` there; the first load is a snapshot by itself',
    });
  }
  const fromLms = isLms(lake.campus.sources[source]);
  return { dataset: id, from: 'source', ...noteOf() };

  function noteOf(): Pick<Reload, 'note'> {
    if (!state.committed) return { note: 'it was never loaded, so the next load is a snapshot anyway' };
    if (!fromLms && !state.committed.feed) return { note: 'it is copied whole in every run' };
    if (fromLms && hasWindow(namespace)) {
      return { note: 'the source keeps the last days only: what is older stays in the lake as it is' };
    }
    return {};
  }
}

async function fromRaw(lake: Needs, dataset: CatalogDataset, state: DatasetState): Promise<Reload> {
  const { id } = dataset;
  const definition = await definitionsOf(lake)(dataset, { version: stagedOf(state)?.version });
  const loads = await loadsToReplay(lake, dataset, state, definition);
  if (loads) return { dataset: id, from: 'raw', loads: loads.length };
  throw new StagingError(
    `The table of ${id} cannot be made again from the raw zone: it does not hold every load since the last snapshot with all columns of the catalog.`,
    { about: id, hint: `\`lake reload ${id}\` asks the source for a new snapshot instead` },
  );
}
