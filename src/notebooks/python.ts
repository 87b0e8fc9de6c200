/**
 * The Python that the lake runs by itself: assignments of plain values, and calls of `ask`, `show` and `chart` with
 * values and names. Whatever else stands in a cell, the lake does not know the cell.
 */
export type Value = string | number | boolean | null;

export type Expression = { readonly value: Value } | { readonly name: string } | Call;

export interface Call {
  readonly call: 'ask' | 'show' | 'chart';
  readonly positional: readonly Expression[];
  readonly named: Readonly<Record<string, Expression>>;
}

export interface Statement {
  /** The name that is assigned. Absent: the value is dropped. */
  readonly to?: string;
  readonly does: Expression;
}

type Token =
  | { readonly kind: 'name' | 'sign'; readonly text: string }
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'line' };

const CALLS = new Set(['ask', 'show', 'chart']);
const WORDS: Readonly<Record<string, Value>> = { True: true, False: false, None: null };
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  n: '\n',
  t: '\t',
  r: '\r',
  '\n': '',
};

/** @returns undefined where the source is more than this grammar */
export function readPython(source: string): readonly Statement[] | undefined {
  const tokens = tokensOf(source.replaceAll('\r\n', '\n'));
  if (tokens === undefined) return undefined;
  const statements: Statement[] = [];
  let at = 0;
  const sign = (text: string): boolean => {
    const token = tokens[at];
    if (token?.kind !== 'sign' || token.text !== text) return false;
    at++;
    return true;
  };
  const expression = (): Expression | undefined => {
    const token = tokens[at];
    if (token?.kind === 'value') {
      at++;
      return { value: token.value };
    }
    if (token?.kind !== 'name') return undefined;
    at++;
    if (!sign('(')) return { name: token.text };
    return CALLS.has(token.text) ? call(token.text as Call['call']) : undefined;
  };
  const call = (name: Call['call']): Call | undefined => {
    const positional: Expression[] = [];
    const named: Record<string, Expression> = {};
    while (!sign(')')) {
      const token = tokens[at];
      const next = tokens[at + 1];
      const isNamed = token?.kind === 'name' && next?.kind === 'sign' && next.text === '=';
      if (isNamed) at += 2;
      else if (Object.keys(named).length > 0) return undefined;
      const given = expression();
      if (given === undefined) return undefined;
      if (!isNamed) positional.push(given);
      else if (Object.hasOwn(named, token.text)) return undefined;
      else named[token.text] = given;
      if (!sign(',')) {
        if (!sign(')')) return undefined;
        break;
      }
    }
    return { call: name, positional, named };
  };
  while (at < tokens.length) {
    const token = tokens[at]!;
    if (token.kind === 'line') {
      at++;
      continue;
    }
    const next = tokens[at + 1];
    const isAssignment = token.kind === 'name' && next?.kind === 'sign' && next.text === '=';
    if (isAssignment) at += 2;
    const does = expression();
    if (does === undefined) return undefined;
    if (tokens[at] !== undefined && tokens[at]!.kind !== 'line') return undefined;
    // What Python would print of a value that stands alone is its own way of writing it.
    if (!isAssignment && !('call' in does && does.call !== 'ask')) return undefined;
    statements.push(isAssignment ? { to: token.text, does } : { does });
  }
  return statements;
}

/** Within parentheses an end of line is nothing. */
function tokensOf(source: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  let depth = 0;
  let at = 0;
  while (at < source.length) {
    const rest = source.slice(at);
    const [blank] = /^(?:[ \t]+|#[^\n]*|\\\n)/.exec(rest) ?? [];
    if (blank !== undefined) {
      // What is indented belongs to a block.
      if (
        /^[ \t]/.test(blank) &&
        depth === 0 &&
        (at === 0 || source[at - 1] === '\n') &&
        /^[ \t]+[^\s#]/.test(rest)
      )
        return undefined;
      at += blank.length;
      continue;
    }
    const character = rest[0]!;
    if (character === '\n') {
      if (depth === 0) tokens.push({ kind: 'line' });
      at++;
      continue;
    }
    const text = textAt(rest);
    if (text !== undefined) {
      tokens.push({ kind: 'value', value: text.value });
      at += text.length;
      continue;
    }
    const [number] = /^-?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?(?![\w.])/.exec(rest) ?? [];
    if (number !== undefined) {
      // A whole number beyond 2^53 is not one of JavaScript.
      const value = Number(number);
      if (/^-?\d+$/.test(number) && !Number.isSafeInteger(value)) return undefined;
      tokens.push({ kind: 'value', value });
      at += number.length;
      continue;
    }
    const [name] = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(rest) ?? [];
    if (name !== undefined) {
      tokens.push(
        Object.hasOwn(WORDS, name) ? { kind: 'value', value: WORDS[name]! } : { kind: 'name', text: name },
      );
      at += name.length;
      continue;
    }
    if (!'()=,'.includes(character)) return undefined;
    depth += character === '(' ? 1 : character === ')' ? -1 : 0;
    if (depth < 0 || (character === '=' && rest[1] === '=')) return undefined;
    tokens.push({ kind: 'sign', text: character });
    at++;
  }
  return depth === 0 ? tokens : undefined;
}

/** A literal of text at the beginning, with its length in the source. Others than plain and raw ones are not known. */
function textAt(rest: string): { value: string; length: number } | undefined {
  const [start, prefix, quote] = /^([rR]?)("""|'''|"|')/.exec(rest) ?? [];
  if (start === undefined || quote === undefined) return undefined;
  let value = '';
  for (let at = start.length; at < rest.length; at++) {
    if (rest.startsWith(quote, at)) return { value, length: at + quote.length };
    const character = rest[at]!;
    if (character === '\n' && quote.length === 1) return undefined;
    if (character !== '\\') value += character;
    else if (prefix) {
      value += character + (rest[at + 1] ?? '');
      at++;
    } else {
      const [whole, digits] = /^\\u([0-9a-fA-F]{4})/.exec(rest.slice(at)) ?? [];
      const plain = ESCAPES[rest[at + 1] ?? ''];
      if (whole === undefined && plain === undefined) return undefined;
      value += whole === undefined ? plain : String.fromCharCode(Number.parseInt(digits!, 16));
      at += (whole?.length ?? 2) - 1;
    }
  }
  return undefined;
}

/** A text of several lines as a literal of Python. */
export const tripleQuoted = (text: string): string =>
  `"""${text.replaceAll('\\', '\\\\').replaceAll('"""', '\\"\\"\\"')}"""`;
