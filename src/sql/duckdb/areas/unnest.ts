import { call, word } from '../../build.ts';
import { derived, namedColumn, select } from '../../build-query.ts';
import type { Ast, AstObject } from '../../tree.ts';
import { elementOf, entryOf, fieldsOf, type SqlType } from '../../types/sql-type.ts';
import { fieldAt } from '../nested-values.ts';
import type { Area, RewrittenNode } from './area.ts';

/**
 * UNNEST of several arrays side by side, of maps and of arrays of rows: the arrays are put together to one of rows, whose
 * fields are the columns. Where one array ends before another there are nulls; one that is null is as long as none.
 */
export const UNNESTS: Area = {
  macros: [
    `trino_entries(m) AS coalesce(map_entries(m), [])`,
    `trino_side_by_side(a) AS a, (a, b) AS list_zip(a, b), (a, b, c) AS list_zip(a, b, c),
       (a, b, c, d) AS list_zip(a, b, c, d), (a, b, c, d, e) AS list_zip(a, b, c, d, e),
       (a, b, c, d, e, f) AS list_zip(a, b, c, d, e, f)`,
  ],
  kinds: { unnest: (node) => asRows(node) },
};

const ROW = 'trino_row';
const PLACE = 'trino_place';
const MOST = 6;

function asRows({ data, was, typeOf, refuse }: RewrittenNode): Ast | undefined {
  const written = [was.this, ...listOf(was.expressions)];
  const types = written.map(typeOf);
  if (types.length === 1 && entryOf(types[0]) === undefined && fieldsOf(elementOf(types[0])) === undefined)
    return;
  if (types.length > MOST) {
    return refuse(
      `no more than ${MOST} arrays are unnested side by side here`,
      'unnest some in a subquery WITH ORDINALITY, and join by the place',
    );
  }
  const lists = [data.this, ...listOf(data.expressions)].map((list, i) =>
    entryOf(types[i]) ? call('trino_entries', list) : (list ?? null),
  );
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

/** What one array gives: its elements, its keys and values, or the fields of its rows by their names. */
function columnsOf(type: SqlType | undefined, value: Ast): Ast[] {
  if (entryOf(type)) return [fieldAt(value, 0), fieldAt(value, 1)];
  const fields = fieldsOf(elementOf(type));
  if (!fields) return [value];
  return fields.map(({ name }, i) =>
    name === undefined ? fieldAt(value, i) : namedColumn(fieldAt(value, i), name),
  );
}

const listOf = (value: Ast | undefined): readonly Ast[] => (Array.isArray(value) ? value : []);
