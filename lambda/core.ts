import type { Json } from '../src/json.ts';
import { isOutOfTime } from '../src/out-of-time.ts';
import { asksAgain, attemptStep, RecordedError } from '../src/pipeline/attempt-step.ts';
import type {
  Call,
  FailedCall,
  Frame,
  ListCall,
  OpenCall,
  StepRequest,
  WatchCall,
} from '../src/pipeline/calls.ts';
import { RepeatedTooOftenError } from '../src/pipeline/errors.ts';
import { executionCause } from '../src/pipeline/execution-cause.ts';
import { beginRun, endRun, remembering } from '../src/pipeline/run-life.ts';
import { readRunRecord } from '../src/pipeline/run-record.ts';
import { StepLog } from '../src/pipeline/step-log.ts';
import { StepMeters } from '../src/pipeline/step-meters.ts';
import { lookUp } from '../src/pipeline/template.ts';
import type { Lake, Step } from '../src/ports/step.ts';
import { StepFailedError, StepLostError, TryAgainError } from './errors.ts';
import { followRound } from './follow-round.ts';
import { forgetLarge, inFull, keepSmall, writeList } from './large-values.ts';
import { isTransient } from './transient.ts';

/** What changes in the frame. */
type Change = { [key: string]: Json };

/** What a function knows besides the call. */
export interface InvocationContext {
  readonly lake: Lake;
  /** The steps that this function hosts. */
  readonly steps: ReadonlyMap<string, Step>;
  /** Name of this invocation, unlike every other's. */
  readonly invocation: string;
  /** The memory that the function is given, in MB, by which Lambda charges. Default: its calls are not measured. */
  readonly memoryMegabytes?: number;
  /** Whether another execution still goes on. */
  isAlive(execution: string): Promise<boolean>;
  /** What earlier attempts of a run have done, by place; read once where a process answers many calls. */
  done(run: string, attempt: number): Promise<ReadonlyMap<string, Json>>;
}

/**
 * Answers one call of the state machine.
 * @throws StepFailedError for a failure that the ledger now holds
 * @throws TryAgainError where the platform failed in passing
 * @throws OutOfTimeError (the signal's reason) when the function's time ran out
 */
export async function answer(call: Call, context: InvocationContext): Promise<Change> {
  try {
    switch (call.call) {
      case 'open':
        return await open(call, context);
      case 'step':
        return await step(call, context);
      case 'list':
        return await list(call, context);
      case 'failed':
        return await failed(call, context);
      case 'end':
        return await end(call.frame, context);
      case 'watch':
        return await watch(call, context);
      case 'follow':
        return await followRound(context);
    }
  } catch (error) {
    if (isOutOfTime(context.lake.signal)) {
      const later = call.call === 'step' && call.wait ? laterOf(call, context) : undefined;
      if (later) return later;
      throw context.lake.signal.reason;
    }
    if (error instanceof RecordedError) throw new StepFailedError(error.cause);
    if (isTransient(error)) throw new TryAgainError(error);
    throw error;
  }
}

/** What a feature found between runs, and its values for CloudWatch. */
async function watch({ feature }: WatchCall, { lake }: InvocationContext): Promise<Change> {
  const found = lake.features?.find(({ name }) => name === feature)?.watch;
  const { found: told, metrics } = found ? await (await found.load())(lake) : { found: null, metrics: [] };
  return { found: told, metrics: metrics.map((one) => ({ ...one, dimensions: { ...one.dimensions } })) };
}

/** What is waited for may outlast many functions, but not a night. */
const LONGEST_STEP_MS = 6 * 3600_000;

/**
 * A step that is waited for goes on in the next function when the time of this one ends. Undefined where it has done so for
 * too long: then nothing goes forward.
 */
function laterOf({ frame }: StepRequest, { lake }: InvocationContext): Change | undefined {
  const now = lake.platform.clock.now();
  const since = frame.wait?.since ?? now;
  return now - since < LONGEST_STEP_MS
    ? { wait: { since, seconds: waitSeconds(1, now - since) } }
    : undefined;
}

async function open({ holder, fresh }: OpenCall, { lake, isAlive }: InvocationContext) {
  const { run, attempt } = await beginRun(lake.platform, { fresh, holder: { name: holder, isAlive } });
  return { run, attempt, path: 'main', label: '' };
}

async function step(call: StepRequest, context: InvocationContext): Promise<Change> {
  const { frame, wait } = call;
  const { objects, clock } = context.lake.platform;
  const log = await logOf(frame, context);
  const since = frame.wait?.since ?? clock.now();
  const meters = await StepMeters.open(context.lake, frame);
  const began = { at: clock.now(), cpu: process.cpuUsage() };
  const answered = await attemptStep(
    {
      step: call.step,
      path: call.path,
      item: frame.label,
      ...(call.input === undefined ? {} : { input: call.input }),
      scope: { run: frame.run, item: frame.item, last: await inFull(objects, frame.last) },
      wait,
      startedAt: since,
    },
    { lake: remembering(context.lake, log), steps: context.steps, log, meters, passing: isTransient },
  ).finally(async () => {
    measureCall(call.step, began, meters, context);
    await Promise.all([log.flush(), meters.flush()]);
  });
  if ('retryAfterSeconds' in answered) {
    const seconds = waitSeconds(answered.retryAfterSeconds, clock.now() - since);
    return { wait: { since, seconds } };
  }
  const { output } = answered;
  const last = await keepSmall(objects, frame.run, call.path, output);
  return { last, again: asksAgain(output), wait: null };
}

