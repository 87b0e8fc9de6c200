import type { CellValue } from '../../college/college.ts';
import type { DapType } from '../schema/dap-types.ts';

/** JSON text of any value; 64-bit integers are written digit by digit, and nulls in objects are left out. */
export function jsonText(value: CellValue): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  const parts = Object.entries(value)
    .filter(([, v]) => v !== null && v !== undefined)
    .map(([name, v]) => `${quoted(name)}:${jsonText(v)}`);
  return `{${parts.join(',')}}`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that JSON must escape
const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A JSON string; most texts need no escape, and testing is faster than `JSON.stringify`. */
export function quoted(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}

/** An instant as the platform writes it: ISO 8601, UTC. Text passes as it is. */
export function instantText(value: CellValue): string {
  return typeof value === 'number' || typeof value === 'bigint'
    ? new Date(Number(value)).toISOString()
    : String(value);
}

/** A value's text without any quoting, by its column's type: what CSV and TSV carry. */
export function plainText(type: DapType): (value: CellValue) => string {
  switch (type.kind) {
    case 'timestamp':
      return instantText;
    case 'object':
      return jsonText;
    default:
      return String;
  }
}
