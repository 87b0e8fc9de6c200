import type { TableSet } from '../../../ports/tables.ts';
import type { WarehouseNotes } from '../../../ports/warehouse.ts';
import type { DataApi } from './data-api.ts';
import { ident, literal, splitName } from './sql.ts';

/** The statements that comment tables and columns which nobody has commented yet: what people wrote stays. */
export async function commentsFor(api: DataApi, tables: TableSet, notes: WarehouseNotes): Promise<string[]> {
  const schemas = [...new Set(Object.keys(tables).map((table) => splitName(table).schema))];
  if (schemas.length === 0) return [];
  const rows = await api.run(
    `SELECT n.nspname, c.relname, a.attname
       FROM pg_description d
       JOIN pg_class c ON c.oid = d.objoid
       JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0
      WHERE n.nspname IN (${schemas.map(literal).join(', ')})`,
  );
  const commented = new Set(rows.map(([schema, name, column]) => `${schema}.${name} ${column ?? ''}`));
  return Object.values(tables).flatMap(({ table, columns }) => {
    const { schema, name } = splitName(table);
    const { description, columns: said = {} } = notes[table] ?? {};
    return [
      { on: `TABLE ${ident(schema, name)}`, key: `${table} `, text: description },
      ...columns.map((column) => ({
        on: `COLUMN ${ident(schema, name, column.name)}`,
        key: `${table} ${column.name}`,
        text: said[column.name],
      })),
    ].flatMap(({ on, key, text }) =>
      text && !commented.has(key) ? [`COMMENT ON ${on} IS ${literal(text.replaceAll('\\', '/'))}`] : [],
    );
  });
}
