import type { Client } from 'pg';
import type { CellValue, Row } from '../../../src/simulators/college/college.ts';

export type TextRow = Readonly<Record<string, string>>;

/** The rows of a table that the client filled, every value as PostgreSQL writes it, and its columns of instants. */
export async function tableRows(
  database: Client,
  schema: string,
  table: string,
): Promise<{ rows: TextRow[]; instants: ReadonlySet<string> }> {
  const columns = await database.query<{ name: string; type: string }>(
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns
      WHERE table_schema = $1 AND table_name = $2`,
    [schema, table],
  );
  const ofType = (type: string) => new Set(columns.rows.filter((c) => c.type === type).map((c) => c.name));
  const text = (name: string, type: string) => (type === 'inet' ? `host("${name}")` : `"${name}"::text`);
  const list = columns.rows.map(({ name, type }) => `${text(name, type)} AS "${name}"`).join(', ');
  const found = await database.query<Record<string, string | null>>(
    `SELECT ${list} FROM "${schema}"."${table}"`,
  );
  const nested = ofType('jsonb');
  const rows = found.rows.map((row) =>
    mapped(row, (text, name) => (text && nested.has(name) ? sorted(text) : `${text}`)),
  );
  return { rows, instants: ofType('timestamp without time zone') };
}

/**
 * Rows of the truth in the same words.
 * @param instants the columns that hold instants, which the truth gives as numbers
 */
export function truthRows(rows: readonly Row[], instants: ReadonlySet<string>): TextRow[] {
  return rows.map((row) => mapped(row, (value, name) => textOf(value, instants.has(name))));
}

function mapped<T>(row: Readonly<Record<string, T>>, text: (value: T, name: string) => string): TextRow {
  return Object.fromEntries(
    Object.entries(row)
      .map(([name, value]): [string, string] => [name, text(value, name)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function textOf(value: CellValue, isInstant: boolean): string {
  if (isInstant && typeof value === 'number') {
    return new Date(value)
      .toISOString()
      .replace('T', ' ')
      .replace(/(?:\.000|(\.\d*?)0*)Z$/, '$1');
  }
  return typeof value === 'object' && value !== null ? sorted(JSON.stringify(value)) : String(value);
}

function sorted(json: string): string {
  const entries = Object.entries(JSON.parse(json) as Record<string, unknown>);
  return JSON.stringify(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))));
}
