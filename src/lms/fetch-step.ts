import type { CatalogDataset } from '../campus/campus.ts';
import { changeState, readState } from '../loads/dataset-state.ts';
import type { LoadColumn, LoadManifest } from '../loads/load.ts';
import { abandoned, isCommitted, snapshotWanted, underWayIn } from '../loads/loading.ts';
import type { DatasetState, LoadUnderWay } from '../loads/state.ts';
import { isOutOfTime } from '../out-of-time.ts';
import type { LmsCompleteJob } from '../ports/lms-source.ts';
import type { NotYet, Step, Uses } from '../ports/step.ts';
import { otherAnswer } from './answers.ts';
import { formatOf } from './ask.ts';
import { compareSchemas } from './compatible.ts';
import { effectOf, emptyLoad } from './decide.ts';
import { aboutDataset, JobExpiredError, StaleSnapshotError } from './errors.ts';
import { fetchFiles } from './fetch-files.ts';
import { listFetched } from './fetched-files.ts';
import { again, done, type LmsDone, type LmsItem } from './items.ts';
import { knownUpTo } from './known-up-to.ts';
import { columnsBefore, loadColumns, readManifest, writeManifest } from './manifest.ts';
import { manifestKey, rawPrefix } from './raw-layout.ts';

type Needs = Uses<'campus' | 'catalog' | 'report' | 'signal' | 'lms' | 'objects' | 'ledger'>;

/**
 * Fetches a complete job's files into the raw zone, then writes the manifest: only with it is the load whole. Not
 * done yet where its time ran out with some files fetched; repeated, it goes on with the others.
 */
export const lmsFetch: Step<LmsItem, LmsDone | NotYet, Needs> = {
  name: 'lms-fetch',
  async run(item, lake) {
    const dataset = lake.catalog.get(item.dataset);
    const { objects, ledger } = lake.platform;
    const { state } = await readState(ledger, item.dataset);
    if (isCommitted(state, item.run)) return done(item);
    const flight = underWayIn(state, item.run);
    if (!flight) return again(item);
    const key = manifestKey(dataset, item.run);
    const written = await readManifest(objects, key);
    if (written && written.job === jobOf(flight)) return done(item);
    return untilOutOfTime(lake, flight, item, async () => {
      const manifest = await aboutDataset(item.dataset, () => load(lake, dataset, state, flight));
      if (!manifest) return again(item);
      await writeManifest(objects, key, manifest);
      return done(item);
    });
  },
};

/**
 * What `work` answers; or, when the process has no time left, that there is more to do. But not without a file more
 * than before: then the next attempt would get no further either, and this one fails.
 */
async function untilOutOfTime(
  lake: Needs,
  flight: LoadUnderWay,
  { dataset }: LmsItem,
  work: () => Promise<LmsDone>,
): Promise<LmsDone | NotYet> {
  const fetched = async () =>
    (await listFetched(lake.platform.ledger, dataset)).filter((file) => file.job === jobOf(flight)).length;
  const before = await fetched();
  try {
    return await work();
  } catch (error) {
    if (!isOutOfTime(lake.signal) || (await fetched()) === before) throw error;
    return { done: false, retryAfterSeconds: 0 };
  }
}

