import { didYouMean } from '../../campus/nearest.ts';
import type { ToolSpec } from '../tool.ts';
import { checkArguments, type Taking } from './arguments.ts';
import { circlesOf } from './circles.ts';
import { inferType, type Mistake } from './infer.ts';
import { choiceOf, namesIn, textOf } from './look-at.ts';
import type { Place, Problem } from './problem.ts';
import { type Branch, type Expression, type Procedure, type Step, stepsOf } from './tree.ts';
import { ANY, BOOLEAN, either, fits, list, record, TEXT, type Type, typeText } from './types.ts';

/** What a procedure is checked against. */
export interface Known {
  readonly tools: ReadonlyMap<string, ToolSpec>;
  /** By name, all procedures that there are. */
  readonly procedures: ReadonlyMap<string, Procedure>;
  /** The roles that there are. Absent: they are not known, and not checked. */
  readonly roles?: ReadonlySet<string>;
}

/** What `see` gives: how the other procedure ended. */
const ENDED = (procedure: Procedure | undefined): Type => {
  const decisions = procedure
    ? [...stepsOf(procedure.steps)].flatMap((step) => (step.kind === 'stop' ? [step.decision] : []))
    : [];
  const isChoice = decisions.length > 0;
  return record({
    decision: isChoice ? { kind: 'choice', options: [...new Set(decisions)] } : TEXT,
    because: TEXT,
  });
};

/**
 * Every mistake of a procedure that can be found before it runs: names, types, tools and roles, branches that are never
 * taken, criteria that leave a case open, loops without an end.
 */
export function lintProcedure(procedure: Procedure, known: Known): Problem[] {
  return new Linter(procedure, known).problems();
}

type Names = Map<string, Type>;

class Linter {
  readonly #procedure: Procedure;
  readonly #known: Known;
  readonly #problems: Problem[] = [];
  readonly #asks = new Map<string, Extract<Step, { kind: 'ask' }>>();
  readonly #used = new Set<string>();

  constructor(procedure: Procedure, known: Known) {
    this.#procedure = procedure;
    this.#known = known;
  }

  problems(): Problem[] {
    const { roles, rolesAt, needs, steps, at } = this.#procedure;
    if (roles.length === 0)
      this.#mistake(at, 'no-role', 'The header does not say who may run it: `for administrator`.');
    for (const role of roles) this.#checkRole(role, rolesAt);
    for (const step of stepsOf(steps)) if (step.kind === 'ask') this.#asks.set(step.bind, step);
    const names: Names = new Map(needs.map(({ name, type }) => [name, type]));
    const goesOn = this.#steps(steps, names);
    if (goesOn)
      this.#mistake(
        steps.at(-1) ?? at,
        'no-end',
        'The procedure can end here without a decision: end it by `stop with`.',
      );
    for (const need of needs)
      if (!this.#used.has(need.name))
        this.#mistake(need, 'unused', `\`${need.name}\` is needed and never used.`, 'warning');
    for (const step of circlesOf(this.#procedure, this.#known.procedures))
      this.#mistake(
        step,
        'unbounded',
        `\`${step.procedure}\` leads back to this procedure, so it may never end.`,
      );
    return this.#problems.sort((a, b) => a.line - b.line || a.column - b.column);
  }

  #mistake(at: Place, code: string, message: string, severity: Problem['severity'] = 'error'): void {
    const { line, column } = at;
    this.#problems.push({ file: this.#procedure.file, line, column, severity, code, message });
  }

  readonly #error: Mistake = (at, code, message) => this.#mistake(at, code, message);

