import { elementOf, entryOf, fieldsOf, type SqlType } from '../types/sql-type.ts';

/**
 * A type as it is spelled for a cast in DuckDB, still in Trino's words for the translator. The fields of a row are
 * called f1, f2, … there, whatever the query calls them: Trino knows them by their places, DuckDB by their names.
 */
export function duckType(type: SqlType): string {
  const element = elementOf(type);
  if (element !== undefined) return `ARRAY(${duckType(element)})`;
  const entry = entryOf(type);
  if (entry) return `MAP(${duckType(entry.key)}, ${duckType(entry.value)})`;
  const fields = fieldsOf(type);
  if (fields) return `ROW(${fields.map((field, i) => `f${i + 1} ${duckType(field.type)}`).join(', ')})`;
  return type === 'unknown' ? 'integer' : type;
}
