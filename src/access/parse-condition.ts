import { COMPARISONS, type Comparison, type Condition, type Operand } from './condition.ts';

/** Why a condition cannot be read. */
class Unreadable extends Error {
  readonly problem: string;

  constructor(problem: string) {
    super('unreadable');
    this.problem = problem;
  }
}

interface Token {
  readonly kind: 'word' | 'text' | 'number' | 'sign' | 'end';
  readonly value: string;
}

const TOKEN =
  /\s*(?:(?<word>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?)|'(?<text>(?:[^']|'')*)'|(?<number>-?\d+(?:\.\d+)?)|(?<sign><>|<=|>=|[=<>(),]))/y;
/** Conditions nested deeper than this are no rule that anybody could check. */
const DEEPEST = 20;
const KEYWORDS = new Set(['and', 'or', 'not', 'in', 'is', 'null', 'true', 'false', 'all', 'session']);

/**
 * Reads a condition: `student_id in my_students and not (status = 'closed' or hold is not null)`. Keywords are read in
 * any case, names in lower case. `not` binds closest, then `and`, then `or`.
 * @returns the condition, or what was found and what was expected
 */
export function readCondition(
  text: string,
): { readonly condition: Condition } | { readonly problem: string } {
  try {
    return { condition: parseCondition(text) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { problem: error.problem };
  }
}

/** The same for one that has been read without a problem before. */
export function parseCondition(text: string): Condition {
  const tokens = tokensOf(text);
  let at = 0;
  const peek = () => tokens[at]!;
  const take = () => tokens[at++]!;
  const isWord = (word: string) => peek().kind === 'word' && peek().value.toLowerCase() === word;
  const isSign = (sign: string) => peek().kind === 'sign' && peek().value === sign;
  const accept = (is: boolean) => is && take() !== undefined;
  const expect = (is: boolean, what: string) => {
    if (!accept(is)) throw new Unreadable(`found ${named(peek())}, expected ${what}`);
  };

  const joined = (kind: 'and' | 'or', part: (depth: number) => Condition, depth: number): Condition => {
    const parts = [part(depth)];
    while (accept(isWord(kind))) parts.push(part(depth));
    return parts.length === 1 ? parts[0]! : { kind, of: parts };
  };
  const any = (depth: number): Condition => joined('or', all, depth);
  const all = (depth: number): Condition => joined('and', single, depth);
  const single = (depth: number): Condition => {
    if (depth > DEEPEST) throw new Unreadable(`parts are nested more than ${DEEPEST} deep`);
    if (accept(isWord('not'))) return { kind: 'not', of: single(depth + 1) };
    if (accept(isSign('('))) {
      const inner = any(depth + 1);
      expect(isSign(')'), '")"');
      return inner;
    }
    return leaf(columnName());
  };
  const columnName = (): string => {
    const token = take();
    const isName =
      token.kind === 'word' && !token.value.includes('.') && !KEYWORDS.has(token.value.toLowerCase());
    if (!isName) throw new Unreadable(`found ${named(token)}, expected a column of the table`);
    return token.value.toLowerCase();
  };
  const leaf = (column: string): Condition => {
    if (accept(isWord('is'))) {
      const not = accept(isWord('not'));
      expect(isWord('null'), not ? '"null"' : '"null" or "not null"');
      return { kind: 'null', column, not };
    }
    const not = accept(isWord('not'));
    if (accept(isWord('in'))) return membership(column, not);
    if (not) throw new Unreadable(`found ${named(peek())}, expected "in"`);
    const sign = take();
    const by = COMPARISONS.find((known) => sign.kind === 'sign' && known === sign.value);
    if (!by)
      throw new Unreadable(
        `found ${named(sign)} after ${column}, expected ${COMPARISONS.join(' ')}, in or is`,
      );
    return { kind: 'compare', column, by: by satisfies Comparison, to: operand() };
  };
  const membership = (column: string, not: boolean): Condition => {
    if (!accept(isSign('('))) {
      const token = take();
      const isName =
        token.kind === 'word' && !token.value.includes('.') && !KEYWORDS.has(token.value.toLowerCase());
      if (!isName) throw new Unreadable(`found ${named(token)}, expected a lookup or a list in parentheses`);
      return { kind: 'lookup', column, lookup: token.value.toLowerCase(), not };
    }
    const values = [operand()];
    while (accept(isSign(','))) values.push(operand());
    expect(isSign(')'), '"," or ")"');
    return { kind: 'in', column, values, not };
  };
  const operand = (): Operand => {
    const token = take();
    if (token.kind === 'text' || token.kind === 'number') return { kind: token.kind, value: token.value };
    const word = token.kind === 'word' ? token.value.toLowerCase() : '';
    if (word === 'true' || word === 'false') return { kind: 'boolean', value: word === 'true' };
    if (word.startsWith('session.')) return { kind: 'attribute', name: word.slice('session.'.length) };
    throw new Unreadable(
      `found ${named(token)}, expected a number, a 'text', true, false or session.attribute`,
    );
  };

  const condition = any(0);
  if (peek().kind !== 'end') throw new Unreadable(`found ${named(peek())}, expected "and", "or" or the end`);
  return condition;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let from = 0;
  const end = text.trimEnd().length;
  while (from < end) {
    TOKEN.lastIndex = from;
    const found = TOKEN.exec(text);
    if (!found)
      throw new Unreadable(`cannot read on at ${JSON.stringify(text.slice(from).trim().slice(0, 20))}`);
    from = TOKEN.lastIndex;
    const { word, text: quoted, number, sign } = found.groups!;
    if (word !== undefined) tokens.push({ kind: 'word', value: word });
    else if (quoted !== undefined) tokens.push({ kind: 'text', value: quoted.replaceAll("''", "'") });
    else if (number !== undefined) tokens.push({ kind: 'number', value: number });
    else tokens.push({ kind: 'sign', value: sign! });
  }
  return [...tokens, { kind: 'end', value: '' }];
}

/** A token in a message. A text that a steward compares with may be of a person: it is not repeated. */
function named({ kind, value }: Token): string {
  if (kind === 'end') return 'the end';
  return kind === 'text' ? 'a text' : `"${value}"`;
}
