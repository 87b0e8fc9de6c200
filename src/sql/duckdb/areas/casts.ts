import { binary, call, castBy, choose, isNull, lambda, NULL, numberOf, textOf, word } from '../../build.ts';
import { SqlError } from '../../errors.ts';
import { type Ast, type AstObject, isObject } from '../../tree.ts';
import {
  decimalOf,
  elementOf,
  isFloating,
  isNarrow,
  isWhole,
  type SqlType,
  typeOfCast,
} from '../../types/sql-type.ts';

import { NARROW_MACROS } from '../narrow-integers.ts';
import type { Area } from './area.ts';
import { CAST_MACROS } from './cast-macros.ts';

/** Casts, and literals whose type DuckDB would choose otherwise. */
export const CASTS: Area = {
  macros: [...CAST_MACROS, ...NARROW_MACROS],
  kinds: {
    cast: ({ data, was, typeOf }) =>
      converted({ kind: 'cast', value: data.this, from: typeOf(was.this), data }),
    try_cast: ({ data, was, typeOf }) =>
      converted({ kind: 'try_cast', value: data.this, from: typeOf(was.this), data }),
    literal: ({ data, type }) => literal(data, type),
    neg: ({ data, was, type }) => negative(data, literalNumber(was.this), type),
  },
};

/** One cast: of what, of which type (undefined where it is not known), and as the parser keeps it. */
interface Cast {
  readonly kind: 'cast' | 'try_cast';
  readonly value: Ast | undefined;
  readonly from: SqlType | undefined;
  readonly data: AstObject;
}

/** DuckDB's own cast of another value. */
const native = ({ kind, data }: Cast, value: Ast): AstObject => ({ [kind]: { ...data, this: value } });

/** What becomes of a text that Trino does not cast. DuckDB mostly says so itself, and can name the column. */
const bad = (cast: Cast): Ast =>
  cast.kind === 'cast' ? call('trino_not_cast', native(cast, cast.value ?? null)) : NULL;

/** A cast as Trino makes it; undefined where DuckDB makes the same. */
function converted(cast: Cast): Ast | undefined {
  const { from, data, value } = cast;
  const to = typeOfCast(data.to);
  if (to === undefined || !isObject(data.to)) return undefined;
  if (isNarrow(to))
    return castBy(cast.kind, converted(inInteger(cast)) ?? native(inInteger(cast), value ?? null), to);
  if (elementOf(to) !== undefined) return from === 'unknown' ? undefined : ofElements(cast);
  if (from === undefined) return ofUnknown(cast, to);
  if (from === 'varchar') return ofText(cast, to);
  if (to === 'varchar') return toText(cast);
  if (isFloating(from)) return ofFloating(cast, to);
  return to === 'timestamp' && from === 'timestamp' ? toPrecision(cast, value) : undefined;
}

/** A cast to a narrow type, as one to an integer. */
const inInteger = (cast: Cast): Cast => ({
  ...cast,
  data: { ...cast.data, to: { data_type: 'int', length: null, integer_spelling: true } },
});

/** From the type that the value turns out to have: texts and doubles are those that DuckDB casts otherwise. */
function ofUnknown(cast: Cast, to: SqlType): Ast {
  const value = cast.value ?? null;
  const when = (from: SqlType, name: string, otherwise: Ast): Ast => {
    const typed = castBy('try_cast', value, name);
    const isOfType = binary('eq', call('typeof', value), textOf(name));
    return choose(isOfType, converted({ ...cast, value: typed, from }) ?? native(cast, typed), otherwise);
  };
  const isNumber = isWhole(to) || decimalOf(to) !== undefined;
  return when(
    'varchar',
    'VARCHAR',
    isNumber ? when('double', 'DOUBLE', native(cast, value)) : native(cast, value),
  );
}

function ofText(cast: Cast, to: SqlType): Ast | undefined {
  const { value, data } = cast;
  if (isWhole(to)) return native(cast, call('trino_integer_text', value, bad(cast)));
  if (isFloating(to)) return native(cast, call('trino_double_text', value, bad(cast)));
  if (decimalOf(to)) return native(cast, call('trino_decimal_text', value, bad(cast)));
  if (to === 'boolean') return native(cast, call('trino_truth_text', value, bad(cast)));
  if (to === 'date') return native(cast, call('trino_date_text', value, bad(cast)));
  if (to === 'timestamp') {
    const text = call('trino_timestamp_text', value, bad(cast));
    const time = castBy(cast.kind, text, 'TIMESTAMP');
    return isMicros(data) ? call('trino_seventh_digit', time, value) : toPrecision(cast, time);
  }
  if (to === 'time') {
    const text = call('trino_time_text', value, bad(cast));
    return call('trino_time_to_precision', castBy(cast.kind, text, 'TIME'), micros(data));
  }
  if (to !== 'varchar') return undefined;
  const length = lengthOf(data);
  return length === undefined
    ? castBy('cast', value ?? null, 'VARCHAR')
    : call('left', value, numberOf(length));
}

/** A value as the text that CAST makes of it; its type is not undefined. @throws SqlError where engines differ */
export const textOfValue = (value: Ast, from: SqlType): Ast =>
  from === 'varchar' ? value : toText({ kind: 'cast', value, from, data: {} });

