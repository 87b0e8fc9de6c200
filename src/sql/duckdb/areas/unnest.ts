import { call, word } from '../../build.ts';
import { derived, namedColumn, select } from '../../build-query.ts';
import { type Ast, type AstObject, isObject, listOf, nameOf } from '../../tree.ts';
import { elementOf, entryOf, fieldsOf, type SqlType } from '../../types/sql-type.ts';
import { fieldAt, withValue } from '../nested-values.ts';
import type { Area, RewrittenNode } from './area.ts';

/**
 * UNNEST of several arrays side by side, of maps and of arrays of rows: the arrays are put together to one of rows, whose
 * fields are the columns. Where one array ends before another there are nulls; one that is null is as long as none.
 */
export const UNNESTS: Area = {
  macros: [
    `trino_entries(m) AS coalesce(map_entries(m), [])`,
    // DuckDB's list_zip fails inside over a constant list of nulls, CAST(ARRAY[NULL] AS array(bigint)), but not over a part of it.
    `trino_part(list) AS list_slice(list, 1, len(list))`,
    `trino_side_by_side(a) AS a, (a, b) AS list_zip(trino_part(a), trino_part(b)),
       (a, b, c) AS list_zip(trino_part(a), trino_part(b), trino_part(c)),
       (a, b, c, d) AS list_zip(trino_part(a), trino_part(b), trino_part(c), trino_part(d)),
       (a, b, c, d, e) AS list_zip(trino_part(a), trino_part(b), trino_part(c), trino_part(d), trino_part(e)),
       (a, b, c, d, e, f) AS
       list_zip(trino_part(a), trino_part(b), trino_part(c), trino_part(d), trino_part(e), trino_part(f))`,
  ],
  kinds: { unnest: (node) => asRows(node) },
};

const ROW = 'trino_row';
const PLACE = 'trino_place';
const MOST = 6;

function asRows({ data, was, typeOf, refuse }: RewrittenNode): Ast | undefined {
  const written = [was.this, ...listOf(was.expressions)];
  const types = written.map(typeOf);
  const found = [data.this, ...listOf(data.expressions)].map((list) => boundOutside(list ?? null));
  if (types.length === 1 && entryOf(types[0]) === undefined && fieldsOf(elementOf(types[0])) === undefined)
    return { unnest: { ...data, this: found[0]! } };
  if (types.length > MOST) {
    return refuse(
      `no more than ${MOST} arrays are unnested side by side here`,
      'unnest some in a subquery WITH ORDINALITY, and join by the place',
    );
  }
  const lists = found.map((list, i) => (entryOf(types[i]) ? call('trino_entries', list) : list));
  const row = word(ROW);
  const columns = types.flatMap((type, i) => columnsOf(type, types.length === 1 ? row : fieldAt(row, i)));
  const isPlaced = data.with_ordinality === true;
  const source: AstObject = {
    alias: {
      this: {
        unnest: { this: call('trino_side_by_side', ...lists), expressions: [], with_ordinality: isPlaced },
      },
      alias: { name: 'trino_rows', quoted: false, trailing_comments: [] },
      column_aliases: [ROW, ...(isPlaced ? [PLACE] : [])].map((name) => ({
        name,
        quoted: false,
        trailing_comments: [],
      })),
      alias_explicit_as: true,
      alias_keyword: 'AS',
      pre_alias_comments: [],
      trailing_comments: [],
    },
  };
  return derived(select([...columns, ...(isPlaced ? [word(PLACE)] : [])], source));
}

/**
 * An array that is computed of columns of the tables before. DuckDB finds those that stand within a lambda alone, its own
 * or one of a macro, only where it has found one outside of lambdas.
 */
function boundOutside(list: Ast): Ast {
  const column = isObject(list) && isObject(list.column) ? undefined : columnIn(list);
  return column === undefined ? list : withValue(column, 'o_outside', list);
}

/** A column in an expression; parameters of lambdas are none. */
function columnIn(node: Ast, parameters: readonly string[] = []): AstObject | undefined {
  if (Array.isArray(node) || !isObject(node)) {
    const items = Array.isArray(node) ? node : [];
    return items.map((item) => columnIn(item, parameters)).find((found) => found !== undefined);
  }
  if (isObject(node.lambda)) {
    const own = listOf(node.lambda.parameters).map((parameter) => nameOf(parameter)?.toLowerCase() ?? '');
    return columnIn(node.lambda.body ?? null, [...parameters, ...own]);
  }
  if (isObject(node.column)) {
    const { table, name } = node.column;
    return parameters.includes(nameOf(isObject(table) ? table : name)?.toLowerCase() ?? '')
      ? undefined
      : node;
  }
  return columnIn(Object.values(node), parameters);
}

/** What one array gives: its elements, its keys and values, or the fields of its rows by their names. */
function columnsOf(type: SqlType | undefined, value: Ast): Ast[] {
  if (entryOf(type)) return [fieldAt(value, 0), fieldAt(value, 1)];
  const fields = fieldsOf(elementOf(type));
  if (!fields) return [value];
  return fields.map(({ name }, i) =>
    name === undefined ? fieldAt(value, i) : namedColumn(fieldAt(value, i), name),
  );
}
