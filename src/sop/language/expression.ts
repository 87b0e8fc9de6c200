import { didYouMean } from '../../campus/nearest.ts';
import { type Place, SyntaxFault } from './problem.ts';
import { type Token, tokensOf } from './tokens.ts';
import type { Argument, Expression, Operator } from './tree.ts';

/** Words that no value can be named. */
export const RESERVED = new Set(
  'and or not in contains is true false nothing if else otherwise for each repeat until ask judge see stop with because set add to note at most approved by when from showing'.split(
    ' ',
  ),
);

const COMPARISONS: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>=']);

const MOST_TOKENS = 1000;

/** Reads one line, token by token. */
export class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  static of(text: string, line: number, from = 0): Reader {
    const tokens = tokensOf(text, line, from);
    // Whatever is nested in it stays within what can be called.
    if (tokens.length > MOST_TOKENS)
      throw new SyntaxFault(`A line has ${MOST_TOKENS} words and signs at most.`, tokens[MOST_TOKENS]!);
    return new Reader(tokens);
  }

  get next(): Token {
    return this.#tokens[this.#at]!;
  }

  peek(ahead: number): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]!;
  }

  take(): Token {
    const token = this.next;
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  /** Whether these words or signs come next. */
  sees(...texts: readonly string[]): boolean {
    return texts.every((text, i) => {
      const { kind, text: found } = this.peek(i);
      return (kind === 'word' || kind === 'sign') && found === text;
    });
  }

  /** Takes these words or signs where they come next. */
  skip(...texts: readonly string[]): boolean {
    if (!this.sees(...texts)) return false;
    this.#at += texts.length;
    return true;
  }

  expect(...texts: readonly string[]): void {
    if (!this.skip(...texts)) this.fail(`Here \`${texts.join(' ')}\` is expected`);
  }

  fail(message: string): never {
    const { kind, text } = this.next;
    throw new SyntaxFault(
      `${message}${kind === 'end' ? ', and the line ends' : `, not \`${text}\``}.`,
      this.next,
    );
  }

  end(): void {
    if (this.next.kind !== 'end') this.fail('Here the line should end');
  }

  /** A name for a value. */
  name(what = 'a name'): Token {
    const token = this.next;
    if (token.kind !== 'word') this.fail(`Here ${what} is expected`);
    if (RESERVED.has(token.text) || token.text.includes('-'))
      throw new SyntaxFault(
        token.text.includes('-')
          ? `\`${token.text}\` is no name of a value: write \`${token.text.replaceAll('-', '_')}\`, or spaces around a minus.`
          : `\`${token.text}\` is a word of the language and no name.`,
        token,
      );
    return this.take();
  }

  /** Names with hyphens: of roles and procedures. */
  plainName(what: string): string {
    if (this.next.kind !== 'word') this.fail(`Here ${what} is expected`);
    return this.take().text;
  }

  names(what: string): string[] {
    const names = [this.plainName(what)];
    while (this.skip(',')) names.push(this.plainName(what));
    return names;
  }

  /** A text without values in it. */
  plainText(what: string): string {
    if (this.next.kind !== 'literal' && this.next.kind !== 'template')
      this.fail(`Here ${what}, in quotes, is expected`);
    return this.take().text;
  }

  whole(what: string): number {
    const { kind, text } = this.next;
    if (kind !== 'number' || !/^\d+$/.test(text) || Number(text) < 1) this.fail(`Here ${what} is expected`);
    return Number(this.take().text);
  }

  args(): Argument[] {
    this.expect('(');
    const found: Argument[] = [];
    while (!this.skip(')')) {
      if (found.length > 0) this.expect(',');
      const { line, column } = this.next;
      const isNamed = this.next.kind === 'word' && this.peek(1).text === ':' && this.peek(1).kind === 'sign';
      const name = isNamed ? this.take().text : undefined;
      if (isNamed) this.expect(':');
      found.push({ ...(name === undefined ? {} : { name }), value: this.expression(), line, column });
    }
    return found;
  }

  expressions(): Expression[] {
    const found = [this.expression()];
    while (this.skip(',')) found.push(this.expression());
    return found;
  }

  expression(): Expression {
    return this.#binary(['or'], () => this.#binary(['and'], () => this.#not()));
  }

  #binary(operators: readonly Operator[], operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const operator = operators.find((one) => this.sees(one));
      if (operator === undefined) return left;
      const { line, column } = this.take();
      left = { kind: 'binary', operator, left, right: operand(), line, column };
    }
  }

  #not(): Expression {
    const { line, column } = this.next;
    if (this.skip('not')) return { kind: 'not', of: this.#not(), line, column };
    return this.#comparison();
  }

  #comparison(): Expression {
    const left = this.#sum();
    const { line, column, text, kind } = this.next;
    const at = { line, column };
    if (kind === 'sign' && COMPARISONS.has(text)) {
      this.take();
      const found: Expression = {
        kind: 'binary',
        operator: text as Operator,
        left,
        right: this.#sum(),
        ...at,
      };
      if (COMPARISONS.has(this.next.text)) this.fail('Two comparisons are joined by `and`');
      return found;
    }
    if (this.skip('is', 'not', 'nothing')) return { kind: 'not', of: isNothing(left, at), ...at };
    if (this.skip('is', 'nothing')) return isNothing(left, at);
    if (this.skip('not', 'in'))
      return { kind: 'not', of: { kind: 'binary', operator: 'in', left, right: this.#sum(), ...at }, ...at };
    for (const operator of ['in', 'contains'] as const)
      if (this.skip(operator)) return { kind: 'binary', operator, left, right: this.#sum(), ...at };
    return left;
  }

  #sum(): Expression {
    return this.#binary(['+', '-'], () => this.#binary(['*', '/'], () => this.#minus()));
  }

  #minus(): Expression {
    const { line, column } = this.next;
    if (this.skip('-')) return { kind: 'minus', of: this.#minus(), line, column };
    return this.#postfix(this.#primary());
  }

  #postfix(of: Expression): Expression {
    const { line, column } = this.next;
    if (!this.skip('.')) return of;
    if (this.next.kind !== 'word') this.fail('Here the name of a field is expected');
    return this.#postfix({ kind: 'field', of, name: this.take().text, line, column });
  }

  #primary(): Expression {
    const { kind, text, line, column } = this.next;
    const at = { line, column };
    if (this.skip('(')) {
      const inner = this.expression();
      this.expect(')');
      return inner;
    }
    if (this.skip('[')) {
      const items: Expression[] = [];
      while (!this.skip(']')) {
        if (items.length > 0) this.expect(',');
        items.push(this.expression());
      }
      return { kind: 'list', items, ...at };
    }
    if (kind === 'number') return { kind: 'literal', value: Number(this.take().text), ...at };
    if (kind === 'literal') return { kind: 'literal', value: this.take().text, ...at };
    if (kind === 'template') return templateOf(this.take());
    if (kind === 'tool')
      throw new SyntaxFault(`A tool is called on a line of its own: \`result = @${text}(…)\`.`, at);
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['nothing', null],
    ] as const)
      if (this.skip(word)) return { kind: 'literal', value, ...at };
    if (kind === 'word' && this.peek(1).text === '(') {
      this.take();
      const args = this.args().map(({ value }) => value);
      return { kind: 'function', name: text, args, ...at };
    }
    return { kind: 'name', name: this.name('a value').text, ...at };
  }
}

