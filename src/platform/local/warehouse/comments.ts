import type pg from 'pg';
import type { TableSet } from '../../../ports/tables.ts';
import type { WarehouseNotes } from '../../../ports/warehouse.ts';
import { INTERNAL } from './registry.ts';
import { ident, literal, splitName } from './sql.ts';

/**
 * Comments tables and columns with their descriptions in the lake. A comment that a person has written or removed stays
 * so: only what the lake itself wrote last is replaced.
 */
export async function comment(client: pg.Client, tables: TableSet, notes: WarehouseNotes): Promise<void> {
  const wanted = Object.values(tables).flatMap(({ table, columns }) => [
    { table, column: '', text: notes[table]?.description },
    ...columns.map(({ name }) => ({ table, column: name, text: notes[table]?.columns[name] })),
  ]);
  const { rows } = await client.query<{ now: string | null; ours: string | null }>(
    `SELECT CASE w.column_name WHEN '' THEN obj_description(c.oid, 'pg_class')
                 ELSE col_description(c.oid, (SELECT attnum FROM pg_attribute
                                               WHERE attrelid = c.oid AND attname = w.column_name)) END AS now,
            o.comment AS ours
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY
              AS w(schema_name, bare_name, table_name, column_name, place)
       JOIN pg_namespace n ON n.nspname = w.schema_name
       JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.bare_name
       LEFT JOIN ${INTERNAL}.comments o ON o.table_name = w.table_name AND o.column_name = w.column_name
      ORDER BY w.place`,
    [
      wanted.map(({ table }) => splitName(table).schema),
      wanted.map(({ table }) => splitName(table).name),
      wanted.map(({ table }) => table),
      wanted.map(({ column }) => column),
    ],
  );
  const due = wanted.filter(
    ({ text }, i) => rows[i]!.now === rows[i]!.ours && (text ?? null) !== rows[i]!.now,
  );
  for (const { table, column, text } of due) {
    const { schema, name } = splitName(table);
    const on = column === '' ? `TABLE ${ident(schema, name)}` : `COLUMN ${ident(schema, name, column)}`;
    await client.query(`COMMENT ON ${on} IS ${text === undefined ? 'NULL' : literal(text)}`);
    if (text === undefined) {
      await client.query(`DELETE FROM ${INTERNAL}.comments WHERE table_name = $1 AND column_name = $2`, [
        table,
        column,
      ]);
    } else {
      await client.query(
        `INSERT INTO ${INTERNAL}.comments VALUES ($1, $2, $3)
         ON CONFLICT (table_name, column_name) DO UPDATE SET comment = excluded.comment`,
        [table, column, text],
      );
    }
  }
}
