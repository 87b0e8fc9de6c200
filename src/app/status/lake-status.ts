import type { CatalogDataset } from '../../campus/campus.ts';
import { failureOf } from '../../failure.ts';
import { type FailureGroup, groupFailures } from '../../failure-groups.ts';
import type { Json } from '../../json.ts';
import { listStates } from '../../loads/dataset-state.ts';
import { listFollowed } from '../../loads/followed.ts';
import { promisedMs } from '../../loads/freshness.ts';
import { type DatasetState, goodOf } from '../../loads/state.ts';
import { DamagedPublicationError, MissingPublicationError } from '../../pipeline/errors.ts';
import { ownersOf } from '../../pipeline/owners.ts';
import {
  currentPublicationId,
  POINTER,
  type Publication,
  readPublication,
} from '../../pipeline/publication.ts';
import { type RunRecord, readRunRecord } from '../../pipeline/run-record.ts';
import { failuresOf, type StepFailure } from '../../pipeline/step-log.ts';
import { LedgerDamagedError, LedgerUnusableError } from '../../ports/errors.ts';
import type { LedgerFault, LedgerStore } from '../../ports/ledger.ts';
import type { Uses } from '../../ports/step.ts';
import { describable } from '../describable.ts';

type Needs = Uses<'features' | 'objects' | 'ledger'>;

/** What `lake status` tells. Instants are ISO 8601 UTC. */
export interface LakeStatus {
  readonly run?: RunRecord;
  readonly publication?: string;
  /** How far `lake follow` has read each source, and when. */
  readonly followed: readonly FollowedStatus[];
  /** Why that publication cannot be read. Absent where it can. */
  readonly problem?: { readonly message: string; readonly hint?: string };
  /** What failed, by cause. */
  readonly failures: FailureGroup<StepFailure>[];
  /** What features have remarked in the newest run. */
  readonly remarks: readonly FeatureRemark[];
  /** What keeps the ledger from being used, now or by the newest run that tried. */
  readonly ledgerFault?: Omit<LedgerFault, 'at'> & Partial<Pick<LedgerFault, 'at'>>;
  /** Records of the ledger that cannot be read: `dataset/…`, `model/…`, `publication/current`. */
  readonly damaged: string[];
  readonly datasets: DatasetStatus[];
}

export interface FollowedStatus {
  readonly source: string;
  /** Every commit before it is in the tables that are followed. */
  readonly asOf: string;
  /** Seconds since that was looked at. */
  readonly secondsAgo: number;
}

export interface FeatureRemark {
  /** The feature's name. */
  readonly feature: string;
  readonly text: string;
}

export interface DatasetStatus {
  readonly dataset: string;
  /** How far the rows that queries see are known. Absent: none are published. */
  readonly watermark?: string;
  readonly rows?: number;
  /** How far it has been loaded, where that is newer: not yet published, or kept back by a check. */
  readonly loadedUpTo?: string;
  /** Hours since the load of those rows was asked for. */
  readonly ageHours?: number;
  /** Whether it is older than the catalog promises, or was never loaded. */
  readonly late: boolean;
  /** Rows of it that are kept aside because they break a check. Absent: none. */
  readonly aside?: number;
  /** Why the published rows are older than the publication. Absent where they are not. */
  readonly whyOld?: string;
}

/** How the newest run went, and the state of every dataset of which the session may know. */
export async function lakeStatus(
  lake: Uses<'catalog' | 'session' | 'features' | 'clock' | 'objects' | 'ledger'>,
): Promise<LakeStatus> {
  const { ledger } = lake.platform;
  const run = (await readRunRecord(ledger))?.value;
  const damaged = await ledger.damaged('');
  const { publication, problem } = await readable(lake);
  const states = new Map((await listStates(ledger)).map((state) => [state.dataset, state]));
  const { datasets, published: tables } = await describable(lake, publication?.tables);
  const loaded = datasets.filter((dataset) => dataset.load !== 'off');
  return {
    run,
    publication: damaged.includes(POINTER) ? undefined : await currentPublicationId(ledger),
    followed: await followedBy(lake),
    ledgerFault: await faultOf(ledger),
    damaged,
    ...(problem ? { problem } : {}),
    // Of a run that succeeded no step has failed: there is no need to read them all.
    failures:
      run && run.status !== 'succeeded'
        ? groupFailures(await failuresOf(ledger, run.run), await ownersOf(lake))
        : [],
    remarks: run ? await remarksOf(lake, run.run) : [],
    datasets: loaded.map((dataset) =>
      statusOf(
        dataset,
        lake.platform.clock.now(),
        publication && { ...publication, tables },
        states.get(dataset.id),
      ),
    ),
  };
}