const isNothing = (left: Expression, at: Place): Expression => ({
  kind: 'binary',
  operator: '=',
  left,
  right: { kind: 'literal', value: null, ...at },
  ...at,
});

/** `"a {b} c"`; `{{` is a brace. */
function templateOf({ text, line, column }: Token): Expression {
  const parts: (string | Expression)[] = [];
  let plain = '';
  for (let at = 0; at < text.length; ) {
    if (text.startsWith('{{', at) || text.startsWith('}}', at)) {
      plain += text[at];
      at += 2;
    } else if (text[at] === '{') {
      const end = text.indexOf('}', at);
      if (end < 0)
        throw new SyntaxFault('A { in a text has no }; write {{ for a brace.', {
          line,
          column: column + at + 1,
        });
      const reader = Reader.of(text.slice(at + 1, end), line, column + at + 1);
      const value = reader.expression();
      reader.end();
      if (plain !== '') parts.push(plain);
      plain = '';
      parts.push(value);
      at = end + 1;
    } else plain += text[at++];
  }
  if (plain !== '' || parts.length === 0) parts.push(plain);
  if (parts.length === 1 && typeof parts[0] === 'string')
    return { kind: 'literal', value: parts[0], line, column };
  return { kind: 'template', parts, line, column };
}

/** @throws SyntaxFault with a guess for a word that begins no step */
export function noStep(word: Token): never {
  const words = [
    'if',
    'else if',
    'otherwise',
    'for each',
    'repeat until',
    'ask',
    'judge',
    'see',
    'stop with',
    'add',
    'note',
  ];
  throw new SyntaxFault(`No step begins with \`${word.text}\`${didYouMean(word.text, words)}.`, word);
}
