import type pg from 'pg';
import type { Changing } from './dependents.ts';
import { INTERNAL } from './registry.ts';
import type { ServedTable } from './served-tables.ts';
import { waitingName } from './served-tables.ts';
import { ident } from './sql.ts';
import type { Change } from './structure.ts';

/** The objects of the catalog that a change touches, by which what hangs on them is found. */
export function touchedBy(table: ServedTable, change: Change): Changing[] {
  const columns = [...change.drop, ...[...change.remake, ...change.widen].map(({ name }) => name)];
  return [
    ...columns.map((name) => ({ catalog: 'pg_class' as const, oid: table.oid, column: table.places[name]! })),
    ...(change.dropKey && table.keyOid !== undefined
      ? [{ catalog: 'pg_constraint' as const, oid: table.keyOid, column: 0 }]
      : []),
  ];
}

/** Gives a table its new columns; keys and NOT NULL come with `tighten`, once the new rows are there. */
export async function reshape(client: pg.Client, table: ServedTable, change: Change): Promise<void> {
  const target = ident(table.schema, table.name);
  const kept = await columnRights(
    client,
    table.oid,
    change.remake.map(({ name }) => name),
  );
  const clauses = [
    ...(change.dropKey ? [`DROP CONSTRAINT ${ident(table.keyName!)}`] : []),
    ...[...change.drop, ...change.remake.map(({ name }) => name)].map((name) => `DROP COLUMN ${ident(name)}`),
    ...change.widen.map(({ name, type }) => `ALTER COLUMN ${ident(name)} TYPE ${type}`),
    ...change.dropNotNull.map((name) => `ALTER COLUMN ${ident(name)} DROP NOT NULL`),
  ];
  if (clauses.length > 0) await client.query(`ALTER TABLE ${target} ${clauses.join(', ')}`);
  const added = [...change.remake, ...change.add].map(
    ({ name, type }) => `ADD COLUMN ${ident(name)} ${type}`,
  );
  if (added.length > 0) await client.query(`ALTER TABLE ${target} ${added.join(', ')}`);
  for (const statement of kept) await client.query(statement);
}

/** The second half of a change: what the rows of the new version hold to. */
export async function tighten(
  client: pg.Client,
  target: string,
  { setNotNull, addKey }: Pick<Change, 'setNotNull' | 'addKey'>,
  key: readonly string[],
): Promise<void> {
  const clauses = [
    ...setNotNull.map((name) => `ALTER COLUMN ${ident(name)} SET NOT NULL`),
    ...(addKey ? [`ADD PRIMARY KEY (${key.map((name) => ident(name)).join(', ')})`] : []),
  ];
  if (clauses.length > 0) await client.query(`ALTER TABLE ${target} ${clauses.join(', ')}`);
}

/** Takes a table out of sight, empty, with all that people made on it: it may be served again. */
export async function putAway(client: pg.Client, table: ServedTable): Promise<void> {
  const waiting = waitingName(table);
  await client.query(`DELETE FROM ${ident(table.schema, table.name)}`);
  await client.query(`ALTER TABLE ${ident(table.schema, table.name)} SET SCHEMA ${INTERNAL}`);
  await client.query(`ALTER TABLE ${ident(INTERNAL, table.name)} RENAME TO ${ident(waiting)}`);
}

/** Brings a table back into sight, still empty. */
export async function bringBack(client: pg.Client, table: ServedTable): Promise<void> {
  await client.query(`ALTER TABLE ${ident(INTERNAL, waitingName(table))} RENAME TO ${ident(table.name)}`);
  await client.query(`ALTER TABLE ${ident(INTERNAL, table.name)} SET SCHEMA ${ident(table.schema)}`);
}

/** Statements that give columns, made again under their names, the rights and comments that people gave them. */
async function columnRights(client: pg.Client, oid: number, columns: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ command: string }>(
    `SELECT format('GRANT %s (%I) ON %s TO %s%s', a.privilege_type, t.attname, t.attrelid::regclass,
                   CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
                   CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) AS command
       FROM pg_attribute t, aclexplode(t.attacl) a WHERE t.attrelid = $1 AND t.attname = ANY ($2)
     UNION ALL
     SELECT format('COMMENT ON COLUMN %s.%I IS %L', t.attrelid::regclass, t.attname, col_description($1, t.attnum))
       FROM pg_attribute t
      WHERE t.attrelid = $1 AND t.attname = ANY ($2) AND col_description($1, t.attnum) IS NOT NULL`,
    [oid, columns],
  );
  return rows.map(({ command }) => command);
}
