import { quoted } from './dialect.ts';
import type { Order, OrderTerm, Rows } from './selection.ts';
import type { Writing } from './statement.ts';

/** A term of an order: its value over a relation, with the joins that it needs, and its direction. */
export interface WrittenTerm {
  readonly sql: (alias: string, joins: string[]) => string;
  /** `ASC NULLS LAST`: databases differ in where nulls stand, so it is always said. */
  readonly direction: string;
}

/**
 * The order of rows. Rows that are alike in it go by their key, so that pages neither repeat nor miss one. Where the role
 * does not see the key, the rows of a page go by all that it sees: rows that are alike in that too are the same to it.
 */
export function orderTerms(writing: Writing, rows: Rows): WrittenTerm[] {
  const { table, order, distinctOn } = rows;
  const given = order.map((term) => writtenTerm(writing, term));
  const isPage = rows.limit !== undefined || rows.offset > 0 || table.limit !== undefined;
  const identity = table.key.length > 0 || !isPage ? table.key : table.columns.map(({ name }) => name);
  const columns = [...(order.length === 0 ? distinctOn.map(({ name }) => name) : []), ...identity];
  const named = new Set(order.flatMap(({ by }) => (by.kind === 'column' ? [by.column.name] : [])));
  const rest = [...new Set(columns)].filter((name) => !named.has(name));
  return [
    ...given,
    ...rest.map((name) => ({
      sql: (alias: string) => `${alias}.${quoted(name)}`,
      direction: 'ASC NULLS LAST',
    })),
  ];
}

const writtenTerm = (writing: Writing, { by, direction, nulls }: Order): WrittenTerm => ({
  sql: (alias, joins) => termSql(writing, by, alias, joins),
  direction: `${direction.toUpperCase()} NULLS ${nulls.toUpperCase()}`,
});

function termSql(writing: Writing, term: OrderTerm, alias: string, joins: string[]): string {
  if (term.kind === 'column') return `${alias}.${quoted(term.column.name)}`;
  const { over, of } = term;
  const joined = writing.alias();
  const inner = writing.alias();
  const table = writing.dialect.table(of.table);
  const keys = over.on.map(([, theirs]) => `${inner}.${quoted(theirs)}`);
  const keyList = keys.map((key, i) => `${key} AS ${quoted(`k${i}`)}`).join(', ');
  const there = keys.map((key) => `${key} IS NOT NULL`).join(' AND ');
  const on = over.on
    .map(([own], i) => `${joined}.${quoted(`k${i}`)} = ${alias}.${quoted(own)}`)
    .join(' AND ');
  if (term.kind === 'aggregate') {
    const column = term.column && `${inner}.${quoted(term.column.name)}`;
    const value = column === undefined ? 'count(*)' : functionSql(term.fn, column, term.column!.type);
    joins.push(
      ` LEFT JOIN (SELECT ${keyList}, ${value} AS ${quoted('v')} FROM ${table} AS ${inner} WHERE ${there} GROUP BY ${keys.join(', ')}) AS ${joined} ON ${on}`,
    );
    const found = `${joined}.${quoted('v')}`;
    return column === undefined ? `coalesce(${found}, 0)` : found;
  }
  const more: string[] = [];
  const value = termSql(writing, term.by, inner, more);
  const order = (of.key.length > 0 ? of.key.map((name) => `${inner}.${quoted(name)}`) : keys).join(', ');
  const one = `SELECT ${keyList}, ${value} AS ${quoted('v')}, row_number() OVER (PARTITION BY ${keys.join(', ')} ORDER BY ${order}) AS ${quoted('n')} FROM ${table} AS ${inner}${more.join('')} WHERE ${there}`;
  joins.push(` LEFT JOIN (${one}) AS ${joined} ON ${on} AND ${joined}.${quoted('n')} = 1`);
  return `${joined}.${quoted('v')}`;
}

/** Functions over a column, by Hasura's names. Averages and deviations are of doubles, whatever the column is. */
export function functionSql(fn: string, column: string, type: string): string {
  if (fn === 'min' || fn === 'max') return `${fn}(${column})`;
  if (fn === 'sum') return type === 'real' ? `sum(CAST(${column} AS double))` : `sum(${column})`;
  return `${fn}(CAST(${column} AS double))`;
}
