import type { Check } from '../campus/check-schema.ts';
import type { TableCheck } from './table-check.ts';

/**
 * One SELECT in Athena's SQL that counts, for each check that reads rows, those that break it: a column each, in the
 * order of the checks. Undefined where none reads rows.
 */
export function countsSql(table: string, checks: readonly TableCheck[]): string | undefined {
  const counts = checks.map(({ check }) => count(table, check)).filter((sql) => sql !== undefined);
  if (counts.length === 0) return undefined;
  return `SELECT ${counts.map((sql, i) => `${sql} AS c${i}`).join(', ')} FROM ${table} t`;
}

/** Whether a check reads the rows of its table; one of their number does not. */
export const readsRows = (check: Check): boolean => check.kind !== 'row_count';

/** The tables that the checks read besides their own. */
export function otherTables(checks: readonly TableCheck[]): string[] {
  return [...new Set(checks.flatMap(({ check }) => (check.kind === 'relationships' ? [check.to] : [])))];
}

function count(table: string, check: Check): string | undefined {
  switch (check.kind) {
    case 'not_null':
      return counting(check.columns.map((name) => `t.${quoted(name)} IS NULL`).join(' OR '));
    case 'accepted_values':
      return counting(`t.${quoted(check.column)} NOT IN (${check.values.map(literal).join(', ')})`);
    case 'range': {
      const column = `t.${quoted(check.column)}`;
      const ends = [
        ...(check.min === undefined ? [] : [`${column} < ${end(check.min)}`]),
        ...(check.max === undefined ? [] : [`${column} > ${end(check.max)}`]),
      ];
      return counting(ends.join(' OR '));
    }
    case 'unique': {
      const columns = check.columns.map(quoted).join(', ');
      const filled = check.columns.map((name) => `${quoted(name)} IS NOT NULL`).join(' AND ');
      return `(SELECT count(*) FROM (SELECT count(*) AS n FROM ${table} WHERE ${filled} GROUP BY ${columns} HAVING count(*) > 1) d)`;
    }
    case 'relationships': {
      const [column, field] = [quoted(check.column), quoted(check.field)];
      return `(SELECT count(*) FROM ${table} c LEFT JOIN (SELECT DISTINCT ${field} AS found FROM ${check.to}) p ON p.found = c.${column} WHERE c.${column} IS NOT NULL AND p.found IS NULL)`;
    }
    case 'row_count':
      return undefined;
  }
}

const counting = (condition: string) => `count(CASE WHEN ${condition} THEN 1 END)`;
const quoted = (name: string) => `"${name}"`;
const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
const literal = (value: string | number | boolean) =>
  typeof value === 'string' ? text(value) : String(value);
/** The schema lets only dates be given as text. */
const end = (bound: number | string) => (typeof bound === 'number' ? String(bound) : `DATE ${text(bound)}`);
