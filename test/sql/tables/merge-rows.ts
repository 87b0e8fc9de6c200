import { newestPerKeySql } from '../../../src/platform/aws/athena/inspect.ts';
import type { TableColumn } from '../../../src/ports/tables.ts';
import { columnsOf, KEY, MERGES, type Told } from './merges.ts';

/** When something was told, as the source writes it. */
export const instantOf = (minute: number): string => new Date(minute * 60_000).toISOString();

/** What every scenario delivers in a load, one row per key, as staging in Athena gives it to a merge. */
export function deliveredSql(load: number): string {
  const columns = columnsOf(load);
  const rows = Object.entries(MERGES).flatMap(([scenario, loads]) =>
    (loads[load] ?? []).map((told) => `(${cells(scenario, told, columns).join(', ')})`),
  );
  const list = columns.map(({ name, type }) => `CAST("${name}" AS ${type}) AS "${name}"`);
  const names = columns.map(({ name }) => name);
  const typed = `SELECT ${list.join(', ')}, "_ts", "_deleted"
FROM (VALUES ${rows.join(',\n')}) AS v("${names.join('", "')}", "_ts", "_deleted")`;
  return newestPerKeySql(typed, KEY, names);
}

function cells(scenario: string, [minute, id, row]: Told, columns: readonly TableColumn[]): string[] {
  const values = columns.map(({ name, type }) => {
    if (name === 'scenario') return text(scenario);
    if (name === 'id') return String(id);
    const value = row?.[name] ?? null;
    if (value === null) return `CAST(NULL AS ${type})`;
    if (type === 'timestamp') return `TIMESTAMP ${text(String(value).replace(/^(.*)T(.*)Z$/, '$1 $2'))}`;
    if (type === 'date') return `DATE ${text(String(value))}`;
    if (type === 'double') return `${value}e0`;
    if (type.startsWith('decimal')) return `CAST(${value} AS ${type})`;
    return typeof value === 'string' ? text(value) : String(value);
  });
  return [...values, text(instantOf(minute)), String(row === null)];
}

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
