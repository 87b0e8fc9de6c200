import type { Dialect } from '@polyglot-sql/sdk';
import type { TableSet } from '../../ports/tables.ts';
import { binary, call, cast, choose, NULL, textOf, wholeDivision } from '../build.ts';
import { callOf } from '../calls.ts';
import { SqlError } from '../errors.ts';
import { NOT_IN_SPARK } from '../functions/all.ts';
import { lookedFor, NAN_COMPARISONS } from '../nan-comparisons.ts';
import type { ParsedStatement } from '../parse.ts';
import { asStatements, polyglot } from '../polyglot.ts';
import { type Ast, type AstObject, isObject, placeOf, rewrite } from '../tree.ts';
import { inferTypes, type Types } from '../types/infer.ts';
import { decimalOf, elementOf, entryOf, fieldsOf, isWhole, type SqlType } from '../types/sql-type.ts';
import { unicodeText } from '../unicode-text.ts';
import { AGGREGATES, listed } from './aggregates.ts';
import { ARRAYS, placeIn } from './arrays.ts';
import { converted } from './casts.ts';
import { NUMBERS } from './numbers.ts';
import { unnested } from './relations.ts';
import { BY_ATHENA, notInSpark, type SparkCall, type SparkRewriting, sparkType } from './spark-call.ts';
import { like, TEXTS, trimmed } from './texts.ts';
import { TIMES } from './times.ts';
import { windowed } from './windows.ts';
import { checkZones } from './zoned.ts';

/** What a Spark session must be told so that the translated SQL means what Athena's does. */
export const SPARK_SETTINGS: { readonly [name: string]: string } = {
  'spark.sql.ansi.enabled': 'true',
  'spark.sql.session.timeZone': 'UTC',
  'spark.sql.timestampType': 'TIMESTAMP_NTZ',
};

/**
 * Athena's SQL (Trino) as Spark's, for Spark 3.5 in a session with `SPARK_SETTINGS`. Spark has no macros, so the tree
 * is rewritten by the types of its expressions, which are found from the columns of the tables; only spelling is left
 * to the translator.
 * @param tables every table that the statement names
 * @throws SqlError for what has no counterpart in Spark, or would have another meaning
 */
export async function toSpark(statement: ParsedStatement, tables: TableSet): Promise<string> {
  const { generate } = await polyglot();
  const types = inferTypes(statement, tables);
  checkZones(statement, types);
  const changed = rewrite(statement.ast, (object, was) => inSpark(object, was, types, statement.text));
  const spark = generate(asStatements(changed), 'spark' as Dialect);
  if (!spark.success || !spark.sql?.[0]) {
    throw new SqlError('This SQL cannot be translated for Spark.', {
      hint: 'see docs/sql.md for what every engine understands',
      cause: spark.error,
    });
  }
  return spark.sql[0];
}

const CALLS: { readonly [name: string]: SparkRewriting } = {
  ...NUMBERS,
  ...TIMES,
  ...TEXTS,
  ...ARRAYS,
  ...AGGREGATES,
};

function inSpark(object: AstObject, was: AstObject, types: Types, text: string): Ast {
  const [[kind, data] = ['', undefined], ...others] = Object.entries(object);
  if (object.nulls_first === true && /\b(double|real)\b/.test(types.of(was.this) ?? ''))
    notInSpark('Orders of doubles with NULLS FIRST, where NaN comes first as well,');
  if (others.length > 0) return withOrders(object);
  if (isObject(data)) {
    refuseRealBesideDecimal(kind, was[kind], types);
    const rewriting = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
    const changed = rewriting?.(data, was[kind] as AstObject, types, types.of(was));
    if (changed !== undefined) return changed;
  }
  const given = callOf(object);
  if (!given || object.list_agg) return withOrders(object);
  if (NOT_IN_SPARK.has(given.name)) {
    throw new SqlError(`${given.name} is not translated for Spark.`, {
      place: placeOf(was, text),
      hint: BY_ATHENA,
    });
  }
  const rewriting = Object.hasOwn(CALLS, given.name) ? CALLS[given.name] : undefined;
  return rewriting ? rewriting(asSparkCall(object, was, types, text)) : object;
}

/** What is calculated or compared, by the parts of its node. */
const OPERANDS: { readonly [kind: string]: readonly string[] } = {
  ...Object.fromEntries(
    ['add', 'sub', 'mul', 'div', 'mod', 'eq', 'neq', 'lt', 'lte', 'gt', 'gte'].map((kind) => [
      kind,
      ['left', 'right'],
    ]),
  ),
  between: ['this', 'low', 'high'],
  in: ['this', 'expressions'],
};

