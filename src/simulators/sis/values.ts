import type { CellValue, ColumnShape } from '../college/college.ts';

const isJson = (type: string) => type === 'json' || type === 'jsonb';
const isInstant = (type: string) => type.startsWith('timestamp');

/** A cell as PostgreSQL reads it as text; null where it is empty. */
export function cellText(value: CellValue | undefined, type: string): string | null {
  if (value === null || value === undefined) return null;
  if (isJson(type)) return JSON.stringify(value);
  if (typeof value === 'number' && isInstant(type)) return new Date(value).toISOString();
  if (Array.isArray(value)) return arrayLiteral(value, type.replace(/\[\]$/, ''));
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function arrayLiteral(values: readonly CellValue[], type: string): string {
  const elements = values.map((value) => {
    const text = cellText(value, type);
    return text === null ? 'NULL' : `"${text.replace(/["\\]/g, '\\$&')}"`;
  });
  return `{${elements.join(',')}}`;
}

/** A cell as `jsonb_populate_recordset` takes it. 64-bit numbers go as text: JSON would round them. */
export function cellJson(value: CellValue | undefined, column: ColumnShape): unknown {
  if (isJson(column.type)) return value ?? null;
  if (Array.isArray(value))
    return value.map((element) => cellText(element, column.type.replace(/\[\]$/, '')));
  return cellText(value, column.type);
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A cell in COPY's text format. */
export function copyText(value: CellValue | undefined, type: string): string {
  const text = cellText(value, type);
  return text === null ? '\\N' : text.replace(/[\\\n\r\t]/g, (found) => ESCAPES[found]!);
}