/** The load's manifest; undefined when the job is of no use any more and the load must be asked for again. */
async function load(
  lake: Needs,
  dataset: CatalogDataset,
  state: DatasetState,
  flight: LoadUnderWay,
): Promise<LoadManifest | undefined> {
  const source = lake.lms(dataset.source);
  const format = formatOf(lake, dataset);
  const base = {
    load: flight.load,
    dataset: dataset.id,
    layout: 'dap',
    format,
    job: jobOf(flight),
    startedAt: flight.startedAt,
    ...(flight.question.kind === 'increment' ? { since: flight.question.since } : {}),
  } as const;
  try {
    if (flight.phase === 'empty') return { ...base, ...(await nothing(lake, dataset, state, flight)) };
    const job = await source.poll(flight.job);
    // The poll has compared the job with the question; one that has become another meanwhile is asked for again.
    if (job.status !== 'complete' || otherAnswer(flight.question, job)) return dropJob(lake, dataset);
    const columns = await columnsOf(lake, dataset, state, job);
    if (await outgrown(lake, dataset, state, job, columns)) return dropJob(lake, dataset, snapshotWanted);
    await refuseStale(lake, dataset, state, job);
    return {
      ...base,
      kind: effectOf(dataset, flight.question.kind, state),
      schemaVersion: job.schemaVersion,
      watermark: job.watermark,
      knownUpTo: knownUpTo(dataset.namespace, job),
      columns,
      files: await fetchFiles(lake, dataset, job, flight.load, format),
    };
  } catch (error) {
    if (!(error instanceof JobExpiredError)) throw error;
    lake.report.note(dataset.id, 'its job expired before its files were fetched; asking again');
    return dropJob(lake, dataset);
  }
}

/** What a manifest says of a table that has no data yet. */
async function nothing(lake: Needs, dataset: CatalogDataset, state: DatasetState, flight: LoadUnderWay) {
  const source = lake.lms(dataset.source);
  const { version, columns } = await source.schema(dataset);
  const { objects } = lake.platform;
  await objects.delete(await objects.list(rawPrefix(dataset, flight.load)));
  return {
    ...emptyLoad(flight.question.kind, state, new Date(source.now()).toISOString()),
    schemaVersion: version,
    columns: loadColumns(columns),
    files: [],
  };
}

/**
 * The columns of a job's files. The source tells only its newest schema; a job that it remembered from before a
 * change has those of the load before.
 */
async function columnsOf(
  lake: Needs,
  dataset: CatalogDataset,
  state: DatasetState,
  job: LmsCompleteJob,
): Promise<LoadColumn[]> {
  const { version, columns } = await lake.lms(dataset.source).schema(dataset);
  const older = job.schemaVersion !== version && job.schemaVersion === state.committed?.schemaVersion;
  const before = older ? await columnsBefore(lake.platform.objects, dataset, state) : undefined;
  return before ?? loadColumns(columns);
}

/**
 * The same question returns the same job for a day: a new snapshot can turn out to be an old one. It would take
 * the table back to a time that people have seen the end of.
 * @throws StaleSnapshotError
 */
async function refuseStale(
  lake: Needs,
  dataset: CatalogDataset,
  state: DatasetState,
  job: LmsCompleteJob,
): Promise<void> {
  if (job.kind === 'increment' || !state.committed) return;
  const { watermark } = state.committed;
  if (Date.parse(job.watermark) >= Date.parse(watermark)) return;
  await dropJob(lake, dataset);
  throw new StaleSnapshotError(
    `${dataset.id} needs a new snapshot, but the source gave an old one: of ${job.watermark}, and ${watermark} is loaded`,
    {
      about: dataset.id,
      hint: `The source makes a new one when the old has expired${job.expiresAt ? `, at ${job.expiresAt}` : ''}; continue the run then`,
    },
  );
}

/** Whether an increment came under a schema that does not fit what was loaded before it. */
async function outgrown(
  lake: Needs,
  dataset: CatalogDataset,
  state: DatasetState,
  job: LmsCompleteJob,
  columns: LoadColumn[],
): Promise<boolean> {
  if (job.kind === 'snapshot' || job.schemaVersion === state.committed?.schemaVersion) return false;
  const before = await columnsBefore(lake.platform.objects, dataset, state);
  const change = before && compareSchemas(before, columns);
  if (!change || change.compatible) return false;
  lake.report.note(dataset.id, `its schema changed (${change.changes.join('; ')}): loading a new snapshot`);
  return true;
}

async function dropJob(
  lake: Needs,
  dataset: CatalogDataset,
  and: (state: DatasetState) => DatasetState = (state) => state,
): Promise<undefined> {
  await changeState(lake.platform.ledger, dataset.id, (state) => and(abandoned(state)));
}

/** The job whose files are fetched. A manifest says of a table without data that there was none. */
const jobOf = ({ job = '' }: LoadUnderWay): string => job;
