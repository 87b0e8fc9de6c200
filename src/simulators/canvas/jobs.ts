import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { Json } from '../../json.ts';
import type { Change } from '../college/college.ts';
import { errorBody, notFound, outOfRange, snapshotRequired } from './api-errors.ts';
import { tickOf } from './formats/format.ts';
import { iso, type Job, type JobFile, objectId, type Spoiling, sameRequest, twiceDelivered } from './job.ts';
import type { JobRequest } from './job-request.ts';
import { type ResultFileOptions, resultFiles } from './result-files.ts';
import type { ServedTable } from './served-tables.ts';
import { type Boundaries, instantBefore, lastInstant, type Until } from './time-range.ts';

/** The answer with what a fault makes of it. */
function said(body: { [field: string]: Json }, { says = {} }: Job): Json {
  const fields = Object.entries({ ...body, ...says }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(fields) as Json;
}

function* filtered(changes: Iterable<Change>, isThere: (change: Change) => boolean): Iterable<Change> {
  for (const change of changes) if (isThere(change)) yield change;
}

/** The platform deletes a job and its files this long after its start. */
const JOB_LIFETIME_MS = 24 * 3_600_000;
/** An answer waits this long for files that are being made; then the job is said to be running. */
const LONGEST_ANSWER_MS = 5_000;
/** While one result is being compressed, the rows of another are made. */
const MADE_AT_ONCE = 2;

export interface JobOptions extends ResultFileOptions {
  readonly now: () => number;
  /** The instant whose state a job started now sees. */
  readonly asOf: () => number;
  readonly boundaries: Boundaries;
  readonly until: Until;
  /** The earliest `since` that an increment may name, epoch ms. */
  readonly earliest: number;
  /** How long a job waits and runs, in ms of the simulator's clock, and for how many polls at least. */
  readonly delay: { readonly ms: number; readonly polls: number };
}

/** The jobs that the server remembers, one for each different question within 24 hours. */
export class Jobs {
  readonly #options: JobOptions;
  readonly #jobs = new Map<string, Job>();
  readonly #making = new PQueue({ concurrency: MADE_AT_ONCE });

  constructor(options: JobOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#jobs.size;
  }

  /**
   * The job that answers a question: one that already does, or a new one. So a table that rarely changes is served
   * by one job all day.
   * @throws ApiError 400 when the range cannot be answered
   */
  ask(served: ServedTable, request: JobRequest): { job: Job; isNew: boolean } {
    this.#forget();
    this.#checkRange(served, request);
    const { asOf, delay } = this.#options;
    const now = this.#options.now();
    for (const job of this.#jobs.values()) {
      const isAlike = job.served === served && sameRequest(job.request, request);
      if (isAlike && this.#stillAnswers(job)) {
        return { job, isNew: false };
      }
    }
    const { table, version } = served.schemaAt(now);
    const job: Job = {
      id: randomUUID(),
      served,
      request,
      schema: table,
      schemaVersion: version,
      startedAt: now,
      ...this.#reach(served, request, Math.max(asOf(), request.since ?? 0)),
      expiresAt: now + JOB_LIFETIME_MS,
      pollsLeft: delay.polls,
      doneAt: now + delay.ms,
    };
    this.#jobs.set(job.id, job);
    if (request.since === undefined) served.firstSnapshotAt ??= now;
    return { job, isNew: true };
  }

  /** @throws ApiError 404 for a job that never was or has expired */
  get(id: string): Job {
    this.#forget();
    const job = this.#jobs.get(id);
    if (!job) throw notFound('job', id);
    return job;
  }

  /** The answer about a job, exactly the documented fields; 202 while it is in progress. */
  async answer(job: Job): Promise<{ status: number; body: Json }> {
    const base = { id: job.id, expires_at: iso(job.expiresAt) };
    if (this.#inProgress(job)) {
      const waiting = this.#options.now() === job.startedAt && job.pollsLeft === this.#options.delay.polls;
      return { status: 202, body: { ...base, status: waiting ? 'waiting' : 'running' } };
    }
    if (job.failure !== undefined)
      return { status: 200, body: { ...base, status: 'failed', error: job.failure } };
    const files = await this.#filesInTime(job);
    if (!files) return { status: 202, body: { ...base, status: 'running' } };
    const range: { [field: string]: Json } =
      job.request.since === undefined
        ? { at: iso(job.upTo) }
        : { since: iso(job.request.since), until: iso(job.upTo) };
    const objects = files.map((file) => ({ id: objectId(job, file) }));
    return {
      status: 200,
      body: said({ ...base, status: 'complete', objects, schema_version: job.schemaVersion, ...range }, job),
    };
  }

  /** Gives a job another result. */
  spoil(job: Job, spoiling: Spoiling): void {
    job.spoil = spoiling;
    job.files = undefined;
    job.making = undefined;
  }

  /** The files of a job, made when first asked for; undefined while they are still being made. */
  async #filesInTime(job: Job): Promise<readonly JobFile[] | undefined> {
    job.making ??= this.#making.add(async () => {
      const { spoil } = job;
      const changes = this.#changes(job);
      const files = await resultFiles(job, spoil?.rows?.(changes) ?? changes, this.#options);
      if (job.spoil === spoil) job.files = files;
    });
    const enough = new AbortController();
    const longest = sleep(LONGEST_ANSWER_MS, undefined, { signal: enough.signal }).catch(() => undefined);
    await Promise.race([job.making, longest]).finally(() => enough.abort());
    return job.files;
  }

  /** @throws ApiError 404 for an object of an expired job, or one that never was */
  object(id: string): { job: Job; file: JobFile } {
    this.#forget();
    const [jobId, name] = id.split('/');
    const job = this.#jobs.get(jobId ?? '');
    const file = job?.files?.find((f) => f.name === name);
    if (!job || !file) throw notFound('object', id);
    return { job, file };
  }

  /** Makes a job end with an error of the platform's kind. */
  fail(job: Job, message: string): void {
    job.failure = errorBody('ProcessingError', message).error as Json;
  }

  forget(job: Job): void {
    this.#jobs.delete(job.id);
  }

  forgetAll(): void {
    this.#jobs.clear();
  }

  /** Whether a job is still the right answer: not failed, and nothing has happened to its table since. */
  #stillAnswers(job: Job): boolean {
    const { now, asOf } = this.#options;
    const { reloads, history } = job.served;
    // What a fault made of it is no answer to anybody else.
    if (job.says || job.failure !== undefined || reloads.some((at) => at <= now() && at > job.startedAt))
      return false;
    if (this.#inProgress(job) || job.request.until !== undefined) return true;
    return !history.hasChanges(job.last, this.#last(asOf()));
  }

  #inProgress(job: Job): boolean {
    return this.#options.now() < job.doneAt || job.pollsLeft > 0;
  }

  #changes(job: Job): Iterable<Change> {
    const { boundaries } = this.#options;
    const { since } = job.request;
    const { history, retentionMs } = job.served;
    const { last } = job;
    const isThere = job.served.isThereAt(job.startedAt);
    if (since === undefined && retentionMs === undefined) return filtered(history.stateAt(last), isThere);
    // What is kept for some days only is asked for from there: the years before need not be made.
    const kept = retentionMs === undefined ? Number.NEGATIVE_INFINITY : job.startedAt - retentionMs;
    const after = Math.max(kept, since === undefined ? kept : instantBefore(boundaries, since));
    const changes = filtered(history.changedIn(after, last, this.#last(job.startedAt)), isThere);
    return retentionMs === undefined ? changes : twiceDelivered(changes);
  }

  /** The last instant of whose commits a job has that is asked for at an instant. */
  #last(at: number): number {
    return this.#options.until === 'clock' ? lastInstant(this.#options.boundaries, at) : at;
  }

  /** How far a job goes, and what it says of that. */
  #reach(served: ServedTable, request: JobRequest, asOf: number): Pick<Job, 'upTo' | 'last'> {
    if (request.until !== undefined && request.until < asOf) {
      return { upTo: request.until, last: lastInstant(this.#options.boundaries, request.until) };
    }
    const last = this.#last(asOf);
    if (this.#options.until === 'clock') return { upTo: asOf, last };
    const latest = served.history.latest(request.since, last);
    return {
      upTo: latest === undefined ? (request.since ?? asOf) : tickOf(latest, this.#options.tickMs),
      last,
    };
  }

  #checkRange(served: ServedTable, request: JobRequest): void {
    const { since, until } = request;
    if (since === undefined) return;
    const now = this.#options.now();
    const reload = served.reloads.filter((at) => at <= now && since < at).at(-1);
    if (reload !== undefined) throw snapshotRequired(iso(reload));
    const kept = served.retentionMs === undefined ? Number.NEGATIVE_INFINITY : now - served.retentionMs;
    const earliest = Math.max(this.#options.earliest, kept);
    if (since < earliest || since > now || (until !== undefined && (until < since || until > now))) {
      throw outOfRange(iso(earliest), iso(now));
    }
  }

  #forget(): void {
    const now = this.#options.now();
    for (const job of this.#jobs.values()) {
      if (job.expiresAt <= now) this.#jobs.delete(job.id);
    }
  }
}
