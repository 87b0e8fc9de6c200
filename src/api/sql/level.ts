import type { ApiRelationship, ApiTable } from '../model/api-table.ts';
import { aggregateParts } from './aggregates.ts';
import { quoted } from './dialect.ts';
import { orderTerms } from './orders.ts';
import { EVERY, type Field, type Rows } from './selection.ts';
import { eachOf, numberedSql, sourceColumn, sourceOf, withinSql } from './source.ts';
import type { Decoded, Leaf, Writing } from './statement.ts';

/** The columns that a level needs of its table, and what it becomes over a relation that has them as `q_<column>`. */
export interface Level {
  readonly columns: readonly string[];
  over(alias: string): { readonly joins: string; readonly decoded: Decoded };
}

/** What the fields of a selection need and become. */
export function levelOf(writing: Writing, _table: ApiTable, fields: readonly Field[]): Level {
  const columns = new Set<string>();
  for (const field of fields) {
    if (field.kind === 'column') columns.add(field.column.name);
    else if (field.kind !== 'typename') for (const [own] of field.over.on) columns.add(own);
  }
  return { columns: [...columns], over: (alias) => levelOver(writing, fields, alias) };
}

function levelOver(writing: Writing, fields: readonly Field[], alias: string) {
  const leaves: Leaf[] = [];
  const joins: string[] = [];
  const values: [key: string, value: (cells: readonly unknown[]) => unknown][] = [];
  for (const field of fields) {
    const at = leaves.length;
    if (field.kind === 'typename') values.push([field.key, () => field.value]);
    else if (field.kind === 'column') {
      leaves.push({ sql: `${alias}.${sourceColumn(field.column.name)}`, type: field.column.type });
      values.push([field.key, (cells) => cells[at]]);
    } else {
      const nested = nestedOf(writing, field);
      const joined = writing.alias();
      const on = field.over.on.map(
        ([own], i) => `${joined}.${quoted(`k${i}`)} = ${alias}.${sourceColumn(own)}`,
      );
      joins.push(` LEFT JOIN (${nested.sql}) AS ${joined} ON ${on.join(' AND ')}`);
      leaves.push(...nested.leaves.map((type, i) => ({ sql: `${joined}.${quoted(`v${i}`)}`, type })));
      values.push([
        field.key,
        (cells) => nested.decode(cells.slice(at, at + nested.leaves.length) as never[]),
      ]);
    }
  }
  return {
    joins: joins.join(''),
    decoded: {
      leaves,
      decode: (cells: readonly unknown[]) =>
        Object.fromEntries(values.map(([key, value]) => [key, value(cells)])),
    },
  };
}

/** Rows of another table for each row: `k0…`, by which they belong to it, and `v0…`, one for each leaf. */
interface Nested {
  readonly sql: string;
  readonly leaves: readonly Leaf['type'][];
  /** Cells are null where there is none. */
  readonly decode: (cells: readonly never[]) => unknown;
}

function nestedOf(writing: Writing, field: Extract<Field, { over: ApiRelationship }>): Nested {
  const keys = field.over.on.map(([, theirs]) => theirs);
  if (field.kind === 'object') return objectOf(writing, field, keys);
  if (field.kind === 'array') return arrayOf(writing, field, keys);
  const { sql, decoded } = aggregateParts(writing, field.rows, keys, field.parts, levelOf);
  const list = [
    ...keys.map((_, i) => quoted(`k${i}`)),
    ...decoded.leaves.map((_, i) => `${quoted(`t${i}`)} AS ${quoted(`v${i}`)}`),
  ];
  return {
    sql: `SELECT ${list.join(', ')} FROM (${sql}) AS ${writing.alias()}`,
    leaves: decoded.leaves.map(({ type }) => type),
    decode: decoded.decode,
  };
}

function objectOf(
  writing: Writing,
  field: Extract<Field, { kind: 'object' }>,
  keys: readonly string[],
): Nested {
  const rows: Rows = { table: field.of, where: EVERY, order: [], distinctOn: [], offset: 0 };
  const level = levelOf(writing, field.of, field.fields);
  const terms = orderTerms(writing, rows);
  const source = sourceOf(writing, rows, level.columns, keys, terms);
  const from = writing.alias();
  const { joins, decoded } = level.over(from);
  const list = [
    ...keys.map((_, i) => `${from}.${quoted(`k${i}`)} AS ${quoted(`k${i}`)}`),
    `1 AS ${quoted('v0')}`,
    ...decoded.leaves.map(({ sql }, i) => `${sql} AS ${quoted(`v${i + 1}`)}`),
  ];
  const numbered = numberedSql(writing, source, level.columns, keys, terms);
  return {
    // That there is one row at most is said by the relationship alone.
    sql: `SELECT ${list.join(', ')} FROM (${numbered}) AS ${from}${joins} WHERE ${from}.${quoted('n')} = 1`,
    leaves: ['integer', ...decoded.leaves.map(({ type }) => type)],
    decode: ([there, ...cells]) => (there === null ? null : decoded.decode(cells)),
  };
}

function arrayOf(
  writing: Writing,
  { rows, fields }: Extract<Field, { kind: 'array' }>,
  keys: readonly string[],
): Nested {
  const level = levelOf(writing, rows.table, fields);
  const terms = orderTerms(writing, rows);
  const source = sourceOf(writing, rows, level.columns, keys, terms);
  const numbered = numberedSql(writing, source, level.columns, keys, terms);
  const from = writing.alias();
  const { joins, decoded } = level.over(from);
  const by = `${from}.${quoted('n')}`;
  const keyList = keys.map((_, i) => `${from}.${quoted(`k${i}`)}`);
  const lists = [{ sql: '1', type: 'integer' as const }, ...decoded.leaves].map(({ sql, type }) =>
    writing.dialect.collect(sql, type, by, ''),
  );
  const list = [
    ...keyList.map((key, i) => `${key} AS ${quoted(`k${i}`)}`),
    ...lists.map((sql, i) => `${sql} AS ${quoted(`v${i}`)}`),
  ];
  const within = withinSql(rows, by);
  return {
    sql: `SELECT ${list.join(', ')} FROM (${numbered}) AS ${from}${joins}${within === '' ? '' : ` WHERE ${within}`} GROUP BY ${keyList.join(', ')}`,
    leaves: lists.map(() => 'collected'),
    decode: (cells) => eachOf(cells, decoded.decode),
  };
}
