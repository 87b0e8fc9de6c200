import { conditionSql } from './conditions.ts';
import { quoted } from './dialect.ts';
import type { WrittenTerm } from './orders.ts';
import type { Rows } from './selection.ts';
import type { Writing } from './statement.ts';

/** The name under which a source has a column of its table. */
export const sourceColumn = (name: string): string => quoted(`q_${name}`);

/** The directions of an order over a relation that has its terms as `o0…`. */
export const orderOver = (terms: readonly WrittenTerm[], alias?: string): string[] =>
  terms.map(({ direction }, i) => `${alias === undefined ? '' : `${alias}.`}${quoted(`o${i}`)} ${direction}`);

/**
 * Rows of a table by the conditions of a selection: `q_<column>`; `k0…`, the columns by which they belong to other
 * rows; `o0…`, the terms of their order.
 */
export function sourceOf(
  writing: Writing,
  rows: Rows,
  columns: readonly string[],
  keys: readonly string[],
  terms: readonly WrittenTerm[],
): string {
  const alias = writing.alias();
  const column = (name: string) => `${alias}.${quoted(name)}`;
  const distinct = rows.distinctOn.map(({ name }) => name);
  const needed = [...new Set([...columns, ...distinct])];
  const joins: string[] = [];
  const list = [
    ...needed.map((name) => `${column(name)} AS ${sourceColumn(name)}`),
    ...keys.map((name, i) => `${column(name)} AS ${quoted(`k${i}`)}`),
    ...terms.map(({ sql }, i) => `${sql(alias, joins)} AS ${quoted(`o${i}`)}`),
  ];
  const where = [
    conditionSql(writing, rows.where, ({ name }) => column(name)),
    ...keys.map((name) => `${column(name)} IS NOT NULL`),
  ];
  const from = `${writing.dialect.table(rows.table.table)} AS ${alias}${joins.join('')}`;
  const given = list.length > 0 ? list.join(', ') : `1 AS ${quoted('q')}`;
  const select = `SELECT ${given} FROM ${from} WHERE ${where.join(' AND ')}`;
  return distinct.length === 0 ? select : firstOfEach(writing, select, distinct, needed, keys, terms);
}

/** Of the rows that are alike in some columns the first in the order. */
function firstOfEach(
  writing: Writing,
  select: string,
  distinct: readonly string[],
  needed: readonly string[],
  keys: readonly string[],
  terms: readonly WrittenTerm[],
): string {
  const keyNames = keys.map((_, i) => quoted(`k${i}`));
  const given = [...needed.map(sourceColumn), ...keyNames, ...terms.map((_, i) => quoted(`o${i}`))].join(
    ', ',
  );
  const within = [...keyNames, ...distinct.map(sourceColumn)].join(', ');
  const number = `row_number() OVER (PARTITION BY ${within} ORDER BY ${orderOver(terms).join(', ')})`;
  const numbered = `SELECT ${given}, ${number} AS ${quoted('d')} FROM (${select}) AS ${writing.alias()}`;
  return `SELECT ${given} FROM (${numbered}) AS ${writing.alias()} WHERE ${quoted('d')} = 1`;
}

/** Rows of a source with `n`, their number among those that belong together. */
export function numberedSql(
  writing: Writing,
  source: string,
  columns: readonly string[],
  keys: readonly string[],
  terms: readonly WrittenTerm[],
): string {
  const inner = writing.alias();
  const keyList = keys.map((_, i) => `${inner}.${quoted(`k${i}`)}`);
  const order = terms.length > 0 ? orderOver(terms, inner) : keyList;
  const over = [
    ...(keyList.length > 0 ? [`PARTITION BY ${keyList.join(', ')}`] : []),
    ...(order.length > 0 ? [`ORDER BY ${order.join(', ')}`] : []),
  ];
  const given = [
    ...columns.map((name) => `${inner}.${sourceColumn(name)} AS ${sourceColumn(name)}`),
    ...keyList.map((key, i) => `${key} AS ${quoted(`k${i}`)}`),
    `row_number() OVER (${over.join(' ')}) AS ${quoted('n')}`,
  ];
  return `SELECT ${given.join(', ')} FROM (${source}) AS ${inner}`;
}

/** The condition on the number of a row that limit and offset make; empty where there is none. */
export function withinSql({ limit, offset }: Pick<Rows, 'limit' | 'offset'>, number: string): string {
  return [
    ...(offset > 0 ? [`${number} > ${offset}`] : []),
    ...(limit === undefined ? [] : [`${number} <= ${offset + limit}`]),
  ].join(' AND ');
}

/** The objects of lists that stand side by side: the first tells how many there are, the others are one a leaf. */
export function eachOf(lists: readonly unknown[], decode: (cells: readonly never[]) => unknown): unknown[] {
  const [first, ...rest] = lists as readonly (readonly unknown[] | null)[];
  if (!first) return [];
  return first.map((_, i) => decode(rest.map((list) => list?.[i] ?? null) as never));
}
