import type { LakeType } from '../../../campus/lake-type.ts';
import { portableType } from '../../../warehouse/portable-type.ts';

/** https://docs.aws.amazon.com/redshift/latest/dg/r_names.html */
const NAME_BYTES = 127;

/** A quoted identifier, its parts joined by dots. @throws RangeError for a name that Redshift does not take */
export function ident(...parts: readonly string[]): string {
  for (const part of parts) {
    if (Buffer.byteLength(part) > NAME_BYTES) {
      throw new RangeError(`The name ${part} is longer than the ${NAME_BYTES} bytes that Redshift keeps`);
    }
  }
  return parts.map((part) => `"${part.replaceAll('"', '""')}"`).join('.');
}

/** @throws RangeError for a backslash, which Redshift reads as an escape and PostgreSQL as itself */
export function literal(text: string): string {
  if (text.includes('\\')) throw new RangeError('A text with a backslash cannot be a literal of Redshift');
  return `'${text.replaceAll("'", "''")}'`;
}

/** `campus.students` as schema and table. */
export function splitName(table: string): { schema: string; name: string } {
  const dot = table.indexOf('.');
  if (dot < 1) throw new RangeError(`${table} is not the name of a table: expected database.table`);
  return { schema: table.slice(0, dot), name: table.slice(dot + 1) };
}

/** How Redshift keeps a type of the lake. Times of day lie in the lake's Parquet as text. */
export function redshiftType(type: LakeType): string {
  return type === 'time' ? 'varchar(32)' : portableType(type, 'varbyte');
}
