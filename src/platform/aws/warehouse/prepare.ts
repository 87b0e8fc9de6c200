import { createHash } from 'node:crypto';
import { InputError } from '../../../errors.ts';
import { LAKE_TABLES_COLUMNS } from '../../../warehouse/lake-tables.ts';
import type { DataApi } from './data-api.ts';
import { ident, literal } from './sql.ts';

/** Holds what stored procedures make, and which publication is shown. */
export const MART = 'mart';

/** The read-only user of dashboards. */
export interface Reader {
  readonly user: string;
  readonly password: string;
}

/** Makes the lake's own tables and the read-only user where they are missing, with the password of today. */
export async function prepare(api: DataApi, reader: Reader): Promise<void> {
  const { user } = reader;
  if (!/^[a-z][a-z0-9_]*$/.test(user)) {
    throw new InputError(`warehouse.readOnlyUser cannot be ${user}`, {
      hint: 'Choose a name of lower-case letters, digits and _, such as dashboard.',
    });
  }
  const found = await api.run('SELECT usename FROM pg_user WHERE usename = :name', { name: user });
  const word = found.length > 0 ? 'ALTER' : 'CREATE';
  await api.transaction([
    `${word} USER ${ident(user)} PASSWORD ${literal(hashOf(reader))}`,
    `ALTER USER ${ident(user)} SET search_path TO campus, ${MART}`,
    // In Redshift everybody may make tables there.
    'REVOKE CREATE ON SCHEMA public FROM PUBLIC',
    `CREATE SCHEMA IF NOT EXISTS ${MART}`,
    `GRANT USAGE ON SCHEMA ${MART} TO ${ident(user)}`,
    `CREATE TABLE IF NOT EXISTS ${MART}.lake_publication (
       publication varchar(256) NOT NULL, loaded_at timestamp NOT NULL, table_count integer NOT NULL,
       row_count bigint NOT NULL)`,
    `CREATE TABLE IF NOT EXISTS ${MART}.lake_tables (${LAKE_TABLES_COLUMNS})`,
    `CREATE TABLE IF NOT EXISTS ${MART}.lake_schemas (schema_name varchar(127) NOT NULL)`,
    `CREATE TABLE IF NOT EXISTS ${MART}.lake_served (schema_name varchar(127) NOT NULL, table_name varchar(127) NOT NULL)`,
  ]);
  // Only at first: a right that somebody has taken away stays taken away.
  if (found.length === 0) await giveFirstRights(api, user);
}

async function giveFirstRights(api: DataApi, user: string): Promise<void> {
  const served = await api.run(`SELECT schema_name, table_name FROM ${MART}.lake_served`);
  const schemas = [...new Set(served.map(([schema]) => schema!))];
  await api.transaction([
    `GRANT SELECT ON ALL TABLES IN SCHEMA ${MART} TO ${ident(user)}`,
    ...schemas.flatMap((schema) => [
      `GRANT USAGE ON SCHEMA ${ident(schema)} TO ${ident(user)}`,
      `GRANT SELECT ON ALL TABLES IN SCHEMA ${ident(schema)} TO ${ident(user)}`,
    ]),
  ]);
}

/**
 * What the server keeps of a password, which is all that a statement (and the list of statements) need hold.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_USER.html
 */
function hashOf({ user, password }: Reader): string {
  return `md5${createHash('md5')
    .update(password + user)
    .digest('hex')}`;
}