/** A value of a type as the one that a CAST to `to`, a type of the tree, makes of it. */
export function valueAs(value: Ast, from: SqlType, to: Ast): Ast {
  const cast: Cast = {
    kind: 'cast',
    value,
    from,
    data: { this: value, to, trailing_comments: [], double_colon_syntax: false },
  };
  return converted(cast) ?? native(cast, value);
}

/** What is no text is written whole or not at all. */
function toText(cast: Cast): Ast {
  const { value, from, data } = cast;
  if (isFloating(from) || from?.startsWith('timestamp')) {
    throw new SqlError(`A ${from} is cast to text, which Athena writes differently.`, {
      hint: 'round a number and CAST it to a decimal or a bigint first; write times with format_datetime',
    });
  }
  if (from === 'unknown') return call('trino_no_text', value);
  const text = decimalOf(from) ? call('trino_written', value) : castBy('cast', value ?? null, 'VARCHAR');
  const length = lengthOf(data);
  return length === undefined
    ? text
    : call('trino_within', text, numberOf(length), cast.kind === 'cast' ? call('trino_too_long') : NULL);
}

function ofFloating(cast: Cast, to: SqlType): Ast | undefined {
  const { value, from } = cast;
  if (isWhole(to)) return native(cast, call('trino_whole', value));
  if (to === 'real' && from === 'double') return call('trino_real', value);
  const decimal = decimalOf(to);
  if (!decimal) return undefined;
  if (from === 'real') return native(cast, call('trino_real_digits', value));
  const exact = native(cast, call('trino_digits_of', value));
  const isQuick = call('trino_rounds_alike', value, numberOf(`1e${decimal.scale}`));
  return choose(isQuick, native(cast, value ?? null), exact);
}

/** An array is cast element by element, unless DuckDB casts such elements alike; where one of them cannot be, TRY_CAST gives no array. */
function ofElements(cast: Cast): Ast | undefined {
  const { kind, value, from, data } = cast;
  const to = isObject(data.to) ? (data.to.element_type ?? null) : null;
  const item = word('trino_element');
  const inner: Cast = { kind, value: item, from: elementOf(from), data: { ...data, this: item, to } };
  const changed = from === 'unknown' ? undefined : converted(inner);
  if (changed === undefined) return undefined;
  const whole = call('list_transform', value, lambda(['trino_element'], changed));
  if (kind === 'cast') return whole;
  const isLost = binary('and', isNull(item, true), isNull(changed));
  const lost = call('list_filter', value, lambda(['trino_element'], isLost));
  return choose(binary('gt', call('len', lost), numberOf(0)), NULL, whole);
}

/** A timestamp in so many digits after its seconds as the cast names; three where it names none. */
const toPrecision = ({ data }: Cast, value: Ast | undefined): Ast =>
  call('trino_to_precision', value, micros(data));

function micros({ to }: AstObject): Ast {
  const digits = isObject(to) && typeof to.precision === 'number' ? to.precision : 3;
  if (digits > 6) {
    throw new SqlError(`timestamp(${digits}) has more digits than every engine keeps.`, {
      hint: 'write timestamp, which keeps milliseconds',
    });
  }
  return numberOf(10 ** (6 - digits));
}

const isMicros = ({ to }: AstObject): boolean => isObject(to) && to.precision === 6;

const lengthOf = ({ to }: AstObject): number | undefined =>
  isObject(to) && typeof to.length === 'number' ? to.length : undefined;

const MOST = 2n ** 63n;

const literalNumber = (node: Ast | undefined): string | undefined =>
  isObject(node) && isObject(node.literal) && node.literal.literal_type === 'number'
    ? String(node.literal.value).replaceAll('_', '')
    : undefined;

/** A decimal has the type that its digits say; a whole number has at most 64 bits. */
function literal(data: AstObject, type: SqlType | undefined): Ast | undefined {
  const digits = literalNumber({ literal: data });
  if (digits === undefined) return undefined;
  // Without its minus the least whole number is one too many, which the cast finds out.
  if (/^\d+$/.test(digits) && BigInt(digits) >= MOST) {
    if (BigInt(digits) === MOST) return castBy('cast', textOf(digits), 'bigint');
    throw new SqlError('A whole number has more than 64 bits.', {
      hint: 'write it as a decimal, with a point: 12345678901234567890.',
    });
  }
  const written = { literal: { ...data, value: digits } };
  if (decimalOf(type)) return castBy('cast', written, type as SqlType);
  return digits === data.value ? undefined : written;
}

/** The least whole number of each type is one more, without its minus, than the type holds. */
function negative(data: AstObject, digits: string | undefined, type: SqlType | undefined): Ast | undefined {
  if (decimalOf(type) || isNarrow(type)) return castBy('cast', { neg: data }, type as SqlType);
  if (digits === undefined || !/^\d+$/.test(digits)) return undefined;
  if (BigInt(digits) === MOST) return castBy('cast', textOf(`-${digits}`), 'bigint');
  return digits === '2147483648' ? castBy('cast', { neg: data }, 'integer') : undefined;
}
