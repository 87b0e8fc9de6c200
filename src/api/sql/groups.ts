import { aggregateParts } from './aggregates.ts';
import { quoted } from './dialect.ts';
import { levelOf } from './level.ts';
import type { AggregatePart, GroupPart, Rows } from './selection.ts';
import { eachOf } from './source.ts';
import type { Leaf, Writing } from './statement.ts';

/**
 * The groups of rows that are alike in some columns, as lists side by side, in the order of these columns with nulls
 * last. The keys are the columns of the same source as the figures: what the role does not see of a row is null in both.
 * @returns a SELECT of one row, `l0…`, one for each list
 */
export function groupsOf(
  writing: Writing,
  rows: Rows,
  { by, parts }: Extract<AggregatePart, { kind: 'groups' }>,
): { readonly sql: string; readonly lists: number; readonly decode: (cells: readonly unknown[]) => unknown } {
  const figures = parts.filter((part): part is Extract<GroupPart, AggregatePart> => part.kind !== 'key');
  const names = by.map(({ name }) => name);
  const { sql, decoded } = aggregateParts(writing, rows, [], figures, levelOf, names);
  const [inner, from] = [writing.alias(), writing.alias()];
  const leaves: Leaf[] = [
    ...by.map(({ type }, i) => ({ sql: quoted(`g${i}`), type })),
    ...decoded.leaves.map(({ type }, i) => ({ sql: quoted(`t${i}`), type })),
  ];
  const order = by.map((_, i) => `${inner}.${quoted(`g${i}`)} ASC NULLS LAST`).join(', ');
  const given = leaves.map(({ sql }) => `${inner}.${sql} AS ${sql}`).join(', ');
  const numbered = `SELECT ${given}, row_number() OVER (ORDER BY ${order}) AS ${quoted('n')} FROM (${sql}) AS ${inner}`;
  const lists = [
    { sql: '1', type: 'integer' as const },
    ...leaves.map((leaf) => ({ ...leaf, sql: `${from}.${leaf.sql}` })),
  ]
    .map(({ sql, type }) => writing.dialect.collect(sql, type, `${from}.${quoted('n')}`, ''))
    .map((list, i) => `${list} AS ${quoted(`l${i}`)}`);
  return {
    sql: `SELECT ${lists.join(', ')} FROM (${numbered}) AS ${from}`,
    lists: lists.length,
    decode: (cells) =>
      eachOf(cells, (row: readonly unknown[]) => {
        const made = decoded.decode(row.slice(by.length) as never[]) as { [key: string]: unknown };
        return Object.fromEntries(
          parts.map((part) => [part.key, part.kind === 'key' ? keyOf(part, by, row) : made[part.key]]),
        );
      }),
  };
}

const keyOf = (
  { fields }: Extract<GroupPart, { kind: 'key' }>,
  by: readonly { readonly name: string }[],
  row: readonly unknown[],
): object =>
  Object.fromEntries(
    fields.map((field) => [
      field.key,
      field.kind === 'typename'
        ? field.value
        : (row[by.findIndex(({ name }) => name === field.column.name)] ?? null),
    ]),
  );
