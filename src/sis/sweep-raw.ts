import { listStates } from '../loads/dataset-state.ts';
import { goodOf, stagedLoadOf } from '../loads/state.ts';
import type { Platform } from '../ports/platform.ts';
import { changesPrefix, loadPrefix } from './raw-layout.ts';

/** Enough to go back a week, where a load is a whole copy of the SIS every night. */
const LOADS_KEPT = 7;

/**
 * Removes old loads of a SIS from the raw zone: each was a copy of everything, or changes that are staged, so nothing
 * follows from them alone. Seven stay, the last by name, and whatever is in use: what a publication shows, and what a
 * dataset's state names, be it as passed, as staged, as not yet staged or as what its changes follow. Ids hold the time
 * of a clock that may have been wrong, so only what nothing names is removed by its place.
 * @param shown loads that publications name
 * @returns the loads that were removed
 */
export async function sweepRawLoads(
  lake: { readonly platform: Pick<Platform, 'ledger' | 'objects'> },
  source: string,
  shown: Iterable<string> = [],
): Promise<string[]> {
  const { ledger, objects } = lake.platform;
  const named = new Set<string>(shown);
  for (const state of await listStates(ledger)) {
    const generation = state.committed?.feed?.generation;
    for (const load of [goodOf(state)?.load, stagedLoadOf(state), generation]) if (load) named.add(load);
    for (const { load } of state.pending) named.add(load);
  }
  const root = loadPrefix(source, '');
  const keys = await objects.list(root);
  const loadOf = (key: string) => key.slice(root.length).split('/', 1)[0]!;
  // A load's id begins with the time of its run, and keys come in order.
  const old = [...new Set(keys.map(loadOf))].slice(0, -LOADS_KEPT);
  const gone = new Set(old.filter((load) => !named.has(load)));
  for (const load of gone) await objects.delete(await objects.list(`${changesPrefix(source)}/${load}/`));
  await objects.delete(keys.filter((key) => gone.has(loadOf(key))));
  return [...gone];
}
