/**
 * Types of columns in the lake, in Athena's words. `timestamp` is UTC without a zone; `json` text is `varchar`.
 * Athena has neither char nor smallint for Iceberg tables, so the lake has none.
 */
export type LakeType =
  | 'boolean'
  | 'integer'
  | 'bigint'
  | 'real'
  | 'double'
  | 'varchar'
  | 'varbinary'
  | 'date'
  | 'time'
  | 'timestamp'
  | `decimal(${number},${number})`;

const DECIMAL = /^decimal\((\d{1,2}),(\d{1,2})\)$/;
export const SIMPLE_LAKE_TYPES = [
  'boolean',
  'integer',
  'bigint',
  'real',
  'double',
  'varchar',
  'varbinary',
  'date',
  'time',
  'timestamp',
] as const;

/** Whether the text names a type of the lake; decimals up to 38 digits, scale at most the precision. */
export function isLakeType(text: string): text is LakeType {
  if ((SIMPLE_LAKE_TYPES as readonly string[]).includes(text)) return true;
  const parts = DECIMAL.exec(text);
  if (!parts) return false;
  const precision = Number(parts[1]);
  return precision >= 1 && precision <= 38 && Number(parts[2]) <= precision;
}
