import type { Check } from '../campus/check-schema.ts';
import type { TableColumn } from '../ports/tables.ts';
import type { TableCheck } from './table-check.ts';

/** What the checks of a table are counted over. */
export interface CheckedRows {
  readonly table: string;
  readonly columns: readonly TableColumn[];
  /** The moment up to which the table is loaded, ISO 8601 UTC: what `freshness` compares the newest row with. */
  readonly asOf: string;
}

/**
 * One SELECT in Athena's SQL that counts, for each check that reads rows, those that break it: a column each, in the
 * order of the checks. Undefined where none reads rows.
 */
export function countsSql(rows: CheckedRows, checks: readonly TableCheck[]): string | undefined {
  const counts = checks.map(({ check }) => count(rows, check)).filter((sql) => sql !== undefined);
  if (counts.length === 0) return undefined;
  const list = counts.map((sql, i) => `${sql} AS c${i}`).join(', ');
  // Where each count is a query of its own, FROM would give it once for each row, and of an empty table not at all.
  return checks.every(({ check }) => !readsRows(check) || isOwnQuery(check))
    ? `SELECT ${list}`
    : `SELECT ${list} FROM ${rows.table} t`;
}

/** Whether a check reads the rows of its table; one of their number does not. */
export const readsRows = (check: Check): boolean => check.kind !== 'row_count';

const isOwnQuery = ({ kind }: Check): boolean => kind === 'unique' || kind === 'relationships';

/** The tables that the checks read besides their own. */
export function otherTables(checks: readonly TableCheck[]): string[] {
  return [...new Set(checks.flatMap(({ check }) => (check.kind === 'relationships' ? [check.to] : [])))];
}

function count({ table, columns, asOf }: CheckedRows, check: Check): string | undefined {
  switch (check.kind) {
    case 'not_null':
    case 'accepted_values':
    case 'range':
      return counting(brokenBy(check, columns)!);
    case 'unique': {
      const names = check.columns.map(quoted).join(', ');
      const filled = check.columns.map((name) => `${quoted(name)} IS NOT NULL`).join(' AND ');
      const where = check.nullsDistinct === false ? '' : ` WHERE ${filled}`;
      return `(SELECT count(*) FROM (SELECT count(*) AS n FROM ${table}${where} GROUP BY ${names} HAVING count(*) > 1) d)`;
    }
    case 'relationships': {
      const [column, field] = [quoted(check.column), quoted(check.field)];
      return `(SELECT count(*) FROM ${table} c LEFT JOIN (SELECT DISTINCT ${field} AS found FROM ${check.to}) p ON p.found = c.${column} WHERE c.${column} IS NOT NULL AND p.found IS NULL)`;
    }
    case 'freshness':
      return stale(check, typeOf(columns, check.column), asOf);
    case 'row_count':
      return undefined;
  }
}

/** When the row `t` breaks a check, by itself alone; undefined for checks that look at other rows. May be null. */
export function brokenBy(check: Check, columns: readonly TableColumn[]): string | undefined {
  switch (check.kind) {
    case 'not_null':
      return check.columns.map((name) => `t.${quoted(name)} IS NULL`).join(' OR ');
    case 'accepted_values': {
      const isDate = typeOf(columns, check.column) === 'date';
      const values = check.values.map((value) => (isDate ? `DATE ${literal(value)}` : literal(value)));
      return `t.${quoted(check.column)} NOT IN (${values.join(', ')})`;
    }
    case 'range':
      return outOfRange(check, typeOf(columns, check.column));
    default:
      return undefined;
  }
}

/**
 * A day as an end means the whole day, on a timestamp too. NaN lies in no range: some engines put it above every
 * number, others compare it with none, so it is asked for by name.
 */
function outOfRange({ column, min, max }: Extract<Check, { kind: 'range' }>, type: string): string {
  const value = `t.${quoted(column)}`;
  const end = (bound: number | string, sign: '<' | '>') =>
    typeof bound === 'number'
      ? `${value} ${sign} ${bound}`
      : `${type === 'timestamp' ? `CAST(${value} AS date)` : value} ${sign} DATE ${text(bound)}`;
  return [
    ...(min === undefined ? [] : [end(min, '<')]),
    ...(max === undefined ? [] : [end(max, '>')]),
    ...(type === 'double' || type === 'real' ? [`is_nan(${value})`] : []),
  ].join(' OR ');
}

const HOUR_MS = 3_600_000;

/** 1 where no row is new enough, or there is none; what is dated after the load is no sign of fresh data. */
function stale(
  { column, maxAgeHours }: Extract<Check, { kind: 'freshness' }>,
  type: string,
  asOf: string,
): string {
  const moment = (ms: number) => `TIMESTAMP '${new Date(ms).toISOString().slice(0, 23).replace('T', ' ')}'`;
  const end = Date.parse(asOf);
  const value = type === 'date' ? `CAST(t.${quoted(column)} AS timestamp)` : `t.${quoted(column)}`;
  const fresh = `${value} >= ${moment(end - maxAgeHours * HOUR_MS)} AND ${value} <= ${moment(end)}`;
  return `CASE WHEN ${counting(fresh)} = 0 THEN 1 ELSE 0 END`;
}

const typeOf = (columns: readonly TableColumn[], column: string): string =>
  columns.find(({ name }) => name === column)?.type ?? 'varchar';
const counting = (condition: string) => `count(CASE WHEN ${condition} THEN 1 END)`;
export const quoted = (name: string) => `"${name}"`;
export const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
const literal = (value: string | number | boolean) =>
  typeof value === 'string' ? text(value) : String(value);
