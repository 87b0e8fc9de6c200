import type pg from 'pg';
import type { RoleViews, WarehouseLogin } from '../../../../ports/warehouse-access.ts';
import type { Reader } from '../database.ts';
import { ident, literal, splitName } from '../sql.ts';
import { listLogins } from './logins.ts';
import { ACCESS, groupOf, schemaOf } from './names.ts';

/**
 * Opens each login that fits the policy, with the rights of its role and no other; closes those that do not, and ends
 * their sessions.
 * @param problemOf why a login does not fit
 * @returns remarks on logins that were open and are closed
 */
export async function keepLogins(
  client: pg.Client,
  roles: readonly RoleViews[],
  problemOf: (login: WarehouseLogin) => string | undefined,
  limits: Pick<Reader, 'statementTimeoutMinutes' | 'idleTimeoutMinutes'>,
): Promise<string[]> {
  const remarks: string[] = [];
  const byGroup = new Map(roles.map((views) => [groupOf(views), views]));
  for (const login of await listLogins(client)) {
    const views = byGroup.get(groupOf(login));
    const problem =
      problemOf(login) ??
      (views ? undefined : `The role ${login.role} has no tables under "${login.purpose}".`);
    await leaveGroups(client, login.login, problem === undefined ? groupOf(login) : '');
    if (problem === undefined) await openLogin(client, login, views!, limits);
    else {
      await closeLogin(client, login.login, problem);
      if (login.isOpen) remarks.push(`the login ${login.login} was closed: ${problem}`);
    }
  }
  return remarks;
}

async function openLogin(
  client: pg.Client,
  login: WarehouseLogin,
  views: RoleViews,
  {
    statementTimeoutMinutes,
    idleTimeoutMinutes,
  }: Pick<Reader, 'statementTimeoutMinutes' | 'idleTimeoutMinutes'>,
): Promise<void> {
  const role = ident(login.login);
  const databases = [...new Set(views.tables.map(({ table }) => splitName(table).schema))];
  const path = databases.map((database) => ident(schemaOf(views, database))).join(', ') || "''";
  await client.query(`
    ALTER ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
    GRANT ${ident(groupOf(login))} TO ${role} WITH INHERIT TRUE, SET FALSE, ADMIN FALSE;
    ALTER ROLE ${role} SET search_path = ${path};
    ALTER ROLE ${role} SET timezone = 'UTC';
    ALTER ROLE ${role} SET log_statement = 'all';
    ALTER ROLE ${role} SET statement_timeout = '${statementTimeoutMinutes}min';
    ALTER ROLE ${role} SET idle_in_transaction_session_timeout = '${idleTimeoutMinutes}min';
    UPDATE ${ACCESS}.logins SET is_open = true, why_closed = NULL WHERE login = ${literal(login.login)}`);
}

async function closeLogin(client: pg.Client, name: string, why: string): Promise<void> {
  await client.query(`ALTER ROLE ${ident(name)} NOLOGIN`);
  await client.query(`UPDATE ${ACCESS}.logins SET is_open = false, why_closed = $2 WHERE login = $1`, [
    name,
    why,
  ]);
  await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [name]);
}

/** Takes a login out of every role but one. */
async function leaveGroups(client: pg.Client, name: string, but: string): Promise<void> {
  const { rows } = await client.query<{ group: string }>(
    `SELECT g.rolname AS "group" FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
       JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = $1 AND g.rolname <> $2`,
    [name, but],
  );
  for (const { group } of rows) await client.query(`REVOKE ${ident(group)} FROM ${ident(name)}`);
}
