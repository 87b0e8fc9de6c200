import type pg from 'pg';
import type { TableSet } from '../../../ports/tables.ts';
import type { WarehouseNotes } from '../../../ports/warehouse.ts';
import { OWN_REFERENCE } from './dependents.ts';
import { ident, splitName } from './sql.ts';

const NAME_BYTES = 63;

/**
 * Tells clients which column refers to which table, as foreign keys that are NOT ENFORCED: the checks of the lake have
 * looked at the rows already, and a reference that merely warns may be broken. A reference needs the key of the other
 * table to be that one column, of the same type.
 */
export async function refer(client: pg.Client, tables: TableSet, notes: WarehouseNotes): Promise<void> {
  const { rows } = await client.query<{ on: string; name: string }>(
    `SELECT conrelid::regclass::text AS on, conname AS name FROM pg_constraint
      WHERE contype = 'f' AND starts_with(conname::text, '${OWN_REFERENCE}')`,
  );
  const there = new Set(rows.map(({ on, name }) => `${on} ${name}`));
  for (const table of Object.keys(tables)) {
    const { schema, name } = splitName(table);
    for (const { column, to, field } of notes[table]?.references ?? []) {
      const constraint = nameOf(`${OWN_REFERENCE}${column}_${splitName(to).name}`);
      if (there.has(`${ident(schema, name)} ${constraint}`) || there.has(`${schema}.${name} ${constraint}`))
        continue;
      if (notes[to]?.key.join() !== field || typeIn(tables, table, column) !== typeIn(tables, to, field))
        continue;
      await client.query('SAVEPOINT reference');
      try {
        await client.query(
          `ALTER TABLE ${ident(schema, name)} ADD CONSTRAINT ${ident(constraint)}
             FOREIGN KEY (${ident(column)}) REFERENCES ${ident(splitName(to).schema, splitName(to).name)} (${ident(field)}) NOT ENFORCED`,
        );
        await client.query('RELEASE SAVEPOINT reference');
      } catch {
        // It informs and nothing more: where the other table lost its key, clients do without.
        await client.query('ROLLBACK TO SAVEPOINT reference');
      }
    }
  }
}

const typeIn = (tables: TableSet, table: string, column: string) =>
  tables[table]?.columns.find(({ name }) => name === column)?.type;

const nameOf = (name: string): string => {
  while (Buffer.byteLength(name) > NAME_BYTES) name = name.slice(0, -1);
  return name;
};
