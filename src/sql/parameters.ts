import { didYouMean } from '../campus/nearest.ts';
import { InputError } from '../errors.ts';
import type { Parameter } from '../ports/parameter.ts';
import { cast, NULL } from './build.ts';
import { SqlError } from './errors.ts';
import { type Ast, isObject, placeAt, rewrite } from './tree.ts';
import { type Word, wordsOf } from './words.ts';

/** A parameter in a text: where it stands, and the literal that it means. */
export interface PlacedValue {
  /** Offsets in characters. */
  readonly start: number;
  readonly end: number;
  /** The text of the literal that stands there for the parser. */
  readonly mark: string;
  readonly literal: Ast;
  /** The literal in Athena's SQL. */
  readonly sql: string;
}

/** A statement as the parser reads it, with a mark of the same length for each parameter. */
interface Marked {
  readonly text: string;
  readonly values: readonly PlacedValue[];
}

interface Kind {
  readonly shape: RegExp;
  readonly example: string;
  readonly literal: (value: string) => Ast;
  readonly sql: (value: string) => string;
}

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;
const text = (value: string): Ast => ({ literal: { literal_type: 'string', value } });
const number = (value: string): Ast => {
  const digits: Ast = { literal: { literal_type: 'number', value: value.replace(/^[+-]/, '') } };
  return value.startsWith('-')
    ? { paren: { this: { neg: { this: digits } }, trailing_comments: [] } }
    : digits;
};
/** A literal in its type, which its digits alone do not always say. */
const typed = (type: string, data: Ast, value: string): Ast => {
  const node = cast(number(value), type);
  return isObject(node.cast) ? { cast: { ...node.cast, to: data } } : node;
};

const KINDS: { readonly [type: string]: Kind } = {
  varchar: { shape: /^[\s\S]*$/, example: 'any text', literal: text, sql: quoted },
  integer: {
    shape: /^[+-]?\d{1,10}$/,
    example: '5',
    literal: (value) => typed('integer', { data_type: 'int', length: null, integer_spelling: true }, value),
    sql: (value) => `CAST(${value} AS integer)`,
  },
  bigint: {
    shape: /^[+-]?\d{1,19}$/,
    example: '5',
    literal: (value) => typed('bigint', { data_type: 'big_int', length: null }, value),
    sql: (value) => `CAST(${value} AS bigint)`,
  },
  double: {
    shape: /^[+-]?\d+(\.\d+)?(e[+-]?\d{1,3})?$/i,
    example: '2.5',
    literal: (value) => number(/e/i.test(value) ? value : `${value}e0`),
    sql: (value) => (/e/i.test(value) ? value : `${value}e0`),
  },
  decimal: {
    shape: /^[+-]?\d{1,28}(\.\d{1,10})?$/,
    example: '2.50',
    literal: (value) => number(value.includes('.') ? value : `${value}.0`),
    sql: (value) => (value.includes('.') ? value : `${value}.0`),
  },
  boolean: {
    shape: /^(true|false)$/i,
    example: 'true',
    literal: (value) => ({ boolean: { value: /^true$/i.test(value) } }),
    sql: (value) => value,
  },
  date: {
    shape: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
    example: '2026-10-05',
    literal: (value) => ({ literal: { literal_type: 'date', value } }),
    sql: (value) => `DATE ${quoted(value)}`,
  },
  timestamp: {
    shape: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,3})?$/,
    example: "'2026-10-05 08:00:00'",
    literal: (value) => ({ literal: { literal_type: 'timestamp', value } }),
    sql: (value) => `TIMESTAMP ${quoted(value)}`,
  },
};

/**
 * A parameter as it is given on a command line: `term=2026FA`, `n:bigint=5`, `n:bigint=null`. Without a type it is a
 * text, and a text is never null.
 * @throws InputError
 */
export function parameterOf(written: string): Parameter {
  const [, name, type = 'varchar', value = ''] = /^([A-Za-z_]\w*)(?::(\w+))?=([\s\S]*)$/.exec(written) ?? [];
  if (name === undefined) {
    throw new InputError('A parameter is written name=value.', {
      hint: '--param term=2026FA, or with its type: --param n:bigint=5',
    });
  }
  const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  const types = Object.keys(KINDS);
  if (!kind) {
    throw new InputError(`There is no type "${type}" for a parameter${didYouMean(type, types) || '.'}`, {
      hint: `the types are ${types.join(', ')}`,
    });
  }
  if (!kind.shape.test(value) && !isNull(type, value)) {
    throw new InputError(`The value of the parameter ${name} is no ${type}.`, {
      hint: `write it so: --param ${name}:${type}=${kind.example}`,
    });
  }
  return { name: name.toLowerCase(), type, value };
}

