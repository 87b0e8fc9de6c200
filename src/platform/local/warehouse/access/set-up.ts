import type pg from 'pg';
import { ident } from '../sql.ts';
import { ACCESS, GROUP_MARK, LOGIN_MARK } from './names.ts';

const SET_UP = `
  DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${ACCESS}') THEN CREATE ROLE ${ACCESS}; END IF;
  END $$;
  ALTER ROLE ${ACCESS} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
  CREATE SCHEMA IF NOT EXISTS ${ACCESS};
  CREATE TABLE IF NOT EXISTS ${ACCESS}.logins (login name PRIMARY KEY, role text NOT NULL, purpose text NOT NULL,
    attributes jsonb NOT NULL, is_open boolean NOT NULL DEFAULT false, why_closed text,
    added_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE IF NOT EXISTS ${ACCESS}.lookups (table_name text PRIMARY KEY, filled_with text NOT NULL);
  CREATE TABLE IF NOT EXISTS ${ACCESS}.views (schema_name text NOT NULL, view_name text NOT NULL, oid oid NOT NULL,
    definition text NOT NULL, PRIMARY KEY (schema_name, view_name));
  GRANT USAGE ON SCHEMA ${ACCESS} TO ${ACCESS};
  GRANT SELECT ON ${ACCESS}.logins TO ${ACCESS};
`;

/** Whether the warehouse has ever had an access policy. */
export async function isSetUp(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [ACCESS]);
  return rowCount !== 0;
}

/** Makes what the lake keeps about logins and what they see, where it is missing. */
export async function setUp(client: pg.Client): Promise<void> {
  await client.query(SET_UP);
  await closePublic(client);
}

/** Of a view's rule all but its text, which tells of what is hidden: clients ask these columns for dependencies. */
const RULE_COLUMNS = 'oid, rulename, ev_class, ev_type, ev_enabled, is_instead';

/**
 * Takes away what PostgreSQL gives to everybody and a login of access.yaml is not to have: temporary tables and
 * functions, the other databases, the texts of views. Users that are there keep it; later ones are given it by name.
 */
async function closePublic(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ isOpen: boolean; database: string }>(
    `SELECT current_database() AS database, EXISTS (
       SELECT FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
        WHERE d.datname = current_database() AND a.grantee = 0) AS "isOpen"`,
  );
  const { isOpen, database } = rows[0]!;
  if (!isOpen) return;
  const { rows: others } = await client.query<{ name: string }>(
    `SELECT rolname AS name FROM pg_roles
      WHERE NOT rolsuper AND rolname !~ '^pg_' AND rolname <> '${ACCESS}'
        AND coalesce(shobj_description(oid, 'pg_authid'), '') NOT IN ('${GROUP_MARK}', '${LOGIN_MARK}')`,
  );
  for (const { name } of others) {
    await giveWhatAllHad(client, database, ident(name));
    await client.query(`GRANT CONNECT, TEMPORARY ON DATABASE postgres TO ${ident(name)}`);
  }
  await client.query(`
    REVOKE ALL ON DATABASE ${ident(database)} FROM PUBLIC;
    REVOKE ALL ON DATABASE postgres FROM PUBLIC;
    REVOKE ALL ON DATABASE template1 FROM PUBLIC;
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    REVOKE SELECT ON pg_catalog.pg_rewrite FROM PUBLIC;
    GRANT SELECT (${RULE_COLUMNS}) ON pg_catalog.pg_rewrite TO PUBLIC;`);
}

/**
 * What everybody has in a database that has never had an access policy.
 * @param role quoted
 */
export async function giveWhatAllHad(client: pg.Client, database: string, role: string): Promise<void> {
  await client.query(`
    GRANT CONNECT, TEMPORARY ON DATABASE ${ident(database)} TO ${role};
    GRANT USAGE ON SCHEMA public TO ${role};
    GRANT SELECT ON pg_catalog.pg_rewrite TO ${role};`);
}
