import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context } from 'aws-lambda';
import type { Json } from '../src/json.ts';
import { OutOfTimeError } from '../src/out-of-time.ts';
import type { Call } from '../src/pipeline/calls.ts';
import { openEvents } from '../src/pipeline/event-bus.ts';
import { outputsOf } from '../src/pipeline/step-log.ts';
import type { EventSink, EventSubscriber } from '../src/ports/events.ts';
import type { Watched } from '../src/ports/feature.ts';
import type { Lake, Step } from '../src/ports/step.ts';
import { answer } from './core.ts';
import { FunctionError, StepFailedError, TryAgainError } from './errors.ts';

/** How long before its end a function stops its work, so that it can hand over what it has done. */
const handOverMs = (remainingMs: number): number => Math.min(30_000, remainingMs / 5);

/** How long a function waits at its end for subscribers that have not received every event: then Lambda freezes it. */
const SUBSCRIBERS_MS = 1_000;

/** A line in the function's log for each remark. */
const logLines = (logger: Logger): EventSubscriber => ({
  name: 'log',
  on: (event) => {
    if (event.type === 'note') logger.info(event.text, { about: event.about });
  },
});

/** What a function works on, opened once for all calls that one process answers. */
export interface Opened {
  readonly lake: Lake;
  isAlive(execution: string): Promise<boolean>;
}

export interface OpenOptions {
  readonly events: EventSink;
  readonly signal: AbortSignal;
}

export type Handler = (
  call: Call,
  context: Pick<Context, HandlerContext>,
) => Promise<{ [key: string]: Json }>;
type HandlerContext = 'awsRequestId' | 'functionName' | 'getRemainingTimeInMillis' | 'memoryLimitInMB';

/** A function of the pipeline: the steps that it hosts, around a lake that is opened when it is first called. */
export function handlerFor(steps: readonly Step[], open: (options: OpenOptions) => Promise<Opened>): Handler {
  const logger = new Logger({ serviceName: 'campus-lake' });
  const metrics = new Metrics({ namespace: 'CampusLake', serviceName: 'campus-lake' });
  const tracer = new Tracer({ serviceName: 'campus-lake' });
  const hosted = new Map(steps.map((step) => [step.name, step]));
  const events = openEvents(logLines(logger));
  let opened: Promise<Opened> | undefined;
  let out = new AbortController();
  let earlier: { of: string; done: Promise<ReadonlyMap<string, Json>> } | undefined;

  return async (call, context) => {
    const what = 'step' in call ? call.step : call.call;
    const place = 'frame' in call ? { run: call.frame.run, about: call.frame.label } : {};
    logger.resetKeys();
    logger.appendKeys({ ...place, step: what, function: context.functionName });
    const parent = tracer.getSegment();
    const segment = parent?.addNewSubsegment(`## ${what}`);
    if (segment) tracer.setSegment(segment);
    const remaining = context.getRemainingTimeInMillis();
    const warning = setTimeout(
      () => out.abort(new OutOfTimeError(`${what} was not done when its function had to end`)),
      remaining - handOverMs(remaining),
    );
    try {
      opened ??= open({ events, signal: out.signal });
      const { lake, isAlive } = await opened;
      const done = (run: string, attempt: number) => {
        const of = `${run}/${attempt}`;
        if (earlier?.of !== of) earlier = { of, done: outputsOf(lake.platform.ledger, run) };
        return earlier.done;
      };
      const invocation = context.awsRequestId || randomUUID();
      const memoryMegabytes = Number(context.memoryLimitInMB);
      const changed = await answer(call, { lake, isAlive, steps: hosted, invocation, memoryMegabytes, done });
      logger.debug('Answered', { changed });
      if ('metrics' in changed)
        putValues(metrics, context.functionName, changed.metrics as unknown as Watched['metrics']);
      return changed;
    } catch (thrown) {
      const error = inOwnWords(thrown, what);
      // Never the error that was thrown: a driver's message quotes values of rows, and the log is read by many.
      logger.error(`${what} failed`, { error: { name: error.name, message: error.message } });
      metrics.addDimension('step', what);
      metrics.addMetric(error instanceof StepFailedError ? 'StepFailed' : 'StepLost', MetricUnit.Count, 1);
      if (segment) tracer.addErrorAsMetadata(error);
      if (!(error instanceof StepFailedError)) {
        opened = undefined;
        earlier = undefined;
      }
      throw error;
    } finally {
      clearTimeout(warning);
      await events.settled(SUBSCRIBERS_MS);
      metrics.publishStoredMetrics();
      segment?.close();
      if (parent) tracer.setSegment(parent);
      if (out.signal.aborted) {
        // What was opened with it listens to the clock that has run out.
        opened = undefined;
        out = new AbortController();
      }
    }
  };
}

/** A metric of its own for each value: their dimensions differ. A function is called `<lake>-<its own name>`. */
function putValues(metrics: Metrics, functionName: string, values: Watched['metrics']): void {
  for (const { name, dimensions, value } of values) {
    const single = metrics.singleMetric();
    single.addDimensions({ Lake: functionName.replace(/-[^-]*$/, ''), ...dimensions });
    single.addMetric(name, MetricUnit.NoUnit, value);
  }
}

/** What a function may throw: an error whose words are the lake's own, with no cause below it. */
function inOwnWords(thrown: unknown, step: string): Error {
  const own = thrown instanceof StepFailedError || thrown instanceof TryAgainError;
  // The caller knows this one by its class; it has no cause.
  return own || thrown instanceof OutOfTimeError ? thrown : new FunctionError(thrown, step);
}