  #checkRole(role: string, at: Place): void {
    const { roles } = this.#known;
    if (roles && !roles.has(role))
      this.#mistake(at, 'unknown-role', `There is no role \`${role}\`${didYouMean(role, roles)}.`);
  }

  #type(expression: Expression, names: Names): Type {
    for (const name of namesIn(expression)) this.#used.add(name);
    return inferType(expression, names, this.#error);
  }

  #criterion(expression: Expression, names: Names): void {
    const type = this.#type(expression, names);
    if (!fits(type, BOOLEAN))
      this.#mistake(expression, 'type', `A criterion is true or false, not ${typeText(type)}.`);
    if (expression.kind === 'literal' && typeof expression.value === 'boolean')
      this.#mistake(
        expression,
        'unreachable',
        `This criterion is always ${expression.value}: one of its branches is never taken.`,
      );
  }

  /** @returns whether what follows is reached */
  #steps(steps: readonly Step[], names: Names): boolean {
    for (const [i, step] of steps.entries())
      if (!this.#step(step, names)) {
        const next = steps[i + 1];
        if (next) {
          this.#mistake(next, 'unreachable', 'This step is never reached: what is before it always stops.');
          this.#steps(steps.slice(i + 1), names);
        }
        return false;
      }
    return true;
  }

  #step(step: Step, names: Names): boolean {
    switch (step.kind) {
      case 'set':
        // A text that is set now can be another one later.
        names.set(step.bind, plainType(this.#type(step.value, names), step.value));
        return true;
      case 'add': {
        const type = this.#type(step.value, names);
        const to = this.#type({ kind: 'name', name: step.to, line: step.line, column: step.column }, names);
        if (to.kind !== 'list' && to.kind !== 'any')
          this.#mistake(step, 'type', `\`${step.to}\` is no list.`);
        else
          names.set(step.to, list(to.kind === 'list' && to.of.kind !== 'any' ? either(to.of, type) : type));
        return true;
      }
      case 'note':
        this.#type(step.value, names);
        return true;
      case 'stop':
        if (step.because) this.#type(step.because, names);
        return false;
      case 'call':
        return this.#call(step, names);
      case 'see':
        return this.#see(step, names);
      case 'ask':
        for (const role of step.roles) this.#checkRole(role, step);
        this.#type(step.question, names);
        for (const one of step.showing) this.#type(one, names);
        names.set(step.bind, step.type);
        return true;
      case 'judge':
        return this.#judge(step, names);
      case 'if':
        return this.#if(step, names);
      case 'each': {
        const type = this.#type(step.of, names);
        if (type.kind !== 'list' && type.kind !== 'any')
          this.#mistake(step.of, 'type', `\`for each\` takes a list, not ${typeText(type)}.`);
        const inner: Names = new Map(names).set(step.name, type.kind === 'list' ? type.of : ANY);
        this.#steps(step.steps, inner);
        widen(names, inner);
        return true;
      }
      case 'repeat': {
        if (step.most === undefined)
          this.#mistake(
            step,
            'unbounded',
            'This loop may never end: write how often at most, as in `repeat until done, at most 5 times`.',
          );
        const inner: Names = new Map(names);
        const goesOn = this.#steps(step.steps, inner);
        this.#criterion(step.until, inner);
        if (!goesOn)
          this.#mistake(step, 'unreachable', 'The first round of this loop always stops, so it is no loop.');
        // The body is done once at least.
        for (const [name, type] of inner) names.set(name, type);
        return goesOn;
      }
    }
  }

  #call(step: Extract<Step, { kind: 'call' }>, names: Names): boolean {
    const tool = this.#known.tools.get(step.tool);
    if (!tool) {
      this.#mistake(
        step.toolAt,
        'unknown-function',
        `There is no tool @${step.tool}${didYouMean(step.tool, this.#known.tools.keys())}.`,
      );
      for (const { value } of step.args) this.#type(value, names);
    } else {
      this.#args(step, names, { ...tool, what: `@${tool.name}` });
      for (const role of this.#procedure.roles)
        if (tool.roles !== 'any' && !tool.roles.includes(role))
          this.#mistake(
            step.toolAt,
            'not-allowed',
            `The role ${role} may not call @${tool.name}: it is for ${tool.roles.join(', ')}.`,
          );
      if (tool.acts) this.#approval(step, names);
      else if (step.approvedBy)
        this.#mistake(step.toolAt, 'approval', `@${tool.name} only reads, so nobody approves it.`, 'warning');
    }
    if (step.approvedBy) this.#used.add(step.approvedBy);
    if (step.bind) names.set(step.bind, tool?.gives ?? ANY);
    return true;
  }

  #approval({ tool, approvedBy, toolAt }: Extract<Step, { kind: 'call' }>, names: Names): void {
    if (approvedBy === undefined) {
      this.#mistake(
        toolAt,
        'approval',
        `@${tool} acts: ask for an approval and write \`approved by\` and its name.`,
      );
      return;
    }
    const ask = this.#asks.get(approvedBy);
    if (!ask?.isApproval || !names.has(approvedBy))
      this.#mistake(
        toolAt,
        'approval',
        `\`${approvedBy}\` is no approval that was asked for before: \`ask administrator for ${approvedBy}: approval "…"\`.`,
      );
  }

  #args(step: Extract<Step, { kind: 'call' | 'see' }>, names: Names, taking: Taking): void {
    checkArguments(step, step.args, taking, (value) => this.#type(value, names), this.#error);
  }

  #see(step: Extract<Step, { kind: 'see' }>, names: Names): boolean {
    const other = this.#known.procedures.get(step.procedure);
    if (!other) {
      this.#mistake(
        step,
        'unknown-procedure',
        `There is no procedure \`${step.procedure}\`${didYouMean(step.procedure, this.#known.procedures.keys())}.`,
      );
      for (const { value } of step.args) this.#type(value, names);
    } else {
      const takes = Object.fromEntries(other.needs.map((need) => [need.name, need]));
      this.#args(step, names, { what: `\`${other.name}\``, takes });
      for (const role of this.#procedure.roles)
        if (!other.roles.includes(role))
          this.#mistake(
            step,
            'not-allowed',
            `The role ${role} may not run \`${other.name}\`: it is for ${other.roles.join(', ')}.`,
          );
    }
    if (step.bind) names.set(step.bind, ENDED(other));
    return true;
  }

  #judge(step: Extract<Step, { kind: 'judge' }>, names: Names): boolean {
    this.#type(step.question, names);
    for (const one of step.from) this.#type(one, names);
    for (const { when } of step.options) if (when) this.#criterion(when, names);
    const isDecided = step.options.every(({ when }) => when !== undefined);
    for (const role of step.roles) this.#checkRole(role, step);
    if (step.options.some(({ when }) => when) && step.roles.length === 0 && isDecided)
      this.#mistake(
        step,
        'not-exhaustive',
        'Where no rule holds, nobody judges: name a role, as in `by steward`.',
      );
    names.set(step.bind, { kind: 'choice', options: step.options.map(({ text }) => text) });
    return true;
  }

  #if({ branches, ...at }: Extract<Step, { kind: 'if' }>, names: Names): boolean {
    const ends: Names[] = [];
    const left = new Map<string, readonly string[]>();
    const seen = new Map<string, number>();
    let isTotal = false;
    for (const branch of branches) {
      const inner: Names = new Map(names);
      for (const [name, options] of left) inner.set(name, { kind: 'choice', options });
      if (branch.criterion) {
        const key = textOf(branch.criterion);
        const before = seen.get(key);
        if (before !== undefined)
          this.#mistake(
            branch,
            'unreachable',
            `This branch is never taken: line ${before} has the same criterion.`,
          );
        else if (isTotal)
          this.#mistake(
            branch,
            'unreachable',
            'This branch is never taken: the ones before it leave no case.',
          );
        seen.set(key, branch.line);
        this.#criterion(branch.criterion, names);
        isTotal ||= this.#narrow(branch, inner, names, left);
      } else {
        if (isTotal)
          this.#mistake(
            branch,
            'unreachable',
            '`otherwise` is never taken: the branches before it leave no case.',
          );
        isTotal = true;
      }
      if (this.#steps(branch.steps, inner)) ends.push(inner);
    }
    if (!isTotal) {
      const open = [...left].find(([, options]) => options.length > 0);
      if (branches.length > 1)
        this.#mistake(
          at,
          'not-exhaustive',
          open
            ? `These criteria do not say what to do where \`${open[0]}\` is ${open[1].map((one) => `'${one}'`).join(' or ')}.`
            : 'These criteria do not say what to do in every case: add `otherwise`.',
        );
      ends.push(new Map(names));
    }
    if (ends.length === 0) return false;
    const shared = [...ends[0]!.keys()].filter((name) => ends.every((end) => end.has(name)));
    const merged = shared.map((name) => [name, ends.map((end) => end.get(name)!).reduce(either)] as const);
    for (const [name, type] of merged)
      names.set(
        name,
        names.get(name)?.kind === 'choice' && left.has(name) && ends.length === branches.length
          ? names.get(name)!
          : type,
      );
    return true;
  }

  /** What a criterion of the form `name = 'choice'` or `name in [...]` leaves open. @returns whether nothing is left */
  #narrow({ criterion }: Branch, inner: Names, names: Names, left: Map<string, readonly string[]>): boolean {
    const found = criterion && choiceOf(criterion);
    const type = found && names.get(found.name);
    if (!found || type?.kind !== 'choice') return false;
    const open = left.get(found.name) ?? type.options;
    if (
      !open.some((option) => found.options.includes(option)) &&
      type.options.some((option) => found.options.includes(option))
    )
      this.#mistake(
        criterion,
        'unreachable',
        `This branch is never taken: ${found.options.map((one) => `'${one}'`).join(', ')} was dealt with before.`,
      );
    inner.set(found.name, { kind: 'choice', options: found.options });
    const rest = open.filter((option) => !found.options.includes(option));
    left.set(found.name, rest);
    return left.size === 1 && rest.length === 0;
  }
}

const plainType = (type: Type, { kind }: Expression): Type =>
  kind === 'literal' && type.kind === 'choice' ? TEXT : type;

/** A loop may not have been gone through, so what it changes may be as before. */
function widen(names: Names, inner: Names): void {
  for (const [name, type] of names) {
    const after = inner.get(name);
    if (after && after !== type)
      names.set(name, type.kind === 'list' && type.of.kind === 'any' ? after : either(type, after));
  }
}
