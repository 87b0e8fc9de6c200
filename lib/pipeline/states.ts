import { type Call, STEP_FAILED, TRY_AGAIN } from '../../src/pipeline/calls.ts';
import type { Catcher, Expression, MapState, PassState, Retrier, State, TaskState, Value } from './asl.ts';
import { FRAME, frameWith } from './asl.ts';

/** A call in which the state machine fills in some of the input of a function. */
export type CallState<C extends Call = Call> = C extends Call
  ? { readonly [K in keyof C]: C[K] | Expression }
  : never;

/** Lambda's own failures, which pass: https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html */
const IN_PASSING = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  TRY_AGAIN,
];

/**
 * The account has no function to spare at this moment: one that runs for minutes has to end first. A new account may have
 * ten at once in all (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
 */
const NO_FUNCTION_FREE = 'Lambda.TooManyRequestsException';

const RETRY: readonly Retrier[] = [
  // It failed as a step fails, and is recorded: not the platform's fault.
  { ErrorEquals: [STEP_FAILED], MaxAttempts: 0 },
  {
    ErrorEquals: IN_PASSING,
    IntervalSeconds: 2,
    MaxAttempts: 7,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    JitterStrategy: 'FULL',
  },
  // 40 times a minute at most, by halves at random: some twenty minutes, longer than any function runs.
  {
    ErrorEquals: [NO_FUNCTION_FREE],
    IntervalSeconds: 2,
    MaxAttempts: 40,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    JitterStrategy: 'FULL',
  },
  // Killed, out of memory, out of time: every step can be repeated.
  { ErrorEquals: ['States.ALL'], IntervalSeconds: 5, MaxAttempts: 3, BackoffRate: 2 },
];

export interface FunctionCall {
  /** `arn:…:states:::lambda:invoke` */
  readonly resource: string;
  readonly functionArn: string;
  /** After so many seconds the function has ended in any case. */
  readonly seconds: number;
  readonly payload: CallState;
  /** Default: the frame with what the function says has changed. */
  readonly output?: Value;
  readonly catchers?: readonly Catcher[];
  readonly next: string;
}

/** A state that calls a function. */
export function task({ payload, catchers, output, ...call }: FunctionCall): TaskState {
  return {
    Type: 'Task',
    QueryLanguage: 'JSONata',
    Resource: call.resource,
    Arguments: { FunctionName: call.functionArn, Payload: payload },
    TimeoutSeconds: call.seconds,
    Output: output ?? frameWith('$states.result.Payload'),
    Retry: RETRY,
    ...(catchers ? { Catch: catchers } : {}),
    Next: call.next,
  };
}

/** A state that replaces the frame; the last of its machine where nothing follows. */
export function pass(output: Value, next?: string): PassState {
  return {
    Type: 'Pass',
    QueryLanguage: 'JSONata',
    Output: output,
    ...(next ? { Next: next } : { End: true }),
  };
}

/** `then` where the condition holds, with its frame where one is given. */
export function choose(condition: Expression, then: string, otherwise: string): State {
  return {
    Type: 'Choice',
    QueryLanguage: 'JSONata',
    Choices: [{ Condition: condition, Next: then }],
    Default: otherwise,
  };
}

/** To `next` with a failure that is recorded, to `record` with any other. `about` is JSONata: where and what. */
export function catchersOf(next: string, record: string, about: string): Catcher[] {
  const failure = `{"failure": $merge([${about}, $states.errorOutput])}`;
  return [
    { ErrorEquals: [STEP_FAILED], Next: next, Output: FRAME },
    { ErrorEquals: ['States.ALL'], Next: record, Output: frameWith(failure) },
  ];
}

/** The same for states that speak JSONPath; what failed is the plan's own list or its branches. */
export const catchPlainly = (record: string): Catcher[] => [
  { ErrorEquals: ['States.ALL'], Next: record, ResultPath: '$.failure' },
];

/** Where a Distributed Map reads its items: the object that the frame names. */
export const itemReader = (partition: string): NonNullable<MapState['ItemReader']> => ({
  Resource: `arn:${partition}:states:::s3:getObject`,
  ReaderConfig: { InputType: 'JSON' },
  Parameters: { 'Bucket.$': '$.list.bucket', 'Key.$': '$.list.key' },
});
