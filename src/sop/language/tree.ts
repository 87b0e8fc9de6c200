import type { Place } from './problem.ts';
import type { Type } from './types.ts';

/** A criterion or a value: evaluated by the planner, never by a model. */
export type Expression = Place &
  (
    | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'field'; readonly of: Expression; readonly name: string }
    | { readonly kind: 'list'; readonly items: readonly Expression[] }
    /** A text with values in it: `"{table} is late"`. */
    | { readonly kind: 'template'; readonly parts: readonly (string | Expression)[] }
    | { readonly kind: 'not' | 'minus'; readonly of: Expression }
    | {
        readonly kind: 'binary';
        readonly operator: Operator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | { readonly kind: 'function'; readonly name: string; readonly args: readonly Expression[] }
  );

export type Operator =
  | 'and'
  | 'or'
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'in'
  | 'contains'
  | '+'
  | '-'
  | '*'
  | '/';

/** An argument of a tool or a procedure; without a name, the first of its parameters. */
export interface Argument extends Place {
  readonly name?: string;
  readonly value: Expression;
}

/** One criterion of an `if` and the steps below it. Without a criterion it is `otherwise`. */
export interface Branch extends Place {
  readonly criterion?: Expression;
  readonly steps: readonly Step[];
}

export interface Option extends Place {
  readonly text: string;
  /** The rule by which it is judged without anybody. Default: none. */
  readonly when?: Expression;
}

/** Its place in the tree, such as `3.2.1`: the id of the step, the same as long as the text is. */
interface Node extends Place {
  readonly id: string;
  /** The line as it is written. */
  readonly text: string;
}

/** A step. `bind` is the name under which its result is kept. */
export type Step = Node &
  (
    | {
        readonly kind: 'call';
        readonly bind?: string;
        readonly tool: string;
        readonly toolAt: Place;
        readonly args: readonly Argument[];
        /** The name of the answer that allows it. */
        readonly approvedBy?: string;
      }
    | {
        readonly kind: 'see';
        readonly bind?: string;
        readonly procedure: string;
        readonly args: readonly Argument[];
      }
    | { readonly kind: 'set'; readonly bind: string; readonly value: Expression }
    | { readonly kind: 'add'; readonly to: string; readonly value: Expression }
    | { readonly kind: 'if'; readonly branches: readonly Branch[] }
    | {
        readonly kind: 'each';
        readonly name: string;
        readonly of: Expression;
        readonly most: number;
        readonly steps: readonly Step[];
      }
    | {
        readonly kind: 'repeat';
        readonly until: Expression;
        /** Absent: the linter refuses it. */
        readonly most?: number;
        readonly steps: readonly Step[];
      }
    | {
        readonly kind: 'ask';
        readonly bind: string;
        readonly roles: readonly string[];
        readonly type: Type;
        /** Whether it allows something that acts. */
        readonly isApproval: boolean;
        readonly question: Expression;
        readonly showing: readonly Expression[];
      }
    | {
        readonly kind: 'judge';
        readonly bind: string;
        readonly question: Expression;
        readonly from: readonly Expression[];
        readonly options: readonly Option[];
        /** Who judges what no rule decides. */
        readonly roles: readonly string[];
      }
    | { readonly kind: 'note'; readonly value: Expression }
    | { readonly kind: 'stop'; readonly decision: string; readonly because?: Expression }
  );

/** What a procedure has to be given. */
export interface Need extends Place {
  readonly name: string;
  readonly type: Type;
  readonly about: string;
}

/** Words by which somebody asks for it; `{name}` is an argument. */
export interface Phrase {
  readonly language: string;
  readonly text: string;
}

/** A procedure as it is written. */
export interface Procedure {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** Who may run it, in the order of the file. */
  readonly roles: readonly string[];
  readonly needs: readonly Need[];
  readonly phrases: readonly Phrase[];
  readonly steps: readonly Step[];
  readonly file: string;
  readonly text: string;
  /** SHA-256 of the text, hexadecimal. */
  readonly hash: string;
  readonly at: Place;
  readonly rolesAt: Place;
}

/** Every step, depth first. */
export function* stepsOf(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    if (step.kind === 'if') for (const branch of step.branches) yield* stepsOf(branch.steps);
    if (step.kind === 'each' || step.kind === 'repeat') yield* stepsOf(step.steps);
  }
}

export const APPROVE = 'approve';
export const REJECT = 'reject';
