import type { Dialect } from '@polyglot-sql/sdk';
import { callOf } from '../../../../models/calls.ts';
import { SqlError } from '../../../../models/errors.ts';
import type { ParsedStatement } from '../../../../models/parse-select.ts';
import { perColumns } from '../../../../models/per-columns.ts';
import { polyglot } from '../../../../models/polyglot.ts';
import { type Ast, type AstObject, isObject, placeOf, rewrite } from '../../../../models/sql-ast.ts';
import { call, numberOf } from '../../../../models/sql-build.ts';
import { fromJoda, fromMysql, type PatternPiece, toStrftime } from '../../../../models/time-pattern.ts';
import { inferTypes, type Types } from '../../../../models/types/infer.ts';
import {
  decimalOf,
  elementOf,
  isFloating,
  isNumber,
  type SqlType,
} from '../../../../models/types/sql-type.ts';
import type { TableSet } from '../../../ports/tables.ts';
import { nameColumns, nameResult } from './name-columns.ts';

/**
 * Athena's SQL (Trino) as DuckDB's. Where the same words mean something else in DuckDB, the tree is changed first
 * to call a macro that means what Trino means (see macros.ts); the rest is the translator's work.
 * @param tables those whose columns are known, for what depends on a type that no macro can see. Default: none
 */
export const toDuckDb = perColumns(async (statement: ParsedStatement, tables: TableSet): Promise<string> => {
  const { generate, transpile } = await polyglot();
  const types = inferTypes(statement, tables);
  const portable = rewrite(statement.ast, (object, was) => {
    const changed = withType(asTrinoMeans(object, was, types, statement.text), was, types);
    return isObject(changed) && isObject(changed.select) ? { select: nameColumns(changed.select) } : changed;
  });
  const trino = generate([nameResult(portable, types.columns)], 'trino' as Dialect);
  if (!trino.success || !trino.sql?.[0]) throw untranslatable(trino.error);
  const duck = transpile(trino.sql[0], 'trino' as Dialect, 'duckdb' as Dialect);
  if (!duck.success || !duck.sql?.[0]) throw untranslatable(duck.error);
  return duck.sql[0];
});

/** Trino's names for what DuckDB calls otherwise and what cannot be a macro: aggregates, functions of functions. */
const RENAMED: { readonly [name: string]: string } = {
  arbitrary: 'any_value',
  transform: 'list_transform',
  filter: 'list_filter',
  array_distinct: 'list_distinct',
  array_sort: 'list_sort',
};

/** Functions for which a macro `trino_<name>` stands. */
const OWN = new Set([
  'date_add',
  'date_trunc',
  'date_diff',
  'at_timezone',
  'array_join',
  'array_max',
  'array_min',
  'array_position',
  'bit_count',
  'bitwise_and',
  'bitwise_or',
  'bitwise_xor',
  'concat',
  'contains',
  'greatest',
  'least',
  'levenshtein_distance',
  'regexp_extract',
  'regexp_replace',
  'sequence',
  'split_part',
  'upper',
]);

type Rewriting = (data: AstObject, text: string, was: AstObject, types: Types) => Ast | undefined;

/** By kind of node. `undefined`: leave it as it is. */
const REWRITINGS: { readonly [kind: string]: Rewriting } = {
  div: ({ left, right }) => call('trino_divide', left, right),
  mod: ({ left, right }) => call('trino_modulo', left, right),
  mod_func: ({ this: left, expression }) => call('trino_modulo', left, expression),
  sub: ({ left, right }) => call(isInterval(right) ? 'trino_minus_interval' : 'trino_minus', left, right),
  add: ({ left, right }) =>
    isInterval(right)
      ? call('trino_plus', left, right)
      : isInterval(left)
        ? call('trino_plus', right, left)
        : undefined,
  at_time_zone: ({ this: time, zone }) => call('trino_at_timezone', time, zone),
  json_extract_scalar: ({ this: json, path }) => call('trino_json_extract_scalar', json, path),
  element_at: ({ this: list, expression }) => call('trino_element_at', list, expression),
  cardinality: ({ this: list }) => call('cardinality', list),
  day_of_week: ({ this: date }) => call('day_of_week', date),
  extract: (data) =>
    /dow|dayofweek|day_of_week/i.test(fieldOf(data)) ? call('day_of_week', data.this) : undefined,
  subscript: ({ this: list, index }) => call('trino_subscript', list, index),
  cast: (data, _text, was, types) => castAsTrino('cast', data, types.of(was.this)),
  try_cast: (data, _text, was, types) => castAsTrino('try_cast', data, types.of(was.this)),
  function: renamed,
};