const isNull = (type: string, value: string): boolean => type !== 'varchar' && /^null$/i.test(value);

/** Signs of the private use area: no text of SQL has a reason to hold them. */
const FIRST = 0xe000;
const FILL = String.fromCodePoint(0xf8ff);
const MARKS = /[\uE000-\uF8FF]/;

/**
 * A text with a literal in place of each parameter, for the parser alone: no character of a value ever stands in a
 * text that is parsed. The values are put into the tree, by `withValues`.
 * @throws SqlError for a parameter without a value, and for a value without a parameter
 */
export function marked(sql: string, parameters: readonly Parameter[] = []): Marked {
  const words = wordsOf(sql).filter(({ kind }) => kind === 'parameter');
  refuseOthers(sql, words, parameters);
  if (words.length === 0) return { text: sql, values: [] };
  if (MARKS.test(sql)) throw new SqlError('A statement with parameters holds signs of the private use area.');
  const characters = [...sql];
  const values: PlacedValue[] = [];
  let at = 0;
  let markedText = '';
  for (const [i, { start, text: written }] of words.entries()) {
    const parameter = parameters.find(({ name }) => name === written.slice(1).toLowerCase())!;
    const length = Math.max(3, [...written].length);
    // A name of one letter takes the blank behind it along, so that all that follows stays at its place.
    const end = start + [...written].length;
    const blank = length > end - start && /\s/.test(characters[end] ?? '') ? 1 : 0;
    const mark = String.fromCodePoint(FIRST + i).padEnd(length - 2, FILL);
    markedText += `${characters.slice(at, start).join('')}'${mark}'`;
    at = end + blank;
    const { literal, sql: inSql } = literalOf(parameter);
    values.push({ start, end: start + length, mark, literal, sql: inSql });
  }
  return { text: markedText + characters.slice(at).join(''), values: shifted(values, markedText) };
}

/** Offsets in the marked text, where marks stand in their order. */
function shifted(values: readonly PlacedValue[], markedText: string): PlacedValue[] {
  const characters = [...markedText];
  return values.map((value) => {
    const start = characters.indexOf([...value.mark][0]!) - 1;
    return { ...value, start, end: start + [...value.mark].length + 2 };
  });
}

function literalOf({ type, value }: Parameter): { literal: Ast; sql: string } {
  if (isNull(type, value)) return { literal: NULL, sql: 'NULL' };
  const kind = KINDS[type]!;
  return { literal: kind.literal(value), sql: kind.sql(value) };
}

function refuseOthers(sql: string, words: readonly Word[], parameters: readonly Parameter[]): void {
  for (const { text: written, start } of words) {
    const place = placeAt(sql, start);
    if (written === '?') {
      throw new SqlError('A parameter has a name here.', {
        place,
        hint: 'write :term, and lake query --param term=2026FA',
      });
    }
    const name = written.slice(1);
    if (parameters.some((parameter) => parameter.name === name.toLowerCase())) continue;
    throw new SqlError(`The parameter :${name} is given no value.`, {
      place,
      hint: `lake query --param ${name}=…, or with its type: --param ${name}:bigint=…`,
    });
  }
  const used = words.map(({ text: written }) => written.slice(1).toLowerCase());
  const unused = parameters.find(({ name }) => !used.includes(name));
  if (unused === undefined) return;
  throw new SqlError(
    `The statement has no parameter :${unused.name}${didYouMean(unused.name, used) || '.'}`,
    {
      hint: used.length > 0 ? `it has :${used.join(', :')}` : `write :${unused.name} where the value stands`,
    },
  );
}

/**
 * The tree with the values in place of the marks.
 * @throws SqlError where a parameter stands as a part of something else than a value: `DATE :day`
 */
export function withValues(ast: Ast, values: readonly PlacedValue[], sql: string): Ast {
  if (values.length === 0) return ast;
  return rewrite(ast, (object) => {
    const literal = isObject(object.literal) ? object.literal : undefined;
    const value = values.find(({ mark }) => mark === literal?.value);
    if (value && literal?.literal_type === 'string') return value.literal;
    const other = Object.values(object).find((inner) => typeof inner === 'string' && MARKS.test(inner));
    // Seen again one level up, where the literal itself is looked at.
    if (other === undefined || (value && literal === undefined) || object.literal_type === 'string')
      return object;
    const at = values.find(({ mark }) => String(other).includes(mark));
    throw new SqlError('A parameter stands for a whole value, and not for a part of one.', {
      place: at && placeAt(sql, at.start),
      hint: 'give it its type, and write it alone: --param day:date=2026-10-05 and day >= :day',
    });
  });
}
