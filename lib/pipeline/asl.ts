/**
 * The part of the Amazon States Language that is written here: https://states-language.net/spec.html. The machine's
 * own query language is JSONPath, which Map and Parallel keep: their results are not wanted, and `ResultPath` says
 * so in a word. Every other state speaks JSONata, in which a frame is passed on changed in one expression.
 */
export interface Machine {
  readonly Comment?: string;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly TimeoutSeconds?: number;
}

export type State =
  | TaskState
  | ChoiceState
  | WaitState
  | PassState
  | MapState
  | ParallelState
  | FailState
  | SucceedState;

/** A text between `{%` and `%}`. */
export type Expression = `{% ${string} %}`;
export type Value = Expression | string | number | boolean | null | { readonly [key: string]: unknown };

interface Onward {
  readonly Next?: string;
  readonly End?: true;
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly Output?: Value;
  readonly ResultPath?: string;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL';
}

export interface TaskState extends Onward {
  readonly Type: 'Task';
  readonly QueryLanguage: 'JSONata';
  readonly Resource: string;
  readonly Arguments: {
    readonly FunctionName: string;
    readonly Payload: { readonly [key: string]: unknown };
  };
  readonly TimeoutSeconds: number;
  readonly Output: Value;
  readonly Retry: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface ChoiceState {
  readonly Type: 'Choice';
  readonly QueryLanguage: 'JSONata';
  readonly Choices: readonly {
    readonly Condition: Expression;
    readonly Next: string;
    readonly Output?: Value;
  }[];
  readonly Default: string;
}

export interface WaitState extends Onward {
  readonly Type: 'Wait';
  readonly QueryLanguage: 'JSONata';
  readonly Seconds: Expression;
}

export interface PassState extends Onward {
  readonly Type: 'Pass';
  readonly QueryLanguage: 'JSONata';
  readonly Output: Value;
}

export interface MapState extends Onward {
  readonly Type: 'Map';
  readonly Label?: string;
  readonly MaxConcurrency: number;
  readonly ItemsPath?: string;
  readonly ItemReader?: { readonly [key: string]: unknown };
  readonly ItemProcessor: Machine & {
    readonly ProcessorConfig: {
      readonly Mode: 'INLINE' | 'DISTRIBUTED';
      readonly ExecutionType?: 'STANDARD';
    };
  };
  readonly ResultSelector: { readonly done: true };
  readonly ResultPath: '$.list';
  readonly Catch: readonly Catcher[];
}

export interface ParallelState extends Onward {
  readonly Type: 'Parallel';
  readonly Branches: readonly Machine[];
  readonly ResultPath: null;
  readonly Catch: readonly Catcher[];
}

export interface FailState {
  readonly Type: 'Fail';
  readonly QueryLanguage: 'JSONata';
  readonly Error: string;
  readonly Cause: Value;
}

export interface SucceedState {
  readonly Type: 'Succeed';
}

/** A JSONata expression that Step Functions evaluates. */
export const expression = (jsonata: string): Expression => `{% ${jsonata} %}`;

/** The state's input: the frame. */
export const FRAME = expression('$states.input');

/** The frame with some of it replaced. */
export const frameWith = (change: string): Expression => expression(`$merge([$states.input, ${change}])`);

/** A text as JSONata writes it. */
export const quoted = (text: string): string => JSON.stringify(text);

/** Machines inside of a state. */
export function machinesIn(state: State): readonly Machine[] {
  if (state.Type === 'Parallel') return state.Branches;
  return state.Type === 'Map' ? [state.ItemProcessor] : [];
}
