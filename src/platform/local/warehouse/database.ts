import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { InputError } from '../../../errors.ts';
import { LAKE_TABLES_COLUMNS } from '../../../warehouse/lake-tables.ts';
import type { WarehouseInfo } from '../../ports/warehouse.ts';
import { LOOPBACK } from '../postgres/ports.ts';
import type { PostgresConnection } from '../postgres/server.ts';
import { ident, literal } from './sql.ts';

/** Owns everything in the warehouse; only the lake itself uses it. */
export const OWNER = 'lake_owner';
const DATABASE = 'lake';
/** Holds what stored procedures make, and which publication is shown. */
export const MART = 'mart';

/**
 * Makes the database, the publication table and the read-only user where they are missing.
 * @returns a client of the owner
 */
export async function openDatabase(
  server: PostgresConnection,
  directory: string,
  readers: string,
): Promise<pg.Client> {
  if (readers === OWNER || readers.startsWith('pg_')) {
    throw new InputError(`warehouse.readers cannot be ${readers}`, {
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
    await prepare(client, readers, await readerPassword(directory));
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

async function prepare(client: pg.Client, readers: string, password: string): Promise<void> {
  const found = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [readers]);
  if (found.rowCount === 0) await client.query(`CREATE ROLE ${ident(readers)} LOGIN`);
  await client.query(`
    ALTER ROLE ${ident(readers)} PASSWORD ${literal(password)} NOSUPERUSER NOCREATEDB NOCREATEROLE;
    ALTER ROLE ${ident(readers)} SET default_transaction_read_only = on;
    ALTER ROLE ${ident(readers)} SET search_path = campus, ${MART};
    CREATE SCHEMA IF NOT EXISTS ${MART};
    GRANT USAGE ON SCHEMA ${MART} TO ${ident(readers)};
    CREATE TABLE IF NOT EXISTS ${MART}.lake_publication (
      publication varchar(256) NOT NULL, loaded_at timestamp NOT NULL, table_count integer NOT NULL,
      row_count bigint NOT NULL);
    CREATE TABLE IF NOT EXISTS ${MART}.lake_tables (${LAKE_TABLES_COLUMNS});
    GRANT SELECT ON ALL TABLES IN SCHEMA ${MART} TO ${ident(readers)};
  `);
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
