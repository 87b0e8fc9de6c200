import { call, numberOf } from '../../build.ts';
import { type Ast, type AstObject, isObject } from '../../tree.ts';
import { decimalOf, isFloating, type SqlType } from '../../types/sql-type.ts';
import { inType } from '../rewriting.ts';
import type { Area } from './area.ts';

/** Casts, and literals whose type DuckDB would choose otherwise. */
export const CASTS: Area = {
  macros: [
    // Texts of doubles and of times are written differently in Athena: refused.
    `trino_text(x) AS CASE WHEN typeof(x) IN ('DOUBLE', 'FLOAT') OR typeof(x) LIKE 'TIMESTAMP%'
       THEN error('A double or a timestamp is cast to text, which Athena writes differently. Round and cast to a decimal or an integer first; write times with format_datetime.')
       ELSE CAST(x AS VARCHAR) END`,
    // A double becomes a whole number by rounding halves away from zero, not to the even one.
    `trino_whole(x) AS CASE WHEN typeof(x) IN ('DOUBLE', 'FLOAT')
       THEN cast_to_type(round(TRY_CAST(x AS DOUBLE)), x) ELSE x END`,
    // Nor is a fraction in a text rounded.
    `trino_digits(x) AS CASE WHEN regexp_full_match(x, '[+-]?[0-9]+') THEN x
       WHEN x IS NOT NULL THEN error('A text that is no whole number is cast to one.') END`,
    `trino_try_digits(x) AS CASE WHEN regexp_full_match(x, '[+-]?[0-9]+') THEN x END`,
  ],
  kinds: {
    cast: ({ data, was, typeOf }) => castAsTrino('cast', data, typeOf(was.this)),
    try_cast: ({ data, was, typeOf }) => castAsTrino('try_cast', data, typeOf(was.this)),
    literal: ({ data, type }) => (decimalOf(type) ? inType({ literal: data }, type as SqlType) : undefined),
  },
};

/** Casts that DuckDB makes otherwise: a text is cut to varchar(n), a half is rounded away from zero. */
function castAsTrino(kind: 'cast' | 'try_cast', data: AstObject, from: SqlType | undefined): Ast | undefined {
  const to = data.to;
  if (!isObject(to)) return undefined;
  const type = String(to.data_type);
  if (/^(tiny|small|big)?_?int(eger)?$/.test(type)) {
    if (from !== undefined && from !== 'varchar' && !isFloating(from)) return undefined;
    const isText = from === 'varchar';
    const digits = kind === 'cast' ? 'trino_digits' : 'trino_try_digits';
    return { [kind]: { ...data, this: call(isText ? digits : 'trino_whole', data.this) } };
  }
  if (/^(double|decimal)$/.test(type)) {
    const extracted = isObject(data.this) && isObject(data.this.function) ? data.this.function : undefined;
    return extracted?.name === 'trino_json_extract_scalar'
      ? { [kind]: { ...data, this: { function: { ...extracted, name: 'trino_json_number' } } } }
      : undefined;
  }
  if (kind === 'try_cast') return undefined;
  if (!/^(varchar|var_char|text|string)$/.test(type)) return undefined;
  const whole = call('trino_text', data.this);
  return typeof to.length === 'number' ? call('left', whole, numberOf(to.length)) : whole;
}
