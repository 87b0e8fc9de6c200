import type pg from 'pg';
import { ADDED_COLUMNS } from '../../../../sis/change-columns.ts';
import type { MappedColumn, MappedTable } from '../../../../sis/mapping/evaluate.ts';
import { travelType } from '../../../../sis/types.ts';
import { ident } from '../../duckdb/sql-text.ts';
import { crossing, type Manner } from '../column-sql.ts';
import { misfitsOf } from '../misfits.ts';
import type { Followed } from './followable.ts';
import { UNCHANGED, type Value } from './pgoutput.ts';

/** A change of one row. */
export interface Change {
  readonly operation: 'I' | 'U' | 'D';
  readonly committedAtMs: number;
  /** See `sequenceOf`. */
  readonly sequence: string;
  /** In the order of the relation's columns; of a removal, what the log has of the row. */
  readonly values: readonly Value[];
}

/** Years before 1 and infinite values are rare, and here speed is not. */
export const MANNER: Manner = 'careful';

/** The copy of a table with the columns of its changes, as which a file of changes is written. */
export function withChangeColumns(table: MappedTable): MappedTable {
  const added = (name: string, type: string): MappedColumn => ({
    source: name,
    name,
    type,
    cast: false,
    from: type,
    travel: travelType(type),
  });
  const { operation, commitTime, sequence } = ADDED_COLUMNS;
  return {
    ...table,
    columns: [
      added(operation, 'text'),
      added(commitTime, 'timestamp without time zone'),
      added(sequence, 'text'),
      ...table.columns,
    ],
  };
}

export interface ChangeLines {
  /** In COPY's text format, one for each change, each with its end. */
  readonly text: string;
  /** By the column's name in the copy: values left empty because no type of the lake holds them. */
  readonly setAside: Readonly<Record<string, number>>;
  /** Values were missing in the log, and were read from the table as it is now. */
  readonly lookedUp: boolean;
}

/**
 * Changes as the lines that `parquetStatement` reads. The server makes them from the values in its log, by the very
 * expressions with which it copies a table: a value comes into the lake in the same form on both ways. A row that the
 * mappings' filter does not let through becomes a removal.
 * @param received the columns of the relation, in the order of the values
 */
export async function changeLines(
  client: pg.Client,
  { table, key }: Followed,
  received: readonly string[],
  changes: readonly Change[],
): Promise<ChangeLines> {
  const types = new Map(table.source.columns.map(({ name, type }) => [name, type]));
  const missing = received.map((_, i) => changes.some((one) => isMissing(one, i)));
  const aside = misfitsOf(
    table,
    table.columns.filter(({ source }) => key.includes(source)).map(({ name }) => name),
  );
  const parameters: unknown[] = [
    changes.map((_, i) => i),
    changes.map(({ operation }) => operation === 'D'),
    ...received.map((_, i) => changes.map(({ values }) => textOf(values[i]))),
    ...received.flatMap((_, i) => (missing[i] ? [changes.map((one) => isMissing(one, i))] : [])),
  ];
  const unnested = parameters.map(
    (_, i) => `$${i + 1}::${i === 0 ? 'int' : i === 1 || i >= 2 + received.length ? 'boolean' : 'text'}[]`,
  );
  const flags = received.flatMap((_, i) => (missing[i] ? [`u${i}`] : []));
  const columns = received.map((name, i) => {
    const given = `t.v${i}::${types.get(name)}`;
    return `${missing[i] ? `CASE WHEN t.u${i} THEN s.${ident(name)} ELSE ${given} END` : given} AS ${ident(name)}`;
  });
  const selects = table.columns.map((column) => {
    const { select } = crossing(column, MANNER);
    const misfit = aside.find((one) => one.column === column);
    return misfit ? `CASE WHEN ${misfit.condition} THEN NULL ELSE ${select} END` : select;
  });
  const { schema, name, hasHeirs } = table.source;
  const keyed = key.map((column) => {
    const i = received.indexOf(column);
    return `s.${ident(column)} = t.v${i}::${types.get(column)}`;
  });
  const join = missing.some(Boolean)
    ? ` LEFT JOIN ${hasHeirs ? 'ONLY ' : ''}${ident(schema)}.${ident(name)} s ON ${keyed.join(' AND ')}`
    : '';
  const sql =
    `SELECT ${[table.filter ? `${GONE} OR (${table.filter}) IS TRUE` : 'true', ...aside.map(({ condition }) => condition), ...selects].join(', ')} ` +
    `FROM (SELECT t.n AS ${NTH}, t.gone AS ${GONE}, ${columns.join(', ')} ` +
    `FROM unnest(${unnested.join(', ')}) AS t(${['n', 'gone', ...received.map((_, i) => `v${i}`), ...flags].join(', ')})${join}) v ORDER BY ${NTH}`;
  const { rows } = await client.query<(string | null)[]>({
    text: sql,
    values: parameters,
    rowMode: 'array',
    types: { getTypeParser: () => (value: string) => value },
  } as pg.QueryArrayConfig);
  const setAside: Record<string, number> = {};
  const lines = rows.map(([kept, ...rest], i) => {
    const { operation, committedAtMs, sequence } = changes[i]!;
    aside.forEach(({ column }, j) => {
      if (rest[j] === 't') setAside[column.name] = (setAside[column.name] ?? 0) + 1;
    });
    const op = kept === 't' ? operation : 'D';
    // The first is the companion of `copyStatement`.
    return ['1', op, String(committedAtMs), sequence, ...rest.slice(aside.length).map(field)].join('\t');
  });
  return {
    text: lines.length === 0 ? '' : `${lines.join('\n')}\n`,
    setAside,
    lookedUp: missing.some(Boolean),
  };
}

/** Names that no column of a source has. */
const NTH = '"campus-lake: number"';
const GONE = '"campus-lake: removed"';

const isMissing = ({ operation, values }: Change, i: number): boolean =>
  operation !== 'D' && values[i] === UNCHANGED;

const textOf = (value: Value | undefined): string | null => (typeof value === 'string' ? value : null);

const SIGNS: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
};

/** As COPY writes a value in its text format. */
function field(value: string | null): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what COPY escapes
  return value === null ? '\\N' : value.replaceAll(/[\\\n\t\r\x08\f\v]/g, (sign) => SIGNS[sign]!);
}
