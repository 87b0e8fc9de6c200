import { isObject, nameOf } from '../tree.ts';
import { expression, grouping, ordered, selected } from './expressions.ts';
import { identifier as name } from './names.ts';
import { flag, later, list, maybe, node, oneOf, record, refuse, type Shape, text, whole } from './shape.ts';
import { over } from './windows.ts';

const value: Shape = later(() => expression);

/** LIMIT and OFFSET take a number that is written out. */
const rows: Shape = node({ literal: record({ literal_type: text, value: text }) }, 'a number of rows');
const rowCount: Shape = (given, at) => {
  const literal = isObject(given) && isObject(given.literal) ? given.literal : undefined;
  if (literal?.literal_type !== 'number' || !/^\d+$/.test(String(literal.value))) {
    refuse(
      [
        'a number of rows is a whole number that is written out',
        'write LIMIT 10, OFFSET 10; LIMIT ALL is left out',
      ],
      at,
      given,
    );
  }
  rows(given, at);
};
const limit: Shape = record({ this: rowCount });
const offset: Shape = record({ this: rowCount, rows: flag });
/** A place in the SELECT list or a value of the rows: a text that is written out orders nothing. */
const orderedRows: Shape = (given, at) => {
  const by =
    isObject(given) && isObject(given.this) && isObject(given.this.literal) ? given.this.literal : {};
  if (by.literal_type !== undefined && by.literal_type !== 'number') {
    refuse(
      ['rows are ordered by a text that is the same for each', 'write the column without single quotes'],
      at,
      given,
    );
  }
  ordered(given, at);
};
const orderBy: Shape = record({ expressions: list(orderedRows) });

const columnList: Shape = list(name);
const aliased = {
  alias: maybe(name),
  column_aliases: maybe(columnList),
  alias_explicit_as: flag,
  alias_keyword: maybe(text),
};

const tuple: Shape = record({ expressions: list(value) });
const values: Shape = record({
  expressions: list(tuple),
  alias: maybe(name),
  column_aliases: maybe(columnList),
});

const withClause: Shape = record({
  ctes: list(record({ alias: name, this: later(() => subqueries), columns: columnList, alias_first: flag })),
  recursive: flag,
});

const SIDES = ['Inner', 'Left', 'Right', 'Full'];
const join: Shape = (given, at) => {
  const parts = Object(given);
  // `FROM a JOIN b ON …, c`: the comma makes a join as well.
  const isCross = parts.kind === 'Cross' || parts.kind === 'Implicit';
  record({
    this: relation,
    on: maybe(value),
    using: maybe(columnList),
    kind: oneOf('Cross', 'Implicit', ...SIDES),
    use_inner_keyword: flag,
    use_outer_keyword: flag,
    nesting_group: whole,
  })(given, { ...at, part: 'join' });
  const hasCondition = Boolean(parts.on) || parts.using?.length > 0;
  if (isCross && hasCondition) {
    refuse(['CROSS JOIN has no condition', 'write JOIN … ON, or leave the condition out'], at, parts);
  }
  if (!isCross && !hasCondition) {
    refuse(
      ['a join has no condition', 'write ON a.id = b.id or USING (id) behind it; CROSS JOIN has none'],
      at,
      parts,
    );
  }
};

/** What stands in FROM: tables, subqueries, lists of rows, arrays as rows, and joins of these. */
const relation: Shape = later(() => anyRelation);

/** A quoted name with a dot or a slash is a file to DuckDB, and to Athena a table of that whole name. */
const tableName: Shape = (given, at) => {
  const written = nameOf(given) ?? '';
  if (/^[a-z_]\w*\.\w+$/i.test(written)) {
    const [database, table] = written.split('.');
    refuse(
      [
        'the quotes are around a whole "database.table"',
        `write ${database}.${table}, or quote each part: "${database}"."${table}"`,
      ],
      at,
      given,
    );
  }
  if (/[./\\]/.test(written)) {
    refuse(['files cannot be queried by their name', 'ask a table; `lake tables` lists them'], at, given);
  }
  name(given, at);
};

/** Every kind of node that may stand where a table does. */
export const RELATIONS: { readonly [kind: string]: Shape } = {
  table: record({
    name: tableName,
    schema: maybe(name),
    alias: maybe(name),
    alias_explicit_as: flag,
    column_aliases: maybe(columnList),
  }),
  subquery: (data, at) => subqueries({ subquery: data ?? null }, at),
  values,
  unnest: record({
    this: value,
    expressions: maybe(list(value)),
    with_ordinality: flag,
    alias: maybe(name),
  }),
  alias: record({ ...aliased, this: relation }),
  paren: record({ this: relation }),
};
const anyRelation: Shape = node(RELATIONS, 'a table');

const select: Shape = record({
  expressions: list(later(() => selected)),
  from: maybe(record({ expressions: list(relation) })),
  joins: maybe(list(join)),
  where_clause: maybe(record({ this: value })),
  group_by: maybe(record({ expressions: list(later(() => grouping)) })),
  having: maybe(record({ this: value })),
  windows: maybe(list(record({ name, spec: over }))),
  order_by: maybe(orderBy),
  limit: maybe(limit),
  offset: maybe(offset),
  fetch: maybe(record({ direction: oneOf('FIRST', 'NEXT'), count: maybe(rowCount), rows: flag })),
  distinct: flag,
  with: maybe(withClause),
});

const setOperation: Shape = record({
  left: later(() => subqueries),
  right: later(() => subqueries),
  all: flag,
  distinct: flag,
  with: maybe(withClause),
  order_by: maybe(orderBy),
  limit: maybe(rowCount),
  offset: maybe(rowCount),
});

/** Every kind of node that is a query. */
export const QUERIES: { readonly [kind: string]: Shape } = {
  select,
  union: setOperation,
  intersect: setOperation,
  except: setOperation,
  values,
  subquery: record({
    ...aliased,
    this: later(() => subqueries),
    order_by: maybe(orderBy),
    limit: maybe(limit),
    offset: maybe(offset),
    lateral: flag,
    modifiers_inside: flag,
  }),
  paren: record({ this: later(() => subqueries) }),
};

/** A query, wherever one may stand. */
export const subqueries: Shape = node(QUERIES, 'a query');
