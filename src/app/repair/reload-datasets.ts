import type { Uses } from '../../ports/step.ts';
import { type Reload, type ReloadFrom, requestReload } from '../../staging/reload.ts';
import { refuseHeld } from './work-held.ts';

/**
 * Asks the next run to make the tables of these datasets again, unless such work has to wait.
 * @throws WorkHeldError where it has to; as `requestReload` does
 */
export async function reloadDatasets(
  lake: Uses<'campus' | 'catalog' | 'objects' | 'ledger' | 'secrets' | 'held'>,
  datasets: readonly string[],
  options: { readonly from?: ReloadFrom } = {},
): Promise<Reload[]> {
  // A name that is none is said first.
  const about = [...new Set(datasets)].map((id) => lake.catalog.get(id).id);
  await refuseHeld(lake, { work: 'reload', about });
  return requestReload(lake, about, options);
}