async function followedBy({ platform }: Uses<'clock' | 'ledger'>): Promise<FollowedStatus[]> {
  const now = platform.clock.now();
  return [...(await listFollowed(platform.ledger)).values()].map(({ source, asOf, at }) => ({
    source,
    asOf,
    secondsAgo: Math.max(0, Math.round((now - Date.parse(at)) / 1000)),
  }));
}

async function remarksOf({ features = [], platform }: Needs, run: string): Promise<FeatureRemark[]> {
  const names = new Set<Json | undefined>(features.map(({ name }) => name));
  const rows = await platform.ledger.rows('remarks', run);
  return rows
    .filter(({ about }) => names.has(about))
    .map(({ about, text }) => ({ feature: String(about), text: String(text) }));
}

async function faultOf({ health }: LedgerStore): Promise<LakeStatus['ledgerFault']> {
  const now = await health?.probe().then(
    () => undefined,
    (error: unknown) => {
      if (!(error instanceof LedgerUnusableError)) throw error;
      return error;
    },
  );
  if (!now) return health?.noted();
  const { message, hint } = failureOf(now);
  return { message, hint };
}

/** An unreadable publication is one more line, not the end of the status. */
async function readable({
  platform,
}: Needs): Promise<{ publication?: Publication; problem?: { message: string; hint?: string } }> {
  try {
    return { publication: await readPublication(platform) };
  } catch (error) {
    if (
      !(
        error instanceof MissingPublicationError ||
        error instanceof DamagedPublicationError ||
        error instanceof LedgerDamagedError
      )
    )
      throw error;
    const { message, hint } = error;
    return { problem: { message, ...(hint ? { hint } : {}) } };
  }
}

function asideIn(state: DatasetState | undefined): Pick<DatasetStatus, 'aside'> {
  const rows = state && goodOf(state)?.quarantine?.aside.rows;
  return rows ? { aside: rows } : {};
}

function statusOf(
  dataset: CatalogDataset,
  now: number,
  publication: Publication | undefined,
  state: DatasetState | undefined,
): DatasetStatus {
  const { id } = dataset;
  const version = publication?.tables[id];
  const loadedUpTo = state?.committed?.watermark;
  // Documents of older versions of the lake hold no times: then those of the newest load are the best there is.
  const facts = publication?.facts[id] ?? { asOf: loadedUpTo, loadedAt: state?.committed?.loadedAt };
  if (!version) return { dataset: id, ...(loadedUpTo ? { loadedUpTo } : {}), late: true };
  const age = facts.loadedAt === undefined ? undefined : now - Date.parse(facts.loadedAt);
  return {
    dataset: id,
    rows: version.rows,
    ...(facts.asOf === undefined ? {} : { watermark: facts.asOf }),
    // Of a table to which nothing happens, more is known than the instant of its last change.
    ...(loadedUpTo !== undefined && !(Date.parse(loadedUpTo) <= Date.parse(facts.asOf ?? ''))
      ? { loadedUpTo }
      : {}),
    ...(age === undefined ? {} : { ageHours: Math.round(age / 36e5) }),
    ...asideIn(state),
    late: facts.isStale === true || age === undefined || age > promisedMs(dataset),
    ...(facts.whyOld === undefined ? {} : { whyOld: facts.whyOld }),
  };
}
