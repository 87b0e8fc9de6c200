import type { Json } from '../json.ts';
import type { Lake, Step } from '../ports/step.ts';
import { RunStoppedError, UnknownStepError } from './errors.ts';
import type { Template } from './plan.ts';
import type { StepLog } from './step-log.ts';
import type { StepMeters } from './step-meters.ts';
import { fill, type Scope } from './template.ts';

/** One place of the plan that names a step, as either target comes to it. */
export interface StepCall {
  readonly step: string;
  /** Place in the plan; see StepRecord. */
  readonly path: string;
  /** What it is about: the label of the innermost item; empty for the run as a whole. */
  readonly item: string;
  readonly input?: Template;
  readonly scope: Scope;
  /** Whether the plan lets the step say that it is not done yet. */
  readonly wait: boolean;
  /** When the step was first tried, epoch ms; a step that is waited for is tried many times. */
  readonly startedAt: number;
}

export type StepAnswer = { readonly output: Json } | { readonly retryAfterSeconds: number };

export interface StepTools {
  readonly lake: Lake;
  readonly steps: ReadonlyMap<string, Step>;
  readonly log: StepLog;
  /** Who is told what steps have used. Default: nobody. */
  readonly meters?: StepMeters;
  /** Failures that are passed on unrecorded, because the caller tries the step again. Default: none. */
  readonly passing?: (error: unknown) => boolean;
}

/**
 * Tries a step once, unless an earlier attempt of the run has done it, and records how it ended. What both targets
 * mean by a step: the runner on one machine and the functions of the AWS target call this and nothing else.
 * @throws RecordedError for a failure, which the step log then holds
 * @throws LedgerUnusableError where the ledger takes no more: then nothing is tried
 * @throws RunStoppedError when the lake's signal is aborted; nothing is recorded
 */
export async function attemptStep(call: StepCall, tools: StepTools): Promise<StepAnswer> {
  const { lake, steps, log } = tools;
  if (log.fault) throw log.fault;
  const known = log.outputOf(call.path);
  if (known !== undefined) return { output: known };
  const step = steps.get(call.step);
  if (!step) throw new UnknownStepError(call.step);
  const { path, item, startedAt, scope, input } = call;
  let given: Json = null;
  const record = () => ({
    path,
    step: call.step,
    item,
    ...sourceIn(given),
    startedAt,
    endedAt: lake.platform.clock.now(),
  });
  try {
    given = input === undefined ? (scope.last ?? null) : fill(input, scope);
    stopIfAsked(lake, scope.run);
    const work = () => step.run(given, lake);
    const output = await (tools.meters ? tools.meters.measured(path, work) : work());
    const pause = call.wait ? notYet(output) : undefined;
    if (pause !== undefined) return { retryAfterSeconds: pause };
    const ended = record();
    await log.succeeded(ended, output);
    tools.meters?.ended(ended, output);
    return { output };
  } catch (error) {
    stopIfAsked(lake, scope.run);
    if (tools.passing?.(error) || log.fault) throw error;
    const ended = record();
    await log.failed(ended, error);
    tools.meters?.ended(ended);
    throw new RecordedError(error);
  }
}

/** @throws RunStoppedError when the lake's signal is aborted */
export function stopIfAsked(lake: Lake, run: string): void {
  if (lake.signal.aborted) throw new RunStoppedError(run);
}

/** Whether the output of a body asks for the body again. */
export function asksAgain(output: Json): boolean {
  return output !== null && typeof output === 'object' && !Array.isArray(output) && output.again === true;
}

/** A failure that the step log holds already. */
export class RecordedError extends Error {
  constructor(cause: unknown) {
    super('recorded', { cause });
  }
}

/** The source that a step is told to work on. */
function sourceIn(given: Json): { readonly source?: string } {
  if (given === null || typeof given !== 'object' || Array.isArray(given)) return {};
  return typeof given.source === 'string' ? { source: given.source } : {};
}

/** Seconds to wait, when a waiting step says that it is not done. */
function notYet(output: Json): number | undefined {
  if (output === null || typeof output !== 'object' || Array.isArray(output) || output.done !== false)
    return undefined;
  return typeof output.retryAfterSeconds === 'number' ? output.retryAfterSeconds : 1;
}
