import type { CatalogDataset } from '../campus/campus.ts';
import { changeState, readState } from '../loads/dataset-state.ts';
import type { DatasetState, InFlight } from '../loads/load.ts';
import type { Lake, NotYet, Step } from '../step.ts';
import { askForLoad } from './ask.ts';
import { isCommitted } from './decide.ts';
import { aboutDataset, JobExpiredError, JobFailedError, NO_DATA_YET } from './errors.ts';
import { again, done, type LmsDone, type LmsItem } from './items.ts';
import type { LmsFailedJob, LmsJob } from './source.ts';
import { orLater } from './turn.ts';

/** A job that runs longer is given up: the nightly run must end before the morning. */
const LONGEST_JOB_MS = 3 * 3_600_000;

/** A load is asked for so often; the source's failures are transient more often than not. */
const ATTEMPTS = 6;

/** Waits for the job that the ledger names; asks again for one that failed or was forgotten. */
export const lmsPoll: Step<LmsItem, LmsDone | NotYet> = {
  name: 'lms-poll',
  async run(item, lake) {
    const dataset = lake.catalog.get(item.dataset);
    const { state } = await readState(lake.platform.ledger, item.dataset);
    const flight = state.inFlight;
    if (isCommitted(state, item.run)) return done(item);
    if (flight?.load !== item.run) return again(item);
    return orLater(() => aboutDataset(item.dataset, () => followUp(lake, dataset, state, flight, item)));
  },
};

async function followUp(
  lake: Lake,
  dataset: CatalogDataset,
  state: DatasetState,
  flight: InFlight,
  item: LmsItem,
): Promise<LmsDone | NotYet> {
  const now = lake.platform.clock.now();
  if (flight.empty) return done(item);
  if (flight.askAgainAt !== undefined) {
    const waitMs = Date.parse(flight.askAgainAt) - now;
    if (waitMs > 0) return notYet(waitMs / 1000);
    await askForLoad(lake, dataset, state, item.run, flight.attempts);
    return notYet(1);
  }
  const job = await pollOrForgotten(lake, dataset, flight);
  if (job === undefined) return askAgain(lake, dataset, flight, 'its job has expired at the source', 0);
  if (job.status === 'complete') return done(item);
  if (job.status !== 'failed') {
    const ageMs = now - Date.parse(flight.startedAt);
    if (ageMs > LONGEST_JOB_MS)
      await giveUp(lake, dataset, 'is still running at the source after 3 hours', job);
    return notYet(patience(ageMs));
  }
  if (job.error.type === NO_DATA_YET) {
    await changeFlight(lake, dataset, { ...flight, empty: true });
    return done(item);
  }
  if (tellsToSnapshot(job)) return restartWithSnapshot(lake, dataset, job, item);
  return askAgain(
    lake,
    dataset,
    flight,
    `the source failed: ${describe(job)}`,
    backOff(flight.attempts ?? 0),
    job,
  );
}

async function pollOrForgotten(
  lake: Lake,
  dataset: CatalogDataset,
  flight: InFlight,
): Promise<LmsJob | undefined> {
  try {
    return await lake.lms(dataset.source).poll(flight.job);
  } catch (error) {
    if (error instanceof JobExpiredError) return undefined;
    throw error;
  }
}

/** Plans the next attempt; after the last one, fails. */
async function askAgain(
  lake: Lake,
  dataset: CatalogDataset,
  flight: InFlight,
  why: string,
  waitSeconds: number,
  job?: LmsFailedJob,
): Promise<NotYet> {
  const attempts = (flight.attempts ?? 0) + 1;
  if (attempts >= ATTEMPTS) await giveUp(lake, dataset, `failed ${attempts} times: ${why}`, job);
  lake.report.note(dataset.id, `${why}; asking again (${attempts} of ${ATTEMPTS - 1})`);
  const askAgainAt = new Date(lake.platform.clock.now() + waitSeconds * 1000).toISOString();
  await changeFlight(lake, dataset, { ...flight, attempts, askAgainAt });
  return notYet(waitSeconds);
}

/** Fails, and forgets the job: a run that is continued asks anew, with all its attempts. */
async function giveUp(lake: Lake, dataset: CatalogDataset, why: string, job?: LmsJob): Promise<never> {
  await changeState(lake.platform.ledger, dataset.id, ({ inFlight: _gone, ...rest }) => rest);
  const error = job?.status === 'failed' ? job.error : undefined;
  throw new JobFailedError(`Loading ${dataset.id} ${why}`, {
    type: error?.type,
    about: dataset.id,
    hint: error?.uuid
      ? 'Continue the run later; if it stays, give the uuid to the support of the source'
      : 'Continue the run later',
  });
}

async function restartWithSnapshot(
  lake: Lake,
  dataset: CatalogDataset,
  job: LmsFailedJob,
  item: LmsItem,
): Promise<LmsDone> {
  lake.report.note(dataset.id, `${describe(job)}: loading a new snapshot`);
  await changeState(lake.platform.ledger, dataset.id, ({ inFlight: _gone, ...rest }) => ({
    ...rest,
    snapshotNext: true,
  }));
  return again(item);
}

async function changeFlight(lake: Lake, dataset: CatalogDataset, inFlight: InFlight): Promise<void> {
  await changeState(lake.platform.ledger, dataset.id, (state) => ({ ...state, inFlight }));
}

const tellsToSnapshot = (job: LmsFailedJob) => /^(OutOfRange|SnapshotRequired)/.test(job.error.type);

function describe({ error }: LmsFailedJob): string {
  const said = [error.type, error.message].filter(Boolean).join(', ');
  return error.uuid ? `${said} (uuid ${error.uuid})` : said;
}

/** Seconds until the next look at a job that runs for so long already: soon at first, then rarely. */
function patience(ageMs: number): number {
  if (ageMs < 20_000) return 1;
  if (ageMs < 120_000) return 5;
  return ageMs < 20 * 60_000 ? 15 : 60;
}

/** Seconds until a failed job is asked for again, after so many attempts: 5 to 10, 10 to 20, … 160 at most. */
function backOff(attempts: number): number {
  return Math.min(80, 5 * 2 ** attempts) * (1 + Math.random());
}

function notYet(seconds: number): NotYet {
  return { done: false, retryAfterSeconds: Math.max(0, Math.ceil(seconds)) };
}
