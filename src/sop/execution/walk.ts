import { createHmac } from 'node:crypto';
import type { Json } from '../../json.ts';
import { APPROVE, type Argument, type Procedure, type Step, stepsOf } from '../language/tree.ts';
import type { Type } from '../language/types.ts';
import { canonical, evaluate, holds, shown } from './evaluate.ts';
import type { Decider, Outcome, RunState } from './state.ts';

type Call = Extract<Step, { kind: 'call' }>;
type Ask = Extract<Step, { kind: 'ask' }>;
type Judge = Extract<Step, { kind: 'judge' }>;

/** A step that was passed, in order. For the report and the log. */
export interface Passed {
  readonly path: string;
  /** The id of the step in the text, by the procedure. */
  readonly procedure: string;
  readonly step: Step;
  readonly inputs: string;
  /** A criterion as it is written. */
  readonly criterion?: string;
  readonly verdict?: string;
  readonly decided: Decider;
  readonly value?: Json;
  readonly outcome?: Outcome;
}

/** What has to be done before the procedure goes on. */
export type Pending = {
  readonly path: string;
  readonly inputs: string;
  readonly roles: readonly string[];
} & (
  | {
      readonly kind: 'call';
      readonly step: Call;
      readonly args: Readonly<Record<string, Json>>;
      readonly approvedBy?: Decider;
    }
  | {
      readonly kind: 'ask' | 'judge';
      readonly step: Ask | Judge;
      readonly type: Type;
      readonly question: string;
      readonly showing: readonly Json[];
    }
);

/** Where an execution stands. */
export interface Position {
  readonly passed: readonly Passed[];
  /** The places of the steps that are under way, outermost first. */
  readonly stack: readonly string[];
  readonly next?: Pending;
  readonly end?: { readonly decision: string; readonly because: string };
  /** Something that a criterion cannot decide. */
  readonly fault?: { readonly code: string; readonly message: string; readonly path: string };
}

const RULE: Decider = { by: 'rule', role: '' };

/** Positional arguments by the names of parameters. @param takes names in order */
export type ParametersOf = (tool: string) => readonly string[];

/**
 * Goes through a procedure, depth first, with what its steps gave so far, as far as that leads. Pure: it calls no tool and
 * asks nobody, so going through again from the start is how an execution goes on after a pause, a kill or a change. An
 * outcome counts as long as its step is given what it was given then.
 */
export function walk(
  state: Pick<RunState, 'args' | 'outcomes' | 'digestKey'>,
  procedure: Procedure,
  procedures: ReadonlyMap<string, Procedure>,
  parametersOf: ParametersOf,
): Position {
  const walker = new Walker(state, procedures, parametersOf);
  try {
    const end = walker.whole(procedure, new Map(Object.entries(state.args)), '');
    return { passed: walker.passed, stack: [], end };
  } catch (pause) {
    if (!(pause instanceof Pause)) throw pause;
    return { passed: walker.passed, stack: walker.stack, ...pause.at };
  }
}

/** By it a walk ends before the procedure does. */
class Pause {
  readonly at: Pick<Position, 'next' | 'fault'>;

  constructor(at: Pick<Position, 'next' | 'fault'>) {
    this.at = at;
  }
}

interface Frame {
  readonly procedure: Procedure;
  readonly names: Map<string, Json>;
  readonly approvals: Map<string, Outcome>;
  /** Before the ids of steps: where this procedure was seen from, in which round. */
  readonly prefix: string;
}

type End = { readonly decision: string; readonly because: string };

class Walker {
  readonly passed: Passed[] = [];
  readonly stack: string[] = [];
  readonly #state: Pick<RunState, 'args' | 'outcomes' | 'digestKey'>;
  readonly #procedures: ReadonlyMap<string, Procedure>;
  readonly #parametersOf: ParametersOf;

  constructor(
    state: Pick<RunState, 'args' | 'outcomes' | 'digestKey'>,
    procedures: ReadonlyMap<string, Procedure>,
    parametersOf: ParametersOf,
  ) {
    this.#state = state;
    this.#procedures = procedures;
    this.#parametersOf = parametersOf;
  }

