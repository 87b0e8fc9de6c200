import { elementOf, entryOf, fieldsOf, isNarrow, type SqlType } from '../types/sql-type.ts';
import { rowFieldText } from '../types/type-text.ts';

/**
 * A type as it is spelled for a cast in DuckDB, still in Trino's words for the translator. The fields of a row that have
 * no name are called f1, f2, … there: DuckDB has no other way to write such a type. Narrow whole numbers are integers
 * there, see `narrowed`.
 */
export function duckType(type: SqlType): string {
  const element = elementOf(type);
  if (element !== undefined) return `ARRAY(${duckType(element)})`;
  const entry = entryOf(type);
  if (entry) return `MAP(${duckType(entry.key)}, ${duckType(entry.value)})`;
  const fields = fieldsOf(type);
  if (fields)
    return `ROW(${fields.map((field, i) => rowFieldText({ name: field.name ?? `f${i + 1}`, type: duckType(field.type) })).join(', ')})`;
  return type === 'unknown' || isNarrow(type) ? 'integer' : type;
}
