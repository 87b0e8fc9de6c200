import type { Campus, Catalog, CatalogDataset } from '../campus/campus.ts';
import { listStates } from '../loads/dataset-state.ts';
import type { LoadManifest } from '../loads/load.ts';
import { baseOf, type DatasetState, goodOf, stagedLoadOf, underWay } from '../loads/state.ts';
import type { Clock, Platform } from '../ports/platform.ts';
import { readManifest } from './manifest.ts';
import { manifestKey, rawFolder } from './raw-layout.ts';

const DAY_MS = 86_400_000;

interface Needs {
  readonly campus: Pick<Campus, 'raw'>;
  readonly catalog: Pick<Catalog, 'datasets'>;
  readonly platform: Pick<Platform, 'ledger' | 'objects'> & { readonly clock: Pick<Clock, 'now'> };
}

/**
 * Removes loads of an LMS from the raw zone that are older than `raw.retentionDays` and that nothing needs.
 *
 * A load from before the last snapshot is needed by nobody. The loads since are what a table is made from again when
 * the catalog changes, so they stay however old they are, unless campus.yaml says that a new snapshot serves as well
 * (`raw.rebuildFrom: source`), or the table has columns of the class `log`: addresses and devices of people are not
 * kept for ever in order to save a snapshot. What a state names always stays.
 * @returns the loads that were removed, as `dataset/load`
 */
export async function sweepLmsLoads(lake: Needs, source: string): Promise<string[]> {
  const { clock, ledger, objects } = lake.platform;
  const { retentionDays: days, rebuildFrom } = lake.campus.raw;
  const before = clock.now() - days * DAY_MS;
  const states = new Map((await listStates(ledger)).map((state) => [state.dataset, state]));
  const removed: string[] = [];
  for (const dataset of lake.catalog.datasets) {
    const state = states.get(dataset.id);
    if (dataset.source !== source || !state) continue;
    const all = rebuildFrom === 'source' || hasLogs(dataset);
    const folder = rawFolder(dataset);
    const keys = await objects.list(folder);
    const loadOf = (key: string) => key.slice(folder.length).split('/', 1)[0]!;
    const named = namedLoads(state);
    for (const load of new Set(keys.map(loadOf))) {
      if (named.has(load) || !(all || mayBeSuperseded(load, state))) continue;
      const manifest = await readManifest(objects, manifestKey(dataset, load));
      const isOld = manifest && Date.parse(manifest.startedAt) < before;
      if (!isOld || !(all || isSuperseded(manifest, state))) continue;
      await objects.delete(keys.filter((key) => loadOf(key) === load));
      removed.push(`${dataset.id}/${load}`);
    }
  }
  return removed;
}

const hasLogs = ({ columns }: CatalogDataset): boolean => columns.some(({ privacy }) => privacy === 'log');

function namedLoads(state: DatasetState): ReadonlySet<string> {
  const loads = [
    ...state.pending.map(({ load }) => load),
    stagedLoadOf(state),
    goodOf(state)?.load,
    underWay(state)?.load,
  ];
  return new Set(loads.filter((load) => load !== undefined));
}

/** By names alone, so that the manifests of the loads since are not read every night; the manifest decides. */
function mayBeSuperseded(load: string, state: DatasetState): boolean {
  const base = baseOf(state);
  return base !== undefined && load < base.load;
}

function isSuperseded({ watermark }: LoadManifest, state: DatasetState): boolean {
  const base = baseOf(state);
  return base !== undefined && Date.parse(watermark) <= Date.parse(base.watermark);
}