  whole(procedure: Procedure, names: Map<string, Json>, prefix: string): End {
    const end = this.#steps(procedure.steps, { procedure, names, approvals: new Map(), prefix }, '');
    return end ?? { decision: 'ended', because: '' };
  }

  /** @param round where in loops, such as `[2]` */
  #steps(steps: readonly Step[], frame: Frame, round: string): End | undefined {
    for (const step of steps) {
      const path = `${frame.prefix}${step.id}${round}`;
      this.stack.push(path);
      const end = this.#step(step, frame, path, round);
      if (end) return end;
      this.stack.pop();
    }
    return undefined;
  }

  #step(step: Step, frame: Frame, path: string, round: string): End | undefined {
    const { names } = frame;
    const passed = (more: Partial<Passed> & { readonly inputs?: string }) =>
      this.passed.push({ path, procedure: frame.procedure.name, step, inputs: '', decided: RULE, ...more });
    switch (step.kind) {
      case 'set':
        names.set(step.bind, evaluate(step.value, names));
        return undefined;
      case 'add': {
        const before = names.get(step.to);
        names.set(step.to, [...(Array.isArray(before) ? before : []), evaluate(step.value, names)]);
        return undefined;
      }
      case 'note':
        passed({ value: evaluate(step.value, names) });
        return undefined;
      case 'stop': {
        const because = step.because ? shown(evaluate(step.because, names)) : '';
        passed({ verdict: step.decision, value: because });
        return { decision: step.decision, because };
      }
      case 'if': {
        for (const branch of step.branches) {
          const isTaken = !branch.criterion || holds(branch.criterion, names);
          const criterion = criterionText(frame.procedure, branch.line);
          if (branch.criterion)
            passed({ path: `${path}:${branch.line}`, criterion, verdict: String(isTaken) });
          if (isTaken) return this.#steps(branch.steps, frame, round);
        }
        return undefined;
      }
      case 'each':
        return this.#each(step, frame, path, round);
      case 'repeat': {
        for (let n = 0; n < (step.most ?? 1); n++) {
          const end = this.#steps(step.steps, frame, `${round}[${n}]`);
          if (end) return end;
          const isOver = holds(step.until, names);
          passed({ path: `${path}[${n}]`, criterion: step.text, verdict: String(isOver) });
          if (isOver) return undefined;
        }
        throw new Pause({
          fault: {
            code: 'loop-bound',
            message: `Line ${step.line}: after ${step.most} rounds the loop has not come to its end.`,
            path,
          },
        });
      }
      case 'see': {
        const other = this.#procedures.get(step.procedure)!;
        const given = this.#args(
          step.args,
          other.needs.map(({ name }) => name),
          names,
        );
        const end = this.whole(other, new Map(Object.entries(given)), `${path}>`);
        if (step.bind) names.set(step.bind, { ...end });
        passed({ verdict: end.decision, value: { ...end } });
        return undefined;
      }
      case 'call':
        return this.#call(step, frame, path);
      case 'ask':
      case 'judge':
        return this.#decided(step, frame, path);
    }
  }

  #each(step: Extract<Step, { kind: 'each' }>, frame: Frame, path: string, round: string): End | undefined {
    const list = evaluate(step.of, frame.names);
    const items = Array.isArray(list) ? list : [];
    if (items.length > step.most)
      throw new Pause({
        fault: {
          code: 'loop-bound',
          message: `Line ${step.line}: the list has ${items.length} items, and the loop takes ${step.most} at most.`,
          path,
        },
      });
    for (const [n, item] of items.entries()) {
      frame.names.set(step.name, item);
      const end = this.#steps(step.steps, frame, `${round}[${n}]`);
      if (end) return end;
    }
    return undefined;
  }

  #args(
    given: readonly Argument[],
    order: readonly string[],
    names: ReadonlyMap<string, Json>,
  ): Record<string, Json> {
    return Object.fromEntries(
      given.map(({ name, value }, i) => [name ?? order[i] ?? String(i), evaluate(value, names)]),
    );
  }

  /** An outcome that still counts: its step is given what it was given then. */
  #outcome(path: string, inputs: string): Outcome | undefined {
    const found = this.#state.outcomes[path];
    return found?.state === 'done' && (found.settled || found.inputs === inputs) ? found : undefined;
  }

  #digest(value: Json): string {
    return createHmac('sha256', this.#state.digestKey).update(canonical(value)).digest('hex').slice(0, 32);
  }

  #call(step: Call, frame: Frame, path: string): undefined {
    const args = this.#args(step.args, this.#parametersOf(step.tool), frame.names);
    const approval = step.approvedBy === undefined ? undefined : frame.approvals.get(step.approvedBy);
    if (step.approvedBy !== undefined && approval?.value !== APPROVE)
      throw new Pause({
        fault: {
          code: 'not-approved',
          message: `Line ${step.line}: @${step.tool} acts, and was not approved.`,
          path,
        },
      });
    const inputs = this.#digest({ tool: step.tool, args });
    const outcome = this.#outcome(path, inputs);
    if (!outcome) {
      const { roles } = frame.procedure;
      const approvedBy = approval?.decided;
      throw new Pause({
        next: { kind: 'call', path, inputs, roles, step, args, ...(approvedBy ? { approvedBy } : {}) },
      });
    }
    const value = outcome.value ?? null;
    if (step.bind) frame.names.set(step.bind, value);
    this.passed.push({
      path,
      procedure: frame.procedure.name,
      step,
      inputs,
      decided: outcome.decided ?? RULE,
      value,
      outcome,
    });
    return undefined;
  }

  /**
   * What the calls that an approval is for would be given, as far as it is known when it is asked for: an approval does
   * not count for other arguments.
   */
  #approvedBy(ask: Ask, { procedure, names }: Frame): Json[] {
    const given: Json[] = [];
    let isPast = false;
    for (const step of stepsOf(procedure.steps)) {
      if (isPast && step.kind === 'ask' && step.bind === ask.bind) break;
      if (step === ask) isPast = true;
      else if (isPast && step.kind === 'call' && step.approvedBy === ask.bind)
        given.push({ tool: step.tool, args: this.#args(step.args, this.#parametersOf(step.tool), names) });
    }
    return given;
  }

  #decided(step: Ask | Judge, frame: Frame, path: string): undefined {
    const { names, procedure } = frame;
    const question = shown(evaluate(step.question, names));
    const showing = (step.kind === 'ask' ? step.showing : step.from).map((one) => evaluate(one, names));
    const approves = step.kind === 'ask' && step.isApproval ? this.#approvedBy(step, frame) : [];
    const inputs = this.#digest({ question, showing, approves });
    const done = (verdict: Json, decided: Decider, more: Partial<Passed>) => {
      names.set(step.bind, verdict);
      const said = step.kind === 'ask' && step.type.kind !== 'choice' ? 'answered' : shown(verdict);
      this.passed.push({
        path,
        procedure: procedure.name,
        step,
        inputs,
        verdict: said,
        decided,
        value: verdict,
        ...more,
      });
      return undefined;
    };
    if (step.kind === 'judge') {
      const rule = step.options.find(({ when }) => when && holds(when, names));
      if (rule) return done(rule.text, RULE, { criterion: criterionText(procedure, rule.line) });
    }
    const outcome = this.#outcome(path, inputs);
    if (!outcome) {
      const roles = step.roles.length > 0 ? step.roles : procedure.roles;
      const type: Type =
        step.kind === 'ask' ? step.type : { kind: 'choice', options: step.options.map(({ text }) => text) };
      throw new Pause({ next: { kind: step.kind, path, inputs, roles, step, type, question, showing } });
    }
    if (step.kind === 'ask' && step.isApproval) frame.approvals.set(step.bind, outcome);
    return done(outcome.value ?? null, outcome.decided ?? RULE, {
      outcome,
      ...(step.kind === 'judge' ? { criterion: step.text } : {}),
    });
  }
}

/** A criterion as it is written. */
const criterionText = ({ text }: Procedure, line: number): string =>
  (text.split(/\r?\n/)[line - 1] ?? '').trim();
