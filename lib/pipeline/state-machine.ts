import type { EachNode, Plan } from '../../src/pipeline/plan.ts';
import { expression, FRAME, type Machine } from './asl.ts';
import { draw } from './draw-plan.ts';
import { Drawing } from './drawing.ts';
import { control, frameAt, openScope, type Sheet } from './site.ts';
import { type CallState, choose, pass, task } from './states.ts';

export interface StateMachineOptions {
  /** ARN of the function that hosts a step, by the step's name. */
  readonly functionOf: (step: string) => string;
  /** ARN of the function that opens and ends runs, writes lists and records failures. */
  readonly control: string;
  /** Whether a list grows with the college: then each of its items is an execution of its own. */
  readonly distributed: (list: EachNode) => boolean;
  /** Items of a list at once, at most: each is a function. Default: what the plan says. */
  readonly atOnce?: number;
  /** After so many seconds a function has ended in any case. Default: 900, the most that Lambda allows. */
  readonly functionSeconds?: number;
  /** A run that takes longer is ended, in seconds. Default: 20 hours, so that the next night finds it gone. */
  readonly longestRun?: number;
  /** Default: `aws`. */
  readonly partition?: string;
}

/** Between a function's end and its news of it. */
const GRACE_SECONDS = 30;
const LONGEST_RUN = 20 * 3600;

/**
 * The plan in the Amazon States Language. An execution does what the runner on one machine does: the same steps in
 * the same order and at the same places, the same failures recorded, the same ones passed by; `closing` in any case.
 * It fails when a failure is recorded. The functions call steps by `attemptStep`, as the runner does.
 *
 * Lists that grow with the college are Distributed Maps: each item is an execution with a history of its own, since
 * 2,500 tables would fill the 25,000 events of one several times over
 * (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html). Their items wait in the object store,
 * as does every output that is large.
 */
export function stateMachineFor(plan: Plan, options: StateMachineOptions): Machine {
  const sheet: Sheet = {
    partition: options.partition ?? 'aws',
    functionOf: options.functionOf,
    control: options.control,
    seconds: (options.functionSeconds ?? 900) + GRACE_SECONDS,
    distributed: options.distributed,
    atOnce: options.atOnce ?? Number.POSITIVE_INFINITY,
  };
  const drawing = new Drawing();
  const end = drawEnd(drawing, sheet);
  const close = drawPart(plan.closing, 'closing', end, drawing, sheet);
  const start = drawPart(plan.main, 'main', close, drawing, sheet);
  const open: CallState = {
    call: 'open',
    holder: expression('$states.context.Execution.Id'),
    fresh: expression('$states.input.fresh = true'),
  };
  const opening = task({ ...control(sheet), payload: open, output: ANSWER, next: start });
  return {
    Comment: 'Written from the plan that `lake run` executes, src/pipeline/plan.ts',
    ...drawing.machine(drawing.add('Open the run', opening)),
    TimeoutSeconds: options.longestRun ?? LONGEST_RUN,
  };
}

const ANSWER = expression('$states.result.Payload');

/** One of the plan's two parts; whatever becomes of it, `next` follows. */
function drawPart(
  part: Plan['main'],
  name: 'main' | 'closing',
  next: string,
  drawing: Drawing,
  sheet: Sheet,
): string {
  const site = openScope({ sheet, drawing, title: part.title ?? name }, next);
  return drawing.add(`Begin ${name}`, pass(frameAt(name), draw(part, next, site)));
}

/** Closes the run's record; the execution fails when a failure is recorded. */
function drawEnd(drawing: Drawing, sheet: Sheet): string {
  const failed = drawing.add('Failed', {
    Type: 'Fail',
    QueryLanguage: 'JSONata',
    Error: 'RunFailed',
    Cause: expression('$states.input.cause'),
  });
  const succeeded = drawing.add('Succeeded', { Type: 'Succeed' });
  const fine = choose(expression('$states.input.status = "succeeded"'), succeeded, failed);
  const payload: CallState = { call: 'end', frame: FRAME };
  return drawing.add(
    'End the run',
    task({ ...control(sheet), payload, output: ANSWER, next: drawing.add('Did all succeed?', fine) }),
  );
}
