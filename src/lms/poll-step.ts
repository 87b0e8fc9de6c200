import type { CatalogDataset } from '../campus/campus.ts';
import { changeState, readState } from '../loads/dataset-state.ts';
import {
  abandoned,
  foundEmpty,
  isCommitted,
  retrying,
  snapshotWanted,
  underWayIn,
} from '../loads/loading.ts';
import type { DatasetState, LoadUnderWay } from '../loads/state.ts';
import type { LmsFailedJob, LmsJob } from '../ports/lms-source.ts';
import type { NotYet, Step, Uses } from '../ports/step.ts';
import { otherAnswer } from './answers.ts';
import { askForLoad } from './ask.ts';
import { deferIfThrottled } from './defer-if-throttled.ts';
import {
  aboutDataset,
  JobExpiredError,
  JobFailedError,
  JobOverdueError,
  NO_DATA_YET,
  OtherAnswerError,
} from './errors.ts';
import { again, done, type LmsDone, type LmsItem } from './items.ts';

type Needs = Uses<'campus' | 'catalog' | 'report' | 'lms' | 'clock' | 'objects' | 'ledger' | 'secrets'>;

/** A job that runs longer is given up: the nightly run must end before the morning. */
const LONGEST_JOB_MS = 3 * 3_600_000;

/** A load is asked for so often; the source's failures are transient more often than not. */
const ATTEMPTS = 6;
/** A job that answers another question is mostly the source's only answer, so it is asked again less often. */
const OTHER_ANSWERS = 3;

/** A job that has run for so long is reported. */
const WORTH_A_WORD_MS = [5, 20, 60, 120].map((minutes) => minutes * 60_000);

/** A load whose job is waited for. */
type Requested = Extract<LoadUnderWay, { phase: 'requested' }>;

/** Waits for the job that the ledger names; asks again for one that failed or was forgotten. */
export const lmsPoll: Step<LmsItem, LmsDone | NotYet, Needs> = {
  name: 'lms-poll',
  async run(item, lake) {
    const dataset = lake.catalog.get(item.dataset);
    const { state } = await readState(lake.platform.ledger, item.dataset);
    if (isCommitted(state, item.run)) return done(item);
    const flight = underWayIn(state, item.run);
    if (!flight) return again(item);
    return deferIfThrottled(() =>
      aboutDataset(item.dataset, () => followUp(lake, dataset, state, flight, item)),
    );
  },
};