/** Trino makes a real of the decimal, Spark doubles of both: 0.1 is another number then. */
function refuseRealBesideDecimal(kind: string, was: Ast | undefined, types: Types): void {
  if (!Object.hasOwn(OPERANDS, kind) || !isObject(was)) return;
  const operands = OPERANDS[kind]!.flatMap((part) => was[part] ?? []).map((operand) => types.of(operand));
  if (operands.includes('real') && operands.some((type) => decimalOf(type))) {
    throw new SqlError('A real and a decimal are doubles together in Spark.', {
      hint: `CAST the decimal to real; or ${BY_ATHENA}`,
    });
  }
}

function asSparkCall(node: AstObject, was: AstObject, types: Types, text: string): SparkCall {
  const { name, args, data } = callOf(node)!;
  return {
    name,
    args,
    data,
    node,
    types: (callOf(was)?.args ?? []).map((argument) => types.of(argument)),
    type: types.of(was),
    refuse(what, portable) {
      throw new SqlError(`${what[0]!.toUpperCase()}${what.slice(1)}.`, {
        place: placeOf(was, text),
        hint: `${portable}; or ${BY_ATHENA}`,
      });
    },
  };
}

/** Nulls come last in Athena, both ways; the first of FROM needs no LATERAL. */
function withOrders(object: AstObject): AstObject {
  if ('desc' in object && 'nulls_first' in object) {
    return { ...object, nulls_first: object.nulls_first ?? false };
  }
  if (isObject(object.offset) && object.offset.rows === true) {
    return withOrders({ ...object, offset: { ...object.offset, rows: null } });
  }
  if (!isObject(object.from) || !Array.isArray(object.joins)) return object;
  const isUsing = object.joins.some(
    (join) => isObject(join) && Array.isArray(join.using) && join.using.length > 0,
  );
  const stars = (Array.isArray(object.expressions) ? object.expressions : []).filter(isObject);
  if (isUsing && stars.some(({ star }) => isObject(star) && isObject(star.table)))
    notInSpark('Stars of one side of USING');
  const place = (node: Ast | undefined, isFirst: boolean): Ast =>
    isObject(node) && isObject(node.alias) ? unnested(node.alias, isFirst) : (node ?? null);
  const from = Array.isArray(object.from.expressions) ? object.from.expressions : [];
  return {
    ...object,
    from: { ...object.from, expressions: from.map((item, i) => place(item, i === 0)) },
    joins: object.joins.map((join) => (isObject(join) ? { ...join, this: place(join.this, false) } : join)),
  };
}

type Rewriting = (
  data: AstObject,
  was: AstObject,
  types: Types,
  type: SqlType | undefined,
) => Ast | undefined;

const arithmetic =
  (kind: string): Rewriting =>
  (data, _was, _types, type) =>
    decimalOf(type) ? cast(binary(kind, data.left!, data.right!), sparkType(type!)) : undefined;

