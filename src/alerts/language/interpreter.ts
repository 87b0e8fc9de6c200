import { nearest } from '../../campus/nearest.ts';
import { AlertProgramError, type Span } from './errors.ts';
import type { Expr, StyledExpr } from './expr.ts';
import type { Item } from './stack.ts';
import { asExpr, nameOfKind } from './stack.ts';
import { type Token, tokenize, unescapeText } from './tokens.ts';
import { NOT_ON_STREAM, VOCABULARY } from './vocabulary.ts';
import { KIND_WORDS, type Machine, READ, type Word, WordFault } from './word.ts';

/** Limits as in Atlas: no program of a person comes near them, and one that grows without end meets them. */
const DEEPEST = 10;
const HIGHEST = 1024;

/**
 * Runs a program of the stack language. @returns what is left on the stack, the top last
 * @throws AlertProgramError naming the place, the word and what was found
 */
export function execute(program: string): Item[] {
  const machine = new Interpreter(program);
  machine.run(tokenize(program));
  return [...machine.frozen, ...machine.stack];
}

/**
 * The one expression that a program leaves.
 * @throws AlertProgramError as `execute` does, and where it leaves nothing, several things, or what is no expression
 */
export function parseExpression(program: string): { readonly expr: Expr; readonly legend?: string } {
  const left = execute(program);
  const whole = { from: 0, to: program.length };
  if (left.length === 0) throw new AlertProgramError(program, whole, 'there is no expression');
  if (left.length > 1)
    throw new AlertProgramError(
      program,
      whole,
      `${left.length} items are left (${left.map(nameOfKind).join(', ')}), and there has to be one expression`,
    );
  const styled = left[0]!;
  if (styled.kind === 'styled') return { expr: styled.of, legend: styled.legend };
  const expr = asExpr(styled);
  if (!expr) throw new AlertProgramError(program, whole, `${nameOfKind(styled)} is left, and no expression`);
  return { expr };
}

class Interpreter implements Machine {
  stack: Item[] = [];
  frozen: Item[] = [];
  readonly variables = new Map<string, Item>();
  readonly #program: string;
  #depth = 0;

  constructor(program: string) {
    this.#program = program;
  }

  freeze(): void {
    this.frozen.push(...this.stack);
    this.stack = [];
    this.variables.clear();
  }

  run(items: readonly Item[]): void {
    if (++this.#depth > DEEPEST) throw new WordFault('runs lists in lists without an end');
    for (let at = 0; at < items.length; at++) {
      const item = items[at]!;
      if (item.kind !== 'text') this.stack.push(item);
      else if (item.text === '(') at = this.#pushList(items, at);
      else if (item.text === ')') this.#fail(item, 'this ")" closes a list that has not begun');
      else if (item.text.startsWith(':')) this.#apply(item);
      else this.stack.push({ ...item, text: unescapeText(item.text) });
      if (this.stack.length > HIGHEST)
        this.#fail(spanOf(item), `more than ${HIGHEST} items are on the stack`);
    }
    this.#depth--;
  }

  /** @returns where the list ends */
  #pushList(items: readonly Item[], from: number): number {
    let open = 0;
    for (let at = from; at < items.length; at++) {
      const item = items[at]!;
      if (item.kind !== 'text') continue;
      if (item.text === '(') open++;
      if (item.text !== ')' || --open > 0) continue;
      if (at - from > HIGHEST) this.#fail(spanOf(items[from]!), `a list has more than ${HIGHEST} items`);
      this.stack.push({ kind: 'list', items: items.slice(from + 1, at) });
      return at;
    }
    return this.#fail(spanOf(items[from]!), 'this "(" is never closed');
  }

  #apply(token: Token): void {
    const name = token.text.slice(1);
    const forms = VOCABULARY.get(name);
    if (!forms) this.#unknown(token, name);
    for (const form of forms!) {
      const read = this.#arguments(form);
      if (!read) continue;
      this.stack.splice(this.stack.length - form.takes.length);
      const given = this.#given(token, form, read.args);
      this.stack.push(
        ...(read.legend === undefined ? given : given.map((item) => styledAs(item, read.legend!))),
      );
      return;
    }
    this.#fail(token, `:${name} takes ${forms!.map(taken).join(', or ')}, and found ${this.#found(forms!)}`);
  }

  #given(token: Token, form: Word, args: never[]): readonly Item[] {
    const depth = this.#depth;
    try {
      return form.apply(args, this);
    } catch (error) {
      if (!(error instanceof WordFault)) throw error;
      this.#depth = depth;
      return this.#fail(token, `${token.text} ${error.problem}`);
    }
  }

  /** The arguments of a form as its kinds, if they are on the stack. Words other than `legend` see through a legend. */
  #arguments(form: Word): { args: never[]; legend?: string } | undefined {
    const from = this.stack.length - form.takes.length;
    if (from < 0) return undefined;
    const args: unknown[] = [];
    let legend: string | undefined;
    for (const [i, kind] of form.takes.entries()) {
      let item = this.stack[from + i]!;
      if (item.kind === 'styled' && kind === 'series') {
        legend ??= item.legend;
        item = item.of;
      }
      const value = READ[kind](item);
      if (value === undefined) return undefined;
      args.push(value);
    }
    if (form.when && !form.when(args as never[])) return undefined;
    return { args: args as never[], ...(legend === undefined ? {} : { legend }) };
  }

  #found(forms: readonly Word[]): string {
    const count = Math.max(...forms.map(({ takes }) => takes.length));
    const top = this.stack.slice(-count);
    return top.length === 0 ? 'nothing' : top.map(nameOfKind).join(', ');
  }

  #unknown(token: Token, name: string): never {
    if (NOT_ON_STREAM.has(name)) this.#fail(token, `:${name} is not supported for streaming evaluation`);
    const guess = nearest(name, VOCABULARY.keys());
    this.#fail(
      token,
      `there is no word ":${name}"${guess === undefined ? '' : `; did you mean ":${guess}"?`}`,
    );
  }

  #fail(span: Span, problem: string): never {
    throw new AlertProgramError(this.#program, span, problem);
  }
}

const spanOf = (item: Item): Span => (item.kind === 'text' ? item : { from: 0, to: 0 });

const taken = ({ takes }: Word): string =>
  takes.length === 0 ? 'nothing' : takes.map((kind) => KIND_WORDS[kind]).join(', ');

/** A word that works on a series with a legend gives one with that legend. */
function styledAs(item: Item, legend: string): Item {
  if (item.kind === 'styled') return item;
  const of = asExpr(item);
  return of && item.kind !== 'text' ? ({ kind: 'styled', of, legend } satisfies StyledExpr) : item;
}
