import { inUtf8 } from '../../../sis/encoding.ts';
import type { MappedColumn } from '../../../sis/mapping/evaluate.ts';
import { travelType } from '../../../sis/types.ts';
import { ident } from '../duckdb/sql-text.ts';
import { duckType } from '../duckdb/types.ts';

/**
 * How one column crosses: what PostgreSQL selects, as what DuckDB reads its text, and what it makes of that.
 * `swift` lets the values through as they are; `careful` also takes those that few tables have and that would cost
 * all tables time: years before 1, infinite numbers, dates beyond what the text form can say.
 */
export interface ColumnCrossing {
  readonly select: string;
  readonly readAs: string;
  /** Over the column as read, named by `name`. */
  finish(name: string): string;
}

export type Manner = 'swift' | 'careful';

/** The value that leaves the server, in PostgreSQL's SQL: the column, or what a rule makes of it. */
export const sourceOf = (column: MappedColumn): string =>
  column.cast ? `${whole(column)}::${column.type}` : ident(column.source);

/** What DMS writes for infinity (for PostgreSQL targets; of S3 its manual says nothing). */
const LAST = "'9999-12-31'";
const FIRST = "'4713-01-01 BC'";
const EPOCH = "DATE '1970-01-01'";
const FIRST_DUCK = '4713-01-01 (BC)';

export function crossing(column: MappedColumn, manner: Manner): ColumnCrossing {
  const { travel } = column;
  const source = sourceOf(column);
  const asIs = (name: string) => name;
  switch (travel.lake) {
    case 'date':
      return manner === 'swift' ? swiftDate(source) : carefulDate(source);
    case 'timestamp':
      return manner === 'swift' ? swiftInstant(source, travel.form === 'utc') : carefulInstant(source);
    case 'time':
      return {
        select: travel.form === 'utc' ? `(${source} AT TIME ZONE 'UTC')::time` : source,
        readAs: 'TIME',
        finish: asIs,
      };
    case 'varbinary':
      return { select: source, readAs: 'VARCHAR', finish: (name) => `unhex(substr(${name}, ${HEX_FROM}))` };
    case 'varchar':
      return {
        select: textOf(source, column),
        readAs: 'VARCHAR',
        finish: withoutEscapes,
      };
    default:
      if (travel.lake.startsWith('decimal')) {
        return { select: decimal(source, travel.form, manner), readAs: duckType(travel.lake), finish: asIs };
      }
      return {
        select: source,
        readAs: travel.dms === 'INT2' ? 'SMALLINT' : duckType(travel.lake),
        finish: asIs,
      };
  }
}

function textOf(source: string, { travel, encoding }: MappedColumn): string {
  if (encoding) return inUtf8(`${source}::text`, encoding);
  return travel.form === 'text' ? `${source}::text` : source;
}

/** What a cast begins with. A time with its offset is the time in UTC, also where it becomes a text. */
function whole({ source, from }: MappedColumn): string {
  return travelType(from).lake === 'time' && travelType(from).form === 'utc'
    ? `(${ident(source)} AT TIME ZONE 'UTC')::time`
    : ident(source);
}

/** Bytes come as `\\x00ff`: the mark of hexadecimal digits, its backslash escaped. */
const HEX_FROM = 4;

/** How COPY writes what would look like its own signs, apart from the backslash (PostgreSQL, "COPY", text format). */
const ESCAPES: readonly (readonly [letter: string, code: number])[] = [
  ['n', 10],
  ['t', 9],
  ['r', 13],
  ['b', 8],
  ['f', 12],
  ['v', 11],
];

/**
 * The text without COPY's escapes. Few values have any, so the others are only searched for a backslash. Cut at the
 * doubled backslashes first: every other one then begins an escape.
 */
function withoutEscapes(name: string): string {
  const piece = ESCAPES.reduce(
    (text, [letter, code]) => `replace(${text}, '\\${letter}', chr(${code}))`,
    'piece',
  );
  const whole = `array_to_string(list_transform(string_split(${name}, '\\\\'), lambda piece: ${piece}), '\\')`;
  return `CASE WHEN contains(${name}, '\\') THEN ${whole} ELSE ${name} END`;
}

/** A bare numeric keeps six places, the rest is cut as DMS cuts it. What is no number becomes empty. */
function decimal(source: string, form: string, manner: Manner): string {
  const number = form === 'money' ? `${source}::numeric` : source;
  const cut = form === 'cut' ? `trunc(${number}, 6)` : number;
  if (manner === 'swift' || form === 'money') return cut;
  return `CASE WHEN ${number}::text IN ('NaN', 'Infinity', '-Infinity') THEN NULL ELSE ${cut} END`;
}

/** Read as text: DuckDB takes `0044-03-15 BC` for a day of our era, and wants the era in brackets. */
function swiftDate(source: string): ColumnCrossing {
  return {
    select: source,
    readAs: 'VARCHAR',
    finish(name) {
      const day = `CAST(CASE WHEN ends_with(${name}, 'C') THEN replace(${name}, 'BC', '(BC)') ELSE ${name} END AS DATE)`;
      return (
        `CASE WHEN isinf(${day}) THEN CASE WHEN ${day} > ${EPOCH} THEN DATE ${LAST} ELSE DATE '${FIRST_DUCK}' END ` +
        `ELSE ${day} END`
      );
    },
  };
}

/** As days since 1970: the text form of years before 1 is not DuckDB's. */
function carefulDate(source: string): ColumnCrossing {
  return {
    select: `(CASE WHEN isfinite(${source}) THEN ${source} WHEN ${source} > ${EPOCH} THEN ${LAST}::date WHEN ${source} < ${EPOCH} THEN ${FIRST}::date END - ${EPOCH})`,
    readAs: 'INTEGER',
    finish: (name) => `${EPOCH} + ${name}`,
  };
}

function swiftInstant(source: string, utc: boolean): ColumnCrossing {
  return {
    select: utc ? `${source} AT TIME ZONE 'UTC'` : source,
    readAs: 'TIMESTAMP',
    finish: (name) =>
      `(CASE WHEN isinf(${name}) THEN CASE WHEN ${name} > ${EPOCH} THEN TIMESTAMP '9999-12-31 23:59:59' ` +
      `ELSE TIMESTAMP '${FIRST_DUCK} 00:00:00' END ELSE make_timestamp_ms(${wholeMilliseconds(name)}) END)::TIMESTAMP_MS`,
  };
}

/** What is finer than a millisecond is cut off towards the past, before 1970 too. */
const wholeMilliseconds = (name: string) =>
  `CASE WHEN ${name} < ${EPOCH} THEN (epoch_us(${name}) - 999) // 1000 ELSE epoch_ms(${name}) END`;

/** As milliseconds since 1970, what is finer cut off as above. */
function carefulInstant(source: string): ColumnCrossing {
  const finite =
    `CASE WHEN isfinite(${source}) THEN ${source} WHEN ${source} > ${EPOCH} ` +
    `THEN '9999-12-31 23:59:59' WHEN ${source} < ${EPOCH} THEN ${FIRST} END`;
  return {
    select: `floor(extract(epoch FROM ${finite}) * 1000)::bigint`,
    readAs: 'BIGINT',
    finish: (name) => `make_timestamp_ms(${name})::TIMESTAMP_MS`,
  };
}
