import type pg from 'pg';
import type { Captured } from './dependents.ts';

/** Holds what stored procedures make, and which publication is shown. */
export const MART = 'mart';
/** The lake's own notes, which nobody else reads; tables that are not served for the time being wait there, empty. */
export const INTERNAL = 'lake_internal';

/** Makes what the registry keeps its notes in. */
export const REGISTRY_SQL = `
  CREATE SCHEMA IF NOT EXISTS ${INTERNAL};
  CREATE TABLE IF NOT EXISTS ${INTERNAL}.served (schema_name text NOT NULL, table_name text NOT NULL,
    oid oid NOT NULL, PRIMARY KEY (schema_name, table_name));
  CREATE TABLE IF NOT EXISTS ${INTERNAL}.comments (table_name text NOT NULL, column_name text NOT NULL,
    comment text NOT NULL, PRIMARY KEY (table_name, column_name));
  CREATE TABLE IF NOT EXISTS ${INTERNAL}.captured (place serial PRIMARY KEY, name text NOT NULL, definition json NOT NULL);
  CREATE TABLE IF NOT EXISTS ${MART}.lake_set_aside (
    name varchar(256) NOT NULL, kind varchar(32) NOT NULL, since timestamp NOT NULL, reason varchar(1024) NOT NULL,
    definition text NOT NULL);
  COMMENT ON TABLE ${MART}.lake_set_aside IS
    'Views and functions that no longer fit the tables they read; each comes back by itself once it does.';
`;

/** Notes that a table is the lake's own. */
export async function noteServed(client: pg.Client, schema: string, name: string): Promise<void> {
  await client.query(
    `INSERT INTO ${INTERNAL}.served VALUES ($1, $2, format('%I.%I', $1::text, $2::text)::regclass)
     ON CONFLICT (schema_name, table_name) DO UPDATE SET oid = excluded.oid`,
    [schema, name],
  );
}

/** What earlier loads have set aside, oldest first, and nobody has taken off the list since. */
export async function setAsideBefore(client: pg.Client): Promise<Captured[]> {
  const { rows } = await client.query<{ definition: Captured }>(
    `SELECT definition FROM ${INTERNAL}.captured c
      WHERE EXISTS (SELECT FROM ${MART}.lake_set_aside a WHERE a.name = c.name) ORDER BY place`,
  );
  return rows.map(({ definition }) => definition);
}

/** Keeps exactly these as set aside, each since when it first was. */
export async function keepSetAside(
  client: pg.Client,
  left: readonly { readonly captured: Captured; readonly reason: string }[],
): Promise<void> {
  await client.query(`DELETE FROM ${INTERNAL}.captured`);
  for (const { captured } of left) {
    await client.query(`INSERT INTO ${INTERNAL}.captured (name, definition) VALUES ($1, $2)`, [
      captured.name,
      JSON.stringify(captured),
    ]);
  }
  const names = left.map(({ captured }) => captured.name);
  await client.query(`DELETE FROM ${MART}.lake_set_aside WHERE name <> ALL ($1)`, [names]);
  for (const { captured, reason } of left) {
    await client.query(
      `INSERT INTO ${MART}.lake_set_aside (name, kind, since, reason, definition)
       SELECT $1::varchar, $2, now() AT TIME ZONE 'UTC', $3, $4
        WHERE NOT EXISTS (SELECT FROM ${MART}.lake_set_aside WHERE name = $1::varchar)`,
      [captured.name, captured.kind, reason, captured.create],
    );
  }
}
