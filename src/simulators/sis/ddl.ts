import { escapeIdentifier } from 'pg';
import type { ColumnShape, TableShape } from '../college/college.ts';

/** `"registrar"."student"` */
export function tableName(table: { namespace: string; name: string }): string {
  return `${escapeIdentifier(table.namespace)}.${escapeIdentifier(table.name)}`;
}

export function nameList(names: readonly string[]): string {
  return names.map((name) => escapeIdentifier(name)).join(', ');
}

/** Schemas and tables with their primary keys, still without foreign keys: those wait until the data are in. */
export function createTables(tables: readonly TableShape[]): string {
  const schemas = [...new Set(tables.map((table) => table.namespace))];
  return [
    ...schemas.map((schema) => `CREATE SCHEMA IF NOT EXISTS ${escapeIdentifier(schema)};`),
    ...tables.map(createTable),
  ].join('\n');
}

function createTable(table: TableShape): string {
  const lines = table.columns.map((column) => columnLine(column, table.key));
  if (table.key.length > 0) lines.push(`PRIMARY KEY (${nameList(table.key)})`);
  return `CREATE TABLE ${tableName(table)} (\n  ${lines.join(',\n  ')}\n);`;
}

function columnLine(column: ColumnShape, key: readonly string[]): string {
  const required = column.nullable === false || key.includes(column.name);
  return `${escapeIdentifier(column.name)} ${column.type}${required ? ' NOT NULL' : ''}`;
}

/** Foreign keys that are checked at the end of a transaction, so that a day's changes can come in any order. */
export function createForeignKeys(tables: readonly TableShape[]): string {
  return tables
    .flatMap((table) =>
      (table.references ?? []).map(
        (ref) =>
          `ALTER TABLE ${tableName(table)} ADD FOREIGN KEY (${nameList(ref.columns)}) ` +
          `REFERENCES ${tableName({ namespace: ref.namespace, name: ref.table })} (${nameList(ref.to)}) ` +
          'DEFERRABLE INITIALLY DEFERRED;',
      ),
    )
    .join('\n');
}

/** What the lake's own user may do: read, and nothing else. */
export function grantReading(user: string, schemas: readonly string[]): string {
  const role = escapeIdentifier(user);
  return [
    ...schemas.map(
      (schema) =>
        `GRANT USAGE ON SCHEMA ${escapeIdentifier(schema)} TO ${role};` +
        `GRANT SELECT ON ALL TABLES IN SCHEMA ${escapeIdentifier(schema)} TO ${role};`,
    ),
    `ALTER ROLE ${role} SET default_transaction_read_only = on;`,
  ].join('\n');
}
