import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { InputError } from '../../../errors.ts';
import type { WarehouseInfo } from '../../../ports/warehouse.ts';
import { LAKE_TABLES_COLUMNS } from '../../../warehouse/lake-tables.ts';
import { LOOPBACK } from '../postgres/ports.ts';
import type { PostgresConnection } from '../postgres/server.ts';
import { giveWhatAllHad } from './access/set-up.ts';
import { FILLINGS_SQL } from './fillings.ts';
import { INTERNAL, MART, REGISTRY_SQL } from './registry.ts';
import { ident, literal } from './sql.ts';

/** Owns everything in the warehouse; only the lake itself uses it. */
export const OWNER = 'lake_owner';
const DATABASE = 'lake';

/** The read-only user of dashboards, and how long it may take. */
export interface Reader {
  readonly name: string;
  /** A statement is cancelled after so many minutes; 0: never. A client can set it otherwise for its session. */
  readonly statementTimeoutMinutes: number;
  /** A transaction that does nothing is ended after so many minutes; 0: never. */
  readonly idleTimeoutMinutes: number;
}

/**
 * Makes the database, the publication table and the read-only user where they are missing.
 * @returns a client of the owner
 */
export async function openDatabase(
  server: PostgresConnection,
  directory: string,
  reader: Reader,
): Promise<pg.Client> {
  const readers = reader.name;
  if (readers === OWNER || readers.startsWith('pg_')) {
    throw new InputError(`warehouse.readOnlyUser cannot be ${readers}`, {
      hint: 'Choose another name, such as dashboard.',
    });
  }
  const client = await connectOwner(server).catch(async (error: { code?: string }) => {
    if (error.code !== '3D000') throw error; // The database does not exist.
    const maintenance = await connect(server, 'postgres');
    try {
      await maintenance.query(`CREATE DATABASE ${ident(DATABASE)}`);
    } finally {
      await maintenance.end();
    }
    return connectOwner(server);
  });
  try {
    await prepare(client, reader, await readerPassword(directory));
  } catch (error) {
    await client.end();
    throw error;
  }
  return client;
}

/** How clients connect, as `WarehouseInfo`. */
export function connectionInfo(directory: string, port: number, readers: string): WarehouseInfo {
  return {
    url: `postgres://${encodeURIComponent(readers)}@${LOOPBACK}:${port}/${DATABASE}`,
    jdbc: `jdbc:postgresql://${LOOPBACK}:${port}/${DATABASE}`,
    user: readers,
    passwordAt: readerPasswordFile(directory),
  };
}

/** The publication that the warehouse shows. */
export async function shownPublication(
  client: pg.Client,
): Promise<{ publication: string; rows: number } | undefined> {
  const { rows } = await client.query<{ publication: string; row_count: string }>(
    `SELECT publication, row_count FROM ${MART}.lake_publication`,
  );
  return rows[0] && { publication: rows[0].publication, rows: Number(rows[0].row_count) };
}

/** One more client of the owner, in the database that `openDatabase` has made. */
export const connectOwner = (server: PostgresConnection): Promise<pg.Client> => connect(server, DATABASE);

async function connect(server: PostgresConnection, database: string): Promise<pg.Client> {
  const { host, port, user, password } = server;
  const client = new pg.Client({ host, port, user, password, database, application_name: 'campus-lake' });
  client.on('error', () => undefined); // A lost connection fails the query under way, and that is enough.
  await client.connect();
  return client;
}

/** Comment on the role to which the lake has given its first rights: what people change afterwards stays. */
const READS = 'reads the warehouse of campus-lake';

async function prepare(client: pg.Client, reader: Reader, password: string): Promise<void> {
  const role = ident(reader.name);
  const { rows } = await client.query<{ mark: string | null }>(
    "SELECT shobj_description(oid, 'pg_authid') AS mark FROM pg_roles WHERE rolname = $1",
    [reader.name],
  );
  if (rows.length === 0) await client.query(`CREATE ROLE ${role} LOGIN`);
  await client.query(`
    ALTER ROLE ${role} PASSWORD ${literal(password)} NOSUPERUSER NOCREATEDB NOCREATEROLE;
    ALTER ROLE ${role} RESET default_transaction_read_only;
    ALTER ROLE ${role} SET search_path = campus, ${MART};
    ALTER ROLE ${role} SET timezone = 'UTC';
    ALTER ROLE ${role} SET log_statement = 'all';
    ALTER ROLE ${role} SET statement_timeout = '${reader.statementTimeoutMinutes}min';
    ALTER ROLE ${role} SET idle_in_transaction_session_timeout = '${reader.idleTimeoutMinutes}min';
    CREATE SCHEMA IF NOT EXISTS ${MART};
    CREATE TABLE IF NOT EXISTS ${MART}.lake_publication (
      publication varchar(256) NOT NULL, loaded_at timestamp NOT NULL, table_count integer NOT NULL,
      row_count bigint NOT NULL);
    CREATE TABLE IF NOT EXISTS ${MART}.lake_tables (${LAKE_TABLES_COLUMNS});
    COMMENT ON COLUMN ${MART}.lake_publication.loaded_at IS 'UTC, without a time zone';
    COMMENT ON DATABASE ${ident(DATABASE)} IS
      'Tables of campus-lake. Every timestamp is UTC, without a time zone: compare it with now() AT TIME ZONE ''UTC''.';
    ${REGISTRY_SQL}${FILLINGS_SQL}`);
  if (rows[0]?.mark !== READS) await giveFirstRights(client, role);
}

/** What a reader may read at first: everything that is there. Tables that come later say so themselves. */
async function giveFirstRights(client: pg.Client, role: string): Promise<void> {
  const { rows } = await client.query<{ schema: string; tables: string[] }>(
    `SELECT n.nspname AS schema, coalesce(array_agg(c.relname::text) FILTER (WHERE c.relname IS NOT NULL), '{}') AS tables
       FROM pg_namespace n
       LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind = 'r'
        AND (n.nspname = '${MART}' OR c.oid IN (SELECT oid FROM ${INTERNAL}.served))
      WHERE n.nspname = '${MART}' OR n.nspname IN (SELECT schema_name FROM ${INTERNAL}.served)
      GROUP BY n.nspname`,
  );
  for (const { schema, tables } of rows) {
    await client.query(`GRANT USAGE ON SCHEMA ${ident(schema)} TO ${role}`);
    for (const table of tables) await client.query(`GRANT SELECT ON ${ident(schema, table)} TO ${role}`);
  }
  await giveWhatAllHad(client, DATABASE, role);
  await client.query(`COMMENT ON ROLE ${role} IS ${literal(READS)}`);
}

const readerPasswordFile = (directory: string) => path.join(directory, 'reader-password');

/** Made once, and kept in a file that only its owner can read. */
async function readerPassword(directory: string): Promise<string> {
  const file = readerPasswordFile(directory);
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept.trim()) return kept.trim();
  const password = randomBytes(18).toString('base64url');
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  return password;
}
