import { quoted } from './dialect.ts';
import type { Level } from './level.ts';
import { functionSql, orderTerms } from './orders.ts';
import type { AggregatePart, Field, Figure, Rows } from './selection.ts';
import { eachOf, numberedSql, sourceColumn, sourceOf, withinSql } from './source.ts';
import type { Decoded, Leaf, Writing } from './statement.ts';

type LevelOf = (writing: Writing, table: Rows['table'], fields: readonly Field[]) => Level;

/**
 * Figures over many rows, and these rows: one row without keys, else one for each row to which they belong.
 * @param group names of columns: one row for those that are alike in them, nulls among them
 * @returns a SELECT of `k0…`, of `g0…`, the columns of the group, and of `t0…`, one for each leaf
 */
export function aggregateParts(
  writing: Writing,
  rows: Rows,
  keys: readonly string[],
  parts: readonly AggregatePart[],
  levelOf: LevelOf,
  group: readonly string[] = [],
): { readonly sql: string; readonly decoded: Decoded } {
  const levels = parts.map((part) =>
    part.kind === 'nodes' ? levelOf(writing, rows.table, part.fields) : undefined,
  );
  const figures = parts.flatMap((part) => (part.kind === 'figures' ? part.figures : []));
  const columns = [
    ...new Set([
      ...levels.flatMap((level) => level?.columns ?? []),
      ...figures.flatMap(columnsOfFigure),
      ...group,
    ]),
  ];
  const terms = orderTerms(writing, rows);
  const source = sourceOf(writing, rows, columns, keys, terms);
  const numbered = numberedSql(writing, source, columns, keys, terms);
  const inner = writing.alias();
  const within = withinSql(rows, `${inner}.${quoted('n')}`);
  const flags: string[] = [];
  const from = writing.alias();
  const leaves: Leaf[] = [];
  const joins: string[] = [];
  const decoders: ((cells: readonly unknown[], into: { [key: string]: unknown }) => void)[] = [];
  const number = `${from}.${quoted('n')}`;

  const figureSql = (figure: Exclude<Figure, { kind: 'typename' }>): Leaf[] => {
    if (figure.kind === 'function')
      return figure.of.flatMap((of) =>
        of.kind === 'typename'
          ? []
          : [
              {
                sql: functionSql(figure.fn, `${from}.${sourceColumn(of.column.name)}`, of.column.type),
                type: figureType(figure.fn, of.column.type),
              },
            ],
      );
    const names = figure.columns.map(({ name }) => name);
    const type = 'bigint' as const;
    if (names.length === 0) return [{ sql: 'count(*)', type }];
    if (names.length === 1)
      return [
        { sql: `count(${figure.distinct ? 'DISTINCT ' : ''}${from}.${sourceColumn(names[0]!)})`, type },
      ];
    // Of several columns rows are counted, since a row of them is never null: each combination once, or all.
    if (!figure.distinct) return [{ sql: 'count(*)', type }];
    const flag = quoted(`f${flags.length}`);
    const partition = [
      ...keys.map((_, i) => `${inner}.${quoted(`k${i}`)}`),
      ...[...new Set([...group, ...names])].map((name) => `${inner}.${sourceColumn(name)}`),
    ].join(', ');
    flags.push(`row_number() OVER (PARTITION BY ${partition} ORDER BY ${inner}.${quoted('n')}) AS ${flag}`);
    return [{ sql: `count(CASE WHEN ${from}.${flag} = 1 THEN 1 END)`, type }];
  };

  parts.forEach((part, p) => {
    const level = levels[p];
    if (part.kind === 'nodes') {
      const { joins: more, decoded } = level!.over(from);
      joins.push(more);
      const only = withinSql({ limit: rows.table.limit, offset: rows.offset }, number);
      const lists = [{ sql: '1', type: 'integer' as const }, ...decoded.leaves].map(({ sql, type }) => ({
        sql: writing.dialect.collect(sql, type, number, rows.table.limit === undefined ? '' : only),
        type: 'collected' as const,
      }));
      const at = leaves.push(...lists) - lists.length;
      decoders.push((cells, into) => {
        into[part.key] = eachOf(cells.slice(at, at + lists.length), decoded.decode);
      });
      return;
    }
    if (part.kind === 'groups') throw new TypeError('groups are compiled by themselves');
    if (part.kind === 'typename') {
      decoders.push((_, into) => {
        into[part.key] = part.value;
      });
      return;
    }
    const places = part.figures.map((figure) => {
      if (figure.kind === 'typename') return leaves.length;
      const made = figureSql(figure);
      return leaves.push(...made) - made.length;
    });
    decoders.push((cells, into) => {
      into[part.key] = Object.fromEntries(
        part.figures.map((figure, f) => [figure.key, figureOf(figure, cells, places[f]!)]),
      );
    });
  });

  const keyList = keys.map((_, i) => `${from}.${quoted(`k${i}`)}`);
  const groupList = group.map((name) => `${from}.${sourceColumn(name)}`);
  const list = [
    ...keyList.map((key, i) => `${key} AS ${quoted(`k${i}`)}`),
    ...groupList.map((one, i) => `${one} AS ${quoted(`g${i}`)}`),
    ...leaves.map(({ sql }, i) => `${sql} AS ${quoted(`t${i}`)}`),
  ];
  const given = [
    ...columns.map((name) => `${inner}.${sourceColumn(name)} AS ${sourceColumn(name)}`),
    ...keys.map((_, i) => `${inner}.${quoted(`k${i}`)} AS ${quoted(`k${i}`)}`),
    `${inner}.${quoted('n')} AS ${quoted('n')}`,
    ...flags,
  ];
  const chosen = `SELECT ${given.join(', ')} FROM (${numbered}) AS ${inner}${within === '' ? '' : ` WHERE ${within}`}`;
  const by = [...keyList, ...new Set(groupList)];
  const grouped = by.length > 0 ? ` GROUP BY ${by.join(', ')}` : '';
  return {
    sql: `SELECT ${list.length > 0 ? list.join(', ') : `count(*) AS ${quoted('t')}`} FROM (${chosen}) AS ${from}${joins.join('')}${grouped}`,
    decoded: {
      leaves,
      decode(cells) {
        const made: { [key: string]: unknown } = {};
        for (const decoder of decoders) decoder(cells, made);
        return made;
      },
    },
  };
}

const columnsOfFigure = (figure: Figure): string[] => {
  if (figure.kind === 'count') return figure.columns.map(({ name }) => name);
  if (figure.kind === 'typename') return [];
  return figure.of.flatMap((of) => (of.kind === 'column' ? [of.column.name] : []));
};

function figureOf(figure: Figure, cells: readonly unknown[], at: number): unknown {
  if (figure.kind === 'typename') return figure.value;
  if (figure.kind === 'count') return Number(cells[at] ?? 0);
  let place = at;
  return Object.fromEntries(
    figure.of.map((of) => [of.key, of.kind === 'typename' ? of.value : (cells[place++] ?? null)]),
  );
}

function figureType(fn: string, type: Leaf['type']): Leaf['type'] {
  if (fn === 'min' || fn === 'max') return type;
  if (fn !== 'sum') return 'double';
  if (type === 'integer') return 'bigint';
  return type === 'real' ? 'double' : type;
}
