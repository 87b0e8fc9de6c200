import { call, cast, choose, isNull, NULL } from '../../build.ts';
import { type Ast, type AstObject, isObject, listOf, nameOf } from '../../tree.ts';
import { commonType, elementOf, entryOf, fieldsOf, type SqlType, typeOfCast } from '../../types/sql-type.ts';
import { duckType } from '../duck-type.ts';
import { fieldAt, isNested } from '../nested-values.ts';
import { inCastableType } from '../rewriting.ts';
import type { Area, RewrittenNode } from './area.ts';
import { valueAs } from './casts.ts';

/**
 * Rows. Trino knows the fields of a row by their places, and by their names where it has names; DuckDB knows those of
 * its structs by their names where they have some, and then puts two structs together by these.
 */
export const ROWS: Area = {
  macros: [],
  kinds: {
    cast: (node) => castOf(node),
    try_cast: ({ data, refuse }) =>
      fieldsOf(typeOfCast(data.to)) || entryOf(typeOfCast(data.to))
        ? refuse('TRY_CAST to rows and maps is not known here', 'TRY_CAST the values that they are made of')
        : undefined,
    // A field of a column keeps its name in the result; one of another value has none.
    dot: ({ data, was, type, typeOf }) => {
      if (isObject(was.this) && ('column' in was.this || 'dot' in was.this)) return undefined;
      const name = nameOf(was.field)?.toLowerCase();
      const index =
        fieldsOf(typeOf(was.this))?.findIndex((field) => field.name?.toLowerCase() === name) ?? -1;
      return index < 0 ? undefined : inCastableType(fieldAt(data.this ?? null, index), type);
    },
    subscript: ({ data, was, type, typeOf }) =>
      fieldsOf(typeOf(was.this))
        ? inCastableType(call('struct_extract_at', data.this, data.index), type)
        : undefined,
    // Several expressions in a count are another function to the translator.
    count: ({ data }) =>
      isObject(data.this) && isObject(data.this.tuple)
        ? { count: { ...data, this: call('row', ...listOf(data.this.tuple.expressions)) } }
        : undefined,
    values: ({ data, was, typeOf, refuse }) => {
      for (const row of listOf(was.expressions)) {
        const [cell, ...more] = isObject(row) ? listOf(row.expressions) : [];
        if (more.length === 0 && fieldsOf(typeOf(cell)) && !isRowCall(cell))
          refuse(
            'a row alone in VALUES is as many columns as it has fields',
            'write its values: VALUES (1, 2)',
          );
      }
      return { values: { ...data, expressions: listOf(data.expressions).map(unfolded) } };
    },
    array_func: (node) => together(node, listOf(node.was.expressions)),
    case: (node) =>
      together(node, [...listOf(node.was.whens).map((when) => listOf(when)[1]), node.was.else_]),
  },
  calls: {
    row: ({ args }) => call('row', ...args),
  },
};

/** `VALUES ROW(1, 2)` is a row of two columns. */
function unfolded(row: Ast): Ast {
  const [cell, ...more] = isObject(row) ? listOf(row.expressions) : [];
  return more.length === 0 && isRowCall(cell)
    ? { ...(row as AstObject), expressions: [...listOf(cell.function.args)] }
    : row;
}

const isRowCall = (node: Ast | undefined): node is { function: AstObject } =>
  isObject(node) && isObject(node.function) && /^row$/i.test(String(node.function.name));

/** Rows whose fields have other names would get the fields of both. */
function together({ typeOf, refuse }: RewrittenNode, nodes: readonly (Ast | undefined)[]): undefined {
  const names = nodes.flatMap((node) => {
    const fields = fieldsOf(typeOf(node));
    return fields ? [fields.map(({ name }) => name?.toLowerCase() ?? '').join()] : [];
  });
  const named = new Set(names.filter((list) => /[^,]/.test(list)));
  if (named.size > 1) {
    refuse(
      'rows whose fields have other names are put together',
      'CAST them to one type: CAST(r AS ROW(a integer))',
    );
  }
}

/** A cast between rows goes field by field. */
function castOf({ data, was, typeOf, refuse }: RewrittenNode): Ast | undefined {
  const [from, to] = [typeOf(was.this), typeOfCast(data.to)];
  if (to === undefined || !isObject(data.to)) return undefined;
  const fields = fieldsOf(to);
  if (fields) {
    if (from === 'unknown') return cast(NULL, duckType(to));
    const own = fieldsOf(from);
    if (!own)
      return refuse(
        `${from ?? 'a value of an unknown type'} is cast to a row here`,
        'write ROW(…) of its parts',
      );
    const value = data.this ?? null;
    const types = listOf(data.to.fields).map((field) => (isObject(field) ? (field.data_type ?? null) : null));
    const parts = own.map((field, i) => {
      const part = fieldAt(value, i);
      const type = typeOfCast(types[i]);
      if (type === field.type) return part;
      return isNested(field.type) ? refuse(...REBUILT) : valueAs(part, field.type, types[i]!);
    });
    return choose(isNull(value), NULL, cast(call('row', ...parts), duckType(to)));
  }
  const [entry, ownEntry] = [entryOf(to), entryOf(from)];
  if (!entry) {
    if (elementOf(to) === undefined || !holdsRows(to)) return undefined;
    return from === 'array(unknown)' || from === 'unknown'
      ? cast(data.this ?? null, duckType(to))
      : refuse(...REBUILT);
  }
  if (from === 'unknown') return cast(NULL, duckType(to));
  const isAlike = (a: SqlType, b: SqlType | undefined) => a === b || commonType(a, b) === a;
  return ownEntry && isAlike(entry.key, ownEntry.key) && isAlike(entry.value, ownEntry.value)
    ? cast(data.this ?? null, duckType(to))
    : refuse(...REBUILT);
}

const REBUILT = [
  'arrays of rows and maps are not cast as a whole here',
  'cast their parts: transform(a, r -> CAST(r AS ROW(…))), transform_values(m, (k, v) -> CAST(v AS …))',
] as const;

/** Whether an array holds rows or maps, however deep. */
function holdsRows(type: SqlType): boolean {
  const element = elementOf(type);
  return element === undefined
    ? fieldsOf(type) !== undefined || entryOf(type) !== undefined
    : holdsRows(element);
}