/** Days and months put to a date: the sum is a date, and hours are an error in Athena. */
const put =
  (kind: string): Rewriting =>
  (data, was, types, type) => {
    if (type?.startsWith('time') && type !== 'timestamp' && type !== 'timestamp with time zone')
      notInSpark('Times of the day');
    if ([was.left, was.right].every((side) => /^(date|timestamp)/.test(types.of(side) ?? '')))
      notInSpark('Differences of times');
    if (type !== 'date') return arithmetic(kind)(data, was, types, type);
    const units = [...JSON.stringify([was.left, was.right]).matchAll(/"interval":\{.*?"unit":\{(.*?)\}/g)];
    const isOfDays =
      units.length > 0 &&
      units.every(([, unit]) =>
        /^"type":"simple","unit":"(Day|Week|Month|Year)"|"Year","expression":"Month"/.test(unit!),
      );
    if (!isOfDays) {
      throw new SqlError('What is put to a date may hold hours, which only Athena refuses.', {
        hint: `write days: d + INTERVAL '1' DAY, or date_add('day', n, d); or ${BY_ATHENA}`,
      });
    }
    return cast(binary(kind, data.left!, data.right!), 'DATE');
  };

/** By kind of node. `undefined`: leave it as it is. */
const KINDS: { readonly [kind: string]: Rewriting } = {
  ...Object.fromEntries(
    Object.entries(NAN_COMPARISONS).map(([kind, comparison]) => [kind, comparedInSpark(comparison)]),
  ),
  dot: (_data, was, types) => (fieldsOf(types.of(was.this)) ? notInSpark('Rows') : undefined),
  unnest: unnestedInSpark,
  add: put('add'),
  sub: put('sub'),
  mul: arithmetic('mul'),
  mod: arithmetic('mod'),
  div: (data, _was, _types, type) => {
    if (type === undefined) throw unknownType('/');
    if (decimalOf(type)) throw otherDigits();
    return isWhole(type)
      ? cast(wholeDivision(data.left!, data.right!), sparkType(type))
      : cast(binary('div', data.left!, data.right!), sparkType(type));
  },
  cast: (data, was, types) => converted('cast', data, types.of(was.this)),
  try_cast: (data, was, types) => converted('try_cast', data, types.of(was.this)),
  concat: (data, was, types) => {
    const isList = [was.left, was.right].map((side) => elementOf(types.of(side)) !== undefined);
    const side = (value: Ast | undefined, i: number): Ast =>
      isList.includes(true) && !isList[i] ? call('array', value) : (value ?? null);
    return call('concat', side(data.left, 0), side(data.right, 1));
  },
  subscript: (data, was, types) =>
    call('element_at', data.this, placeIn(data.index ?? null, types.of(was.index))),
  case: caseInSpark,
  if_func: (data, was, types) =>
    choose(truth(data.condition, types.of(was.condition)), data.true_value ?? null, data.false_value ?? NULL),
  like: (data) => like(data.left ?? null, data.right ?? null, data.escape ?? null),
  trim: (data) => trimmed(data.this ?? null, data.characters ?? undefined, String(data.position)),
  unicode_string: (data) => textOf(unicodeText(data) ?? ''),
  extract: (data, was, types) => {
    const field = String(isObject(data.field) ? Object.values(data.field)[0] : data.field);
    if (types.of(was.this) === 'date' && /^(hour|minute|second|millisecond)$/i.test(field))
      notInSpark('Hours of dates');
    return extracted(data);
  },
  literal: ({ literal_type, value }, _was, _types, type) =>
    literal_type === 'time'
      ? notInSpark('Times of the day')
      : literal_type === 'timestamp' || literal_type === 'date'
        ? cast(textOf(String(value)), sparkType(type ?? String(literal_type)))
        : undefined,
  window_function: (data, was) => windowed(data, was),
  any: () => notInSpark('Comparisons with some rows of a query'),
  all: () => notInSpark('Comparisons with all rows of a query'),
  filter: (_data, was) =>
    isObject(was.this) && was.this.within_group ? notInSpark('Filters of listagg') : undefined,
  within_group: (data, was, types) => {
    const list = isObject(data.this) ? data.this : {};
    const before = isObject(was.this) ? was.this : {};
    return listed(asSparkCall(list, before, types, ''), data.order_by);
  },
};

/** A bare null is no condition to Spark. */
const truth = (value: Ast | undefined, type: SqlType | undefined): Ast =>
  type === 'unknown' ? cast(value ?? NULL, 'BOOLEAN') : (value ?? null);

const isNested = (type: SqlType | undefined): boolean =>
  elementOf(type) !== undefined || entryOf(type) !== undefined || fieldsOf(type) !== undefined;

/** Spark takes one null for the same as another in arrays and rows. */
function comparedInSpark(comparison: (typeof NAN_COMPARISONS)['eq']): Rewriting {
  return (data, was, types) => {
    if (isNested(types.of(was.left ?? was.this))) notInSpark('Comparisons of arrays, maps and rows');
    return comparison({ data, was, typeOf: types.of });
  };
}

/** `CASE x WHEN …` compares as `=` does. */
function caseInSpark(data: AstObject, was: AstObject, types: Types): Ast | undefined {
  if (isNested(types.of(was.operand))) notInSpark('Comparisons of arrays, maps and rows');
  const compared = lookedFor({ data, was, typeOf: types.of });
  return compared && { case: compared };
}

/** UNNEST of one array of plain values. */
function unnestedInSpark(_data: AstObject, was: AstObject, types: Types): undefined {
  const type = types.of(was.this);
  const isSeveral = Array.isArray(was.expressions) && was.expressions.length > 0;
  if (isSeveral || entryOf(type) || fieldsOf(elementOf(type)))
    notInSpark('Maps, rows and arrays side by side');
}

const FIELDS: { readonly [field: string]: string } = {
  dow: 'day_of_week',
  dayofweek: 'day_of_week',
  doy: 'day_of_year',
  dayofyear: 'day_of_year',
  yow: 'year_of_week',
};

function extracted(data: AstObject): Ast | undefined {
  const field = String(isObject(data.field) ? Object.values(data.field)[0] : data.field).toLowerCase();
  const rewriting = TIMES[FIELDS[field] ?? field];
  const refuse = (): never => {
    throw new SqlError(`Not every engine can extract "${field}" of a time.`, {
      hint: 'docs/sql.md lists the functions',
    });
  };
  const rest = { name: field, types: [], type: undefined, data: {}, node: {}, refuse };
  return rewriting ? rewriting({ ...rest, args: [data.this ?? null] }) : refuse();
}

const unknownType = (what: string): SqlError =>
  new SqlError(`The types on both sides of ${what} are unknown, and Spark divides by them.`, {
    hint: 'CAST one side to bigint or to double',
  });

const otherDigits = (): SqlError =>
  new SqlError('A decimal is divided, and Spark keeps other digits.', { hint: 'CAST one side to double' });
