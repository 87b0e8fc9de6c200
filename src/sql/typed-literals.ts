import { type Token, tokensOf } from './admission/tokens.ts';
import { SqlError } from './errors.ts';
import { type Ast, type AstObject, isObject, placeAt, rewrite } from './tree.ts';

/** What a type makes of the text of a literal. */
interface Kind {
  /** The type as the parser says it in a cast; undefined: the text itself is meant. */
  readonly to: (value: string) => AstObject | undefined;
  readonly isValid: (value: string) => boolean;
}

const whole = (to: AstObject, bits: bigint): Kind => ({
  to: () => to,
  isValid: (value) => {
    if (!/^[+-]?\d{1,40}$/.test(value)) return false;
    const number = BigInt(value.replace('+', ''));
    return number >= -(2n ** (bits - 1n)) && number < 2n ** (bits - 1n);
  },
});

const INTEGER = whole({ data_type: 'int', length: null, integer_spelling: true }, 32n);
const isDouble = (value: string): boolean =>
  /^(?:[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|Infinity)|NaN)$/.test(value.replace('E', 'e'));
const DOUBLE: Kind = { to: () => ({ data_type: 'double', precision: null, scale: null }), isValid: isDouble };

/** Types whose literals Trino writes as the type and a text, and the parser does not read. `DATE '…'` and its like it does. */
const KINDS: { readonly [type: string]: Kind } = {
  bigint: whole({ data_type: 'big_int', length: null }, 64n),
  int: INTEGER,
  integer: INTEGER,
  smallint: whole({ data_type: 'small_int', length: null }, 16n),
  tinyint: whole({ data_type: 'tiny_int', length: null }, 8n),
  double: DOUBLE,
  real: {
    to: () => ({ data_type: 'float', precision: null, scale: null, real_spelling: true }),
    isValid: isDouble,
  },
  boolean: {
    to: () => ({ data_type: 'boolean' }),
    isValid: (value) => /^(?:true|t|1|false|f|0)$/i.test(value),
  },
  decimal: {
    to: (value) => ({ data_type: 'decimal', ...digitsOf(value) }),
    isValid: (value) => /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(value) && digitsOf(value).precision <= 38,
  },
  varchar: { to: () => undefined, isValid: () => true },
};

/** The digits that a decimal is written with decide its type; noughts in front do not count. */
function digitsOf(value: string): { precision: number; scale: number } {
  const [, before = '', after = ''] = /^[+-]?0*(\d*)\.?(\d*)$/.exec(value) ?? [];
  return { precision: Math.max(1, before.length + after.length), scale: after.length };
}

/** A statement as the parser reads it. */
interface Spelled {
  /** As long as the statement: everything stands at its place. */
  readonly text: string;
  /** The tree of that text, with each literal in its type. */
  typed(ast: Ast): Ast;
}

const NAMES = Object.keys(KINDS);
/** Signs of the private use area, one for each type: no text of SQL has a reason to hold them. */
const FIRST = 0xf000;
const MARKS = /[\uF000-\uF0FF]/;

/**
 * A statement whose literals with a type in front of them, `BIGINT '5'`, `DECIMAL '1.50'`, stand in it as texts, for the
 * parser does not read such literals. The tree gets a cast for each.
 * @throws SqlError for a text that is no value of its type
 */
export function spelledForParser(text: string): Spelled {
  const tokens = MARKS.test(text) ? [] : tokensOf(text);
  const found = new Map<string, { readonly kind: Kind; readonly value: string }>();
  let spelled = text;
  for (const [i, token] of tokens.entries()) {
    const literal = literalAt(tokens, i, text);
    if (!literal) continue;
    const { kind, value, at } = literal;
    if (!kind.isValid(value)) throw invalid(token, text);
    // The quote moves to the front, and marks of the type take its place.
    const front = String.fromCodePoint(FIRST + NAMES.indexOf(token.value.toLowerCase())).repeat(
      at - token.at,
    );
    spelled = `${spelled.slice(0, token.at)}'${front}${spelled.slice(at + 1)}`;
    found.set(`${front}${value}`, { kind, value });
  }
  return { text: spelled, typed: (ast) => (found.size === 0 ? ast : typedIn(ast, found)) };
}

function literalAt(tokens: readonly Token[], i: number, text: string) {
  const [word, literal] = [tokens[i]!, tokens[i + 1]];
  const name = word.value.toLowerCase();
  if (word.kind !== 'word' || literal?.kind !== 'text' || !Object.hasOwn(KINDS, name)) return undefined;
  // Neither X'…' and its like, nor the mark of a parameter.
  const isPlain = text[literal.at] === "'" && !/[\uE000-\uF8FF]/.test(literal.value);
  return isPlain ? { kind: KINDS[name]!, value: literal.value, at: literal.at } : undefined;
}

function typedIn(ast: Ast, found: ReadonlyMap<string, { kind: Kind; value: string }>): Ast {
  return rewrite(ast, (object) => {
    const literal = isObject(object.literal) ? object.literal : undefined;
    const typed = literal?.literal_type === 'string' ? found.get(String(literal.value)) : undefined;
    if (!typed) return object;
    const text: AstObject = { literal: { ...literal, value: typed.value } };
    const to = typed.kind.to(typed.value);
    return to === undefined
      ? text
      : { cast: { this: text, to, trailing_comments: [], double_colon_syntax: false } };
  });
}

function invalid({ value, at }: Token, text: string): SqlError {
  const type = value.toLowerCase();
  return new SqlError(`A literal is no ${type}.`, {
    place: placeAt(text, [...text.slice(0, at)].length),
    hint: `write digits alone, as in BIGINT '5', DECIMAL '1.50' and DOUBLE '1e3'; or TRY_CAST(x AS ${type})`,
  });
}
