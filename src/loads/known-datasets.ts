import type { Campus, Catalog, CatalogDataset } from '../campus/campus.ts';
import { isLms } from '../campus/source-role.ts';
import type { LedgerStore } from '../ports/ledger.ts';
import { listStates } from './dataset-state.ts';
import { followedUpTo, isUpToDate, listFollowed } from './followed.ts';
import { promisedMs } from './freshness.ts';
import { isLiveLoad } from './live-load.ts';
import type { DataTime } from './load.ts';
import { type DatasetState, goodOf } from './state.ts';

/** What is known of a dataset in the version that models read and queries see. Instants are ISO 8601 UTC. */
export interface KnownDataset {
  readonly dataset: string;
  readonly owner?: string;
  /** How far the rows of that version go, by the source's own clock. Absent: it was never loaded. */
  readonly asOf?: string;
  /** The same instant by the clock of the LMS, by which models tell time; see `clockGap`. */
  readonly modelAsOf?: string;
  /** When the newest load in it was asked for, by the lake's clock. */
  readonly loadedAt?: string;
  /** That load, which is named after its run. */
  readonly load?: string;
  /** Why the version is not of this run, in words. Absent where it is. */
  readonly whyOld?: string;
  /** Whether it is older than the catalog promises: models with `stale: keep` are not built over it. */
  readonly isStale: boolean;
}

interface Dependencies {
  readonly campus: Pick<Campus, 'sources'>;
  readonly catalog: Pick<Catalog, 'datasets'>;
  readonly ledger: LedgerStore;
  /** Epoch ms. */
  readonly now: number;
  /** The run under way, whose loads are as new as they can be. */
  readonly run: string;
}

/**
 * Every dataset of the catalog, by its id, with how far the version goes that has passed its checks: what is loaded
 * and has not passed is not known yet.
 *
 * A dataset is stale when it is older than its promise by either clock: its watermark is further than that behind the
 * newest of its source, or its load is not of this run and was asked for longer ago. A dataset that is to be loaded
 * and never was is stale too; one that is switched off and never was is empty by decision.
 */
export async function knownDatasets(deps: Dependencies): Promise<ReadonlyMap<string, KnownDataset>> {
  const states = new Map((await listStates(deps.ledger)).map((state) => [state.dataset, state]));
  const followed = await listFollowed(deps.ledger);
  const sources = new Map(deps.catalog.datasets.map(({ id, source }) => [id, source]));
  const timeOf = (id: string): DataTime | undefined => {
    const state = states.get(id);
    const further = followedUpTo(state, followed.get(sources.get(id)!));
    return further ? { asOf: further.asOf, loadedAt: further.at } : state && goodOf(state)?.time;
  };
  const newest = new Map<string, number>();
  for (const { id, source } of deps.catalog.datasets) {
    const mark = Date.parse(timeOf(id)?.asOf ?? '');
    if (mark > (newest.get(source) ?? Number.NEGATIVE_INFINITY)) newest.set(source, mark);
  }
  const lms = (dataset: CatalogDataset) => isLms(deps.campus.sources[dataset.source]);
  const timesOfLms = deps.catalog.datasets.filter(lms).flatMap(({ id }) => timeOf(id) ?? []);
  const toLms = clockOfLms(timesOfLms);
  return new Map(
    deps.catalog.datasets.map((dataset): [string, KnownDataset] => {
      const time = timeOf(dataset.id);
      const state = states.get(dataset.id);
      const load = state && goodOf(state)?.load;
      const about = { dataset: dataset.id, ...(dataset.owner ? { owner: dataset.owner } : {}) };
      const isFollowed = isLiveLoad(deps.run) && isUpToDate(state, followed.get(dataset.source));
      const whyOld = isFollowed ? undefined : whyNotOf(deps.run, dataset, state);
      if (!time)
        return [dataset.id, { ...about, ...(whyOld ? { whyOld } : {}), isStale: dataset.load !== 'off' }];
      const promised = promisedMs(dataset);
      const behind = newest.get(dataset.source)! - Date.parse(time.asOf);
      const age = load === deps.run ? 0 : deps.now - Date.parse(time.loadedAt);
      return [
        dataset.id,
        {
          ...about,
          ...time,
          modelAsOf: lms(dataset) ? time.asOf : toLms(time.asOf),
          ...(load === undefined ? {} : { load }),
          ...(whyOld === undefined ? {} : { whyOld }),
          isStale: behind > promised || age > promised,
        },
      ];
    }),
  );
}

/**
 * Tells an instant of a copy of a SIS by the clock of the LMS. A copy goes no further than the newest answer of the
 * LMS for that: where it is the lake's clock alone that is slow, the SIS's own is right already.
 */
function clockOfLms(times: readonly DataTime[]): (asOf: string) => string {
  const gap = clockGap(times);
  const newest = Math.max(...times.map(({ asOf }) => Date.parse(asOf)));
  return (asOf) => {
    const stated = Date.parse(asOf);
    return new Date(Math.max(stated, Math.min(stated + gap, newest))).toISOString();
  };
}

/**
 * By how much the clock of the LMS is ahead of the lake's, in ms; 0 where it is not. An LMS answers up to some moment
 * of the past, so a watermark later than the request for it shows that the two clocks differ. The instant of a copy
 * of a SIS comes from the clock of the lake: without this, a lake whose clock is slow would take today for yesterday.
 */
function clockGap(times: readonly DataTime[]): number {
  const [last] = times.toSorted((a, b) => Date.parse(b.loadedAt) - Date.parse(a.loadedAt));
  return last ? Math.max(0, Date.parse(last.asOf) - Date.parse(last.loadedAt)) : 0;
}

function whyNotOf(run: string, dataset: CatalogDataset, state: DatasetState | undefined): string | undefined {
  const table = state?.table ?? { phase: 'none' };
  if (table.phase === 'passed' && table.staged.load === run) return undefined;
  if (dataset.load === 'off') return 'the catalog says load: off';
  if (table.phase !== 'none' && table.phase !== 'passed') return 'its newer rows did not pass their checks';
  if ((state?.pending.length ?? 0) > 0) return 'its newest load could not be staged';
  return table.phase === 'passed' ? 'its load failed' : 'it was never loaded';
}
