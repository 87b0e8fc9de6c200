import { aggregateParts } from './aggregates.ts';
import { type Dialect, quoted } from './dialect.ts';
import { groupsOf } from './groups.ts';
import { levelOf } from './level.ts';
import { orderTerms } from './orders.ts';
import type { Root, Rows } from './selection.ts';
import { orderOver, sourceOf } from './source.ts';
import { type Compiled, type Leaf, Writing } from './statement.ts';

/**
 * Compiles one root field to one statement, however deep it is nested.
 *
 * Lists within rows are read for all rows at once: their rows are numbered among those that belong together, and each
 * of their columns becomes one list, in that order. So joins are never correlated, which Athena could not plan, and
 * every value leaves the database in the type of its column.
 * @throws ApiError for what the database cannot do
 */
export function compile(root: Root, dialect: Dialect): Compiled {
  const writing = new Writing(dialect);
  const answer = (sql: string, decode: Compiled['decode']): Compiled => ({
    sql,
    values: writing.values,
    decode,
  });
  if (root.kind === 'aggregate') {
    const ofGroups = root.parts.flatMap((part) =>
      part.kind === 'groups' ? [{ key: part.key, ...groupsOf(writing, root.rows, part) }] : [],
    );
    const others = root.parts.filter(({ kind }) => kind !== 'groups');
    const { sql, decoded } = aggregateParts(writing, root.rows, [], others, levelOf);
    const from = writing.alias();
    const leaves: Leaf[] = decoded.leaves.map(({ type }, i) => ({ sql: `${from}.${quoted(`t${i}`)}`, type }));
    const joins = ofGroups.map((groups) => {
      const alias = writing.alias();
      for (let i = 0; i < groups.lists; i++)
        leaves.push({ sql: `${alias}.${quoted(`l${i}`)}`, type: 'collected' });
      return ` CROSS JOIN (${groups.sql}) AS ${alias}`;
    });
    return answer(`SELECT ${outputs(dialect, leaves)} FROM (${sql}) AS ${from}${joins.join('')}`, ([row]) => {
      const made = decoded.decode(row!) as { [key: string]: unknown };
      let at = decoded.leaves.length;
      for (const { key, lists, decode } of ofGroups) {
        made[key] = decode(row!.slice(at, at + lists));
        at += lists;
      }
      return Object.fromEntries(root.parts.map(({ key }) => [key, made[key]]));
    });
  }
  const { rows, fields } = root;
  const level = levelOf(writing, rows.table, fields);
  const terms = orderTerms(writing, rows);
  const source = sourceOf(writing, rows, level.columns, [], terms);
  const from = writing.alias();
  const { joins, decoded } = level.over(from);
  const cut = cutSql(rows);
  const inner = orderOver(terms).join(', ');
  const limited =
    cut === ''
      ? source
      : `SELECT * FROM (${source}) AS ${writing.alias()}${inner === '' ? '' : ` ORDER BY ${inner}`}${cut}`;
  const order = orderOver(terms, from).join(', ');
  return answer(
    `SELECT ${outputs(dialect, decoded.leaves)} FROM (${limited}) AS ${from}${joins}${order === '' ? '' : ` ORDER BY ${order}`}`,
    (found) => {
      const all = found.map((row) => decoded.decode(row));
      return root.kind === 'one' ? (all[0] ?? null) : all;
    },
  );
}

/** In Athena's order of the two clauses, which PostgreSQL reads too. */
const cutSql = ({ limit, offset }: Rows): string =>
  `${offset > 0 ? ` OFFSET ${offset}` : ''}${limit === undefined ? '' : ` LIMIT ${limit}`}`;

const outputs = (dialect: Dialect, leaves: readonly Leaf[]): string =>
  leaves
    .map(
      ({ sql, type }, i) =>
        `${type === 'collected' ? dialect.outputList(sql) : dialect.output(sql, type)} AS ${quoted(`c${i}`)}`,
    )
    .join(', ') || `1 AS ${quoted('c0')}`;
