import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { InputError } from '../../../../errors.ts';
import type { KeptLogin, WarehouseLogin } from '../../../../ports/warehouse-access.ts';
import { ident, literal } from '../sql.ts';
import { ACCESS, LOGIN_MARK } from './names.ts';

/** The logins of access.yaml, by name. */
export async function listLogins(client: pg.Client): Promise<KeptLogin[]> {
  const { rows } = await client.query<KeptLogin & { whyClosed: string | null }>(
    `SELECT login::text AS login, role, purpose, attributes, is_open AS "isOpen", why_closed AS "whyClosed"
       FROM ${ACCESS}.logins ORDER BY login`,
  );
  return rows.map(({ whyClosed, ...login }) => ({ ...login, ...(whyClosed === null ? {} : { whyClosed }) }));
}

/**
 * Adds a login, closed: `keepLogins` opens it. PostgreSQL is told a verifier of the password, so that no log holds it.
 * @returns the password, which is kept nowhere else
 * @throws InputError where the name is taken, or is none
 */
export async function addLogin(client: pg.Client, login: WarehouseLogin): Promise<string> {
  const { login: name, role, purpose, attributes } = login;
  if (!/^[a-z][a-z0-9_.@-]{0,62}$/.test(name) || name.startsWith('pg_'))
    throw new InputError(`"${name}" cannot be the name of a login.`, {
      hint: 'lower-case letters, digits, _ . @ and -, beginning with a letter, at most 63',
    });
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
  if (rowCount !== 0)
    throw new InputError(`The warehouse has a user "${name}" already.`, {
      hint: '`lake warehouse login list` shows the logins; choose another name, or remove it first',
    });
  const password = newPassword();
  await client.query(
    `CREATE ROLE ${ident(name)} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD ${literal(verifierOf(password))};
     COMMENT ON ROLE ${ident(name)} IS ${literal(LOGIN_MARK)}`,
  );
  await client.query(
    `INSERT INTO ${ACCESS}.logins (login, role, purpose, attributes) VALUES ($1, $2, $3, $4)`,
    [name, role, purpose, JSON.stringify(attributes)],
  );
  return password;
}

/** Ends a login and its sessions. @throws InputError where there is none */
export async function removeLogin(client: pg.Client, name: string): Promise<void> {
  await refuseUnknown(client, name);
  await client.query(`DELETE FROM ${ACCESS}.logins WHERE login = $1`, [name]);
  await client.query(`DROP OWNED BY ${ident(name)}; DROP ROLE ${ident(name)}`);
  await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [name]);
}

/** Gives a login another password; sessions that are open stay. @throws InputError where there is none */
export async function rotateLogin(client: pg.Client, name: string): Promise<string> {
  await refuseUnknown(client, name);
  const password = newPassword();
  await client.query(`ALTER ROLE ${ident(name)} PASSWORD ${literal(verifierOf(password))}`);
  return password;
}

async function refuseUnknown(client: pg.Client, name: string): Promise<void> {
  const { rowCount } = await client.query(`SELECT FROM ${ACCESS}.logins WHERE login = $1`, [name]);
  if (rowCount === 0)
    throw new InputError(`There is no login "${name}".`, {
      hint: '`lake warehouse login list` shows the logins',
    });
}

const newPassword = (): string => randomBytes(18).toString('base64url');

const ITERATIONS = 4096;

/** What PostgreSQL keeps of a password. Source: https://www.postgresql.org/docs/18/catalog-pg-authid.html, RFC 5803 */
function verifierOf(password: string): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const keyed = (text: string) => createHmac('sha256', salted).update(text).digest();
  const stored = createHash('sha256').update(keyed('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${stored}:${keyed('Server Key').toString('base64')}`;
}