function asTrinoMeans(object: AstObject, was: AstObject, types: Types, text: string): Ast {
  const [[kind, data] = ['', undefined], ...others] = Object.entries(object);
  if (others.length > 0 || !isObject(data)) return object;
  const rewriting = Object.hasOwn(REWRITINGS, kind) ? REWRITINGS[kind] : undefined;
  const changed = rewriting?.(data, text, was[kind] as AstObject, types);
  if (changed !== undefined) return changed;
  const given = callOf(object);
  return given && OWN.has(given.name) ? call(`trino_${given.name}`, ...given.args) : object;
}

/** What DuckDB gives in another type than Trino. */
const IN_TYPE = new Set(['ceil', 'floor', 'grouping', 'round', 'sign', 'truncate']);

function withType(changed: Ast, was: AstObject, types: Types): Ast {
  const type = types.of(was);
  if (type === undefined || !isObject(changed)) return changed;
  const name = callOf(was)?.name ?? '';
  const isLiteral = isObject(was.literal) && decimalOf(type) !== undefined;
  if (!isLiteral && !(IN_TYPE.has(name) && isNumber(type))) return changed;
  return {
    cast: {
      this: changed,
      to: { data_type: 'custom', name: type },
      trailing_comments: [],
      double_colon_syntax: false,
    },
  };
}

const fieldOf = (data: AstObject): string =>
  String(isObject(data.field) ? Object.values(data.field)[0] : data.field);

function renamed(data: AstObject, text: string, was: AstObject, types: Types): Ast | undefined {
  const name = typeof data.name === 'string' ? data.name.toLowerCase() : '';
  const args = Array.isArray(data.args) ? data.args : [];
  if (name === 'reverse' && elementOf(types.of(Array.isArray(was.args) ? was.args[0] : undefined))) {
    return call('list_reverse', args[0]);
  }
  if (name === 'dow') return call('day_of_week', args[0]);
  if (name === 'doy') return call('day_of_year', args[0]);
  if (name === 'date_format') return call('strftime', args[0], pattern(args[1], fromMysql, name, data, text));
  if (name === 'format_datetime')
    return call('strftime', args[0], pattern(args[1], fromJoda, name, data, text));
  if (name === 'date_parse') return call('strptime', args[0], pattern(args[1], fromMysql, name, data, text));
  const other = RENAMED[name];
  return other ? { function: { ...data, name: other } } : undefined;
}

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

function pattern(
  argument: Ast | undefined,
  translated: (pattern: string) => readonly PatternPiece[] | undefined,
  name: string,
  data: AstObject,
  text: string,
): Ast {
  const literal = isObject(argument) && isObject(argument.literal) ? argument.literal : undefined;
  const found = literal?.literal_type === 'string' ? translated(String(literal.value)) : undefined;
  if (found === undefined) {
    throw new SqlError(`The pattern of ${name} is not one that both homes understand.`, {
      place: placeOf(data, text),
      hint: 'docs/sql.md lists the letters; the pattern must be written out as a text',
    });
  }
  return { literal: { literal_type: 'string', value: toStrftime(found) } };
}

const isInterval = (value: Ast | undefined): boolean => isObject(value) && 'interval' in value;

function untranslatable(cause: string | undefined): SqlError {
  return new SqlError('This SQL cannot be translated for the engine on this machine.', {
    hint: 'see docs/sql.md for what both homes understand',
    cause,
  });
}