async function followUp(
  lake: Needs,
  dataset: CatalogDataset,
  state: DatasetState,
  flight: LoadUnderWay,
  item: LmsItem,
): Promise<LmsDone | NotYet> {
  const now = lake.platform.clock.now();
  if (flight.phase === 'empty') return done(item);
  if (flight.phase === 'retrying') {
    const waitMs = Date.parse(flight.askAgainAt) - now;
    if (waitMs > 0) return notYet(waitMs / 1000);
    await askForLoad(lake, dataset, state, item.run, flight.attempts);
    return notYet(1);
  }
  const job = await pollOrForgotten(lake, dataset, flight);
  if (job === undefined) return askAgain(lake, dataset, flight, 'its job has expired at the source', 0);
  if (job.status === 'complete') {
    const other = otherAnswer(flight.question, job);
    return other === undefined ? done(item) : refuse(lake, dataset, flight, other);
  }
  if (job.status !== 'failed') {
    const ageMs = now - Date.parse(flight.startedAt);
    if (ageMs > LONGEST_JOB_MS)
      await giveUp(
        lake,
        dataset,
        flight,
        'is still running at the source after 3 hours',
        undefined,
        JobOverdueError,
      );
    return waitOn(lake, dataset, flight, job, ageMs);
  }
  if (job.error.type === NO_DATA_YET) {
    await changeState(lake.platform.ledger, dataset.id, foundEmpty);
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
  lake: Needs,
  dataset: CatalogDataset,
  flight: Requested,
): Promise<LmsJob | undefined> {
  try {
    return await lake.lms(dataset.source).poll(flight.job);
  } catch (error) {
    if (error instanceof JobExpiredError) return undefined;
    throw error;
  }
}

/** A job that answers another question: asked again, and refused for good when the same answer comes once more. */
async function refuse(
  lake: Needs,
  dataset: CatalogDataset,
  flight: Requested,
  other: string,
): Promise<NotYet> {
  const isLast = (flight.attempts ?? 0) + 1 >= OTHER_ANSWERS;
  if (!isLast) return askAgain(lake, dataset, flight, other, backOff(0), undefined, OTHER_ANSWERS);
  await forgetJob(lake, dataset);
  throw new OtherAnswerError(`Loading ${dataset.id} failed: ${other} (job ${flight.job})`, {
    about: dataset.id,
    hint: `Continue the run later; if it stays, ask for a new snapshot with \`lake reload ${dataset.id}\`, and give the job to the support of the source`,
  });
}

/** Not yet; a person who watches sees for which table the run waits, and for how long it has. */
function waitOn(lake: Needs, dataset: CatalogDataset, flight: Requested, job: LmsJob, ageMs: number): NotYet {
  const wait = waitSeconds(ageMs);
  const minutes = Math.floor(ageMs / 60_000);
  const text = `its job ${flight.job} is ${job.status} at the source, ${minutes} min`;
  lake.report.progress(dataset.id, { text });
  // Steps keep nothing in memory: the age of the next look decides whether it is time.
  if (WORTH_A_WORD_MS.some((age) => ageMs <= age && age < ageMs + wait * 1000)) {
    lake.report.note(dataset.id, `${text}; waiting for it`);
  }
  return notYet(wait);
}

/** Plans the next attempt; after the last one, fails. */
async function askAgain(
  lake: Needs,
  dataset: CatalogDataset,
  flight: Requested,
  why: string,
  waitSeconds: number,
  job?: LmsFailedJob,
  most = ATTEMPTS,
): Promise<NotYet> {
  const attempts = (flight.attempts ?? 0) + 1;
  if (attempts >= most) await giveUp(lake, dataset, flight, `failed ${attempts} times: ${why}`, job);
  lake.report.note(dataset.id, `${why}; asking again (${attempts} of ${most - 1})`);
  const askAgainAt = new Date(lake.platform.clock.now() + waitSeconds * 1000).toISOString();
  await changeState(lake.platform.ledger, dataset.id, (state) => retrying(state, attempts, askAgainAt));
  return notYet(waitSeconds);
}

/** Fails, and forgets the job: a run that is continued asks again, with all its attempts. */
async function giveUp(
  lake: Needs,
  dataset: CatalogDataset,
  flight: Requested,
  why: string,
  failed?: LmsFailedJob,
  Failure: typeof JobFailedError | typeof JobOverdueError = JobFailedError,
): Promise<never> {
  await forgetJob(lake, dataset);
  throw new Failure(`Loading ${dataset.id} ${why} (job ${flight.job})`, {
    type: failed?.error.type,
    about: dataset.id,
    hint: `Continue the run later; if it stays, give the job${failed?.error.uuid ? ' and the uuid' : ''} to the support of the source`,
  });
}

async function forgetJob(lake: Needs, dataset: CatalogDataset): Promise<void> {
  await changeState(lake.platform.ledger, dataset.id, abandoned);
}

async function restartWithSnapshot(
  lake: Needs,
  dataset: CatalogDataset,
  job: LmsFailedJob,
  item: LmsItem,
): Promise<LmsDone> {
  lake.report.note(dataset.id, `${describe(job)}: loading a new snapshot`);
  await changeState(lake.platform.ledger, dataset.id, (state) => snapshotWanted(abandoned(state)));
  return again(item);
}

const tellsToSnapshot = (job: LmsFailedJob) => /^(OutOfRange|SnapshotRequired)/.test(job.error.type);

/** Its name and number; what the source wrote besides is free text, and could repeat a value. */
function describe({ error }: LmsFailedJob): string {
  const name = (text = '') => (/^[\w.-]{1,80}$/.test(text) ? text : undefined);
  const type = name(error.type) ?? 'an error';
  const uuid = name(error.uuid);
  return uuid ? `${type} (uuid ${uuid})` : type;
}

/** Seconds until the next look at a job that runs for so long already: soon at first, then rarely. */
function waitSeconds(ageMs: number): number {
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
