import type { Catalog } from '../campus/campus.ts';
import { listStates } from '../loads/dataset-state.ts';
import { isLiveLoad } from '../loads/live-load.ts';
import { type DatasetState, goodOf, stagedLoadOf } from '../loads/state.ts';
import type { Platform } from '../ports/platform.ts';
import { changesPrefix, loadPrefix } from './raw-layout.ts';

interface Needs {
  readonly catalog: Pick<Catalog, 'datasets'>;
  readonly platform: Pick<Platform, 'ledger' | 'objects'>;
}

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
  lake: Needs,
  source: string,
  shown: Iterable<string> = [],
): Promise<string[]> {
  const { ledger, objects } = lake.platform;
  const named = new Set<string>(shown);
  const states = await listStates(ledger);
  for (const state of states) {
    const generation = state.committed?.feed?.generation;
    for (const load of [goodOf(state)?.load, stagedLoadOf(state), generation]) if (load) named.add(load);
    for (const { load } of state.pending) named.add(load);
  }
  const root = loadPrefix(source, '');
  const keys = await objects.list(root);
  const loadOf = (key: string) => key.slice(root.length).split('/', 1)[0]!;
  // A load's id begins with the time of its run, and keys come in order.
  const loads = [...new Set(keys.map(loadOf))];
  // A load between two runs is a list of changes that are staged: it does not count among the seven.
  const old = [
    ...loads.filter((load) => !isLiveLoad(load)).slice(0, -LOADS_KEPT),
    ...loads.filter(isLiveLoad),
  ];
  const gone = new Set(old.filter((load) => !named.has(load)));
  for (const load of gone) await objects.delete(await objects.list(`${changesPrefix(source)}/${load}/`));
  await objects.delete(keys.filter((key) => gone.has(loadOf(key))));
  await sweepTakenChanges(lake, source, states);
  return [...gone];
}

/** Changes that were taken so long before the newest ones that were are in every version that could be gone back to. */
const TAKEN_KEPT_DAYS = 8;

/** Removes change files that were staged long ago: where changes are followed by the minute there are thousands a day. */
async function sweepTakenChanges(
  { catalog, platform: { objects } }: Needs,
  source: string,
  states: readonly DatasetState[],
): Promise<void> {
  const root = `${changesPrefix(source)}/`;
  const feeds = new Map(states.map(({ dataset, committed }) => [dataset, committed?.feed]));
  /** By the folder of a table: of files before this name, nobody needs any. */
  const limits = new Map<string, string>();
  for (const dataset of catalog.datasets) {
    const feed = dataset.source === source ? feeds.get(dataset.id) : undefined;
    const limit = daysBefore(feed?.taken.at(-1) ?? '', TAKEN_KEPT_DAYS);
    if (feed && limit) limits.set(`${root}${feed.generation}/${dataset.namespace}/${dataset.table}`, limit);
  }
  const isOld = (key: string) => {
    const at = key.lastIndexOf('/');
    const limit = limits.get(key.slice(0, at));
    return limit !== undefined && CHANGE_FILE.test(key.slice(at + 1)) && key.slice(at + 1) < limit;
  };
  await objects.delete((await objects.list(root)).filter(isOld));
}

/** As DMS names files of changes: `20211123-013830913.parquet`. */
const CHANGE_FILE = /^\d{8}-\d{9}\./;

function daysBefore(name: string, days: number): string | undefined {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)-/.exec(name) ?? [];
  if (day === undefined) return undefined;
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day) - days));
  return at.toISOString().slice(0, 10).replaceAll('-', '');
}