/**
 * What Lambda charges for: the memory that the function is given, for as long as it works. And what the REPORT line of
 * its log tells besides, by the system's own account: the memory that it has used.
 */
function measureCall(
  step: string,
  began: { readonly at: number; readonly cpu: NodeJS.CpuUsage },
  meters: StepMeters,
  context: InvocationContext,
): void {
  const { memoryMegabytes, invocation, lake } = context;
  if (memoryMegabytes === undefined) return;
  const startedAt = began.at;
  const endedAt = lake.platform.clock.now();
  const { user, system } = process.cpuUsage(began.cpu);
  const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
  meters.work({
    kind: 'function',
    name: `function ${step}`,
    engine: 'lambda',
    startedAt,
    endedAt,
    // What the process has held in any of its calls so far.
    peakMemoryBytes,
    memoryShare: Math.min(1, peakMemoryBytes / (memoryMegabytes * 1024 ** 2)),
    cpuMs: (user + system) / 1000,
    gigabyteSeconds: (memoryMegabytes / 1024) * ((endedAt - startedAt) / 1000),
    reference: invocation,
  });
}

/** Turns a list into the frames of its items. What is wrong with it is recorded where the runner does it. */
async function list(call: ListCall, context: InvocationContext) {
  const { frame, label, path, inline } = call;
  const { objects, clock } = context.lake.platform;
  const scope = { run: frame.run, item: frame.item, last: await inFull(objects, frame.last) };
  let frames: Frame[];
  try {
    frames = (lookUp(call.items, scope) as Json[]).map((item) => {
      const name = String(lookUp(`$item.${label}`, { ...scope, item }));
      const { run, attempt } = frame;
      return { run, attempt, path: `${path}[${name}]`, label: name, item, last: item };
    });
  } catch (error) {
    const log = await logOf(frame, context);
    const now = clock.now();
    const record = {
      path: call.failurePath ?? call.spared ?? path,
      step: 'plan',
      item: frame.label,
      startedAt: now,
      endedAt: now,
    };
    await log.failed(record, error);
    throw new RecordedError(error);
  }
  const found = inline ? { items: frames } : await writeList(objects, frame.run, path, frames);
  return { list: { count: frames.length, ...found }, last: null, again: false };
}

async function failed({ path, frame }: FailedCall, context: InvocationContext) {
  const log = await logOf(frame, context);
  const now = context.lake.platform.clock.now();
  const { failure } = frame;
  const at = failure && 'path' in failure ? failure : undefined;
  const record = { path: at?.path ?? path, step: at?.step ?? 'plan', item: frame.label };
  await log.failed({ ...record, startedAt: now, endedAt: now }, errorOf(frame));
  return {};
}

async function end(frame: Frame, { lake }: InvocationContext) {
  const { platform } = lake;
  const before = (await readRunRecord(platform.ledger))?.value;
  const startedAt = new Date(platform.clock.now()).toISOString();
  const { run, attempt } = frame;
  const opened = before?.run === run ? before : { run, attempt, status: 'running' as const, startedAt };
  const { record, failures } = await endRun(platform, opened);
  await forgetLarge(platform.objects, run);
  const first = failures.slice(0, 3).map((f) => `${f.about || f.step}: ${f.message} Next: ${f.hint}`);
  const more = failures.length > first.length ? [`… and ${failures.length - first.length} more`] : [];
  return { run, status: record.status, cause: [...first, ...more].join('\n').slice(0, 8000) };
}

async function logOf(
  { run, attempt }: Frame,
  { lake, invocation, done }: InvocationContext,
): Promise<StepLog> {
  const earlier = attempt > 1 ? await done(run, attempt) : new Map();
  return StepLog.open(lake.platform.ledger, {
    run,
    attempt,
    writer: `${invocation}/`,
    sources: Object.keys(lake.campus.sources),
    done: earlier,
  });
}

/** The error behind a failure that Step Functions reports; a function's own comes as JSON. */
function errorOf({ failure, label }: Frame): Error {
  if (failure === undefined) return new StepLostError(label || 'A step', 'no reason was reported');
  if ('repeated' in failure) {
    return new RepeatedTooOftenError(failure.repeated.about, failure.repeated.rounds);
  }
  const { Error: name, Cause: cause = '', step } = failure;
  return new StepLostError(step ?? 'A list of the plan', executionCause(name, cause));
}

/**
 * Seconds until a step is tried again: as it asks, but rarely where it goes on for long. Each look costs three
 * transitions and seven of the 25,000 events that an execution may have.
 */
function waitSeconds(asked: number, ageMs: number): number {
  return asked === 0 ? 1 : Math.ceil(Math.max(asked, 5, Math.min(60, ageMs / 20_000)));
}
