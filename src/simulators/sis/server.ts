import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { type PostgresServer, startPostgres } from '../../platform/local/postgres/server.ts';
import type { College, TableShape } from '../college/college.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import { createForeignKeys, createTables, grantReading, tableName } from './ddl.ts';
import { foldChanges } from './fold.ts';
import { applyChanges, copyRows } from './write-rows.ts';

export interface SisSimulatorOptions {
  /** Waited for once the server runs. */
  readonly college: College | Promise<College>;
  readonly clock: Pick<VirtualClock, 'now'>;
  /** Home of the server. What an earlier simulator left in it is replaced. */
  readonly directory: string;
  /** Default: a free one, kept for the directory. */
  readonly port?: number;
  /** Called when other processes are at work: making the college would have held them up before. */
  readonly begun?: () => void;
}

/** A college's student information system: a real PostgreSQL, and the read-only user made for the lake. */
export interface SisSimulator {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** The registrar's own connection, which may write. */
  readonly owner: { readonly user: string; readonly password: string };
  /** Brings the database to the clock: each day's changes in one transaction. */
  advance(): Promise<void>;
  stop(): Promise<void>;
}

const DATABASE = 'sis';
const READER = 'lake';
const DAY_MS = 86_400_000;

/** Settings for a database whose loss costs nothing: it is made again at each start. */
const CARELESS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'logical',
  max_wal_size: '2GB',
} as const;

/** Starts the SIS of a college as it stands at the clock. */
export async function startSisSimulator(options: SisSimulatorOptions): Promise<SisSimulator> {
  const { clock, directory, port, begun } = options;
  const server = await startPostgres({ directory, port, begun, settings: CARELESS });
  try {
    const password = await readersPassword(directory);
    await makeDatabase(server, password);
    const owner = await connect(server, DATABASE);
    const college = await options.college;
    let shown = clock.now();
    await fill(owner, college, shown);
    let last: Promise<void> = Promise.resolve();
    const { host, port, user } = server;
    return {
      host,
      port,
      database: DATABASE,
      user: READER,
      password,
      owner: { user, password: server.password },
      advance() {
        last = last.then(async () => {
          const upTo = clock.now();
          for (const [from, to] of days(shown, upTo)) {
            await applyDay(owner, college, from, to);
            shown = to;
          }
        });
        return last;
      },
      async stop() {
        await owner.end().catch(() => undefined);
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function readersPassword(directory: string): Promise<string> {
  const file = path.join(directory, 'reader-password');
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept) return kept;
  const password = randomBytes(18).toString('base64url');
  await mkdir(directory, { recursive: true });
  await writeFile(file, password, { mode: 0o600 });
  return password;
}

async function connect(server: PostgresServer, database: string): Promise<pg.Client> {
  const { host, port, user, password } = server;
  const client = new pg.Client({ host, port, user, password, database });
  // The server ends with its owner; a connection that it takes along must not end the whole process.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function makeDatabase(server: PostgresServer, password: string): Promise<void> {
  const admin = await connect(server, 'postgres');
  try {
    await admin.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${DATABASE} TEMPLATE template0 ENCODING 'UTF8'`);
    await admin.query(`DROP ROLE IF EXISTS ${READER}`);
    await admin.query(`CREATE ROLE ${READER} LOGIN PASSWORD ${admin.escapeLiteral(password)}`);
  } finally {
    await admin.end();
  }
}

async function fill(owner: pg.Client, college: College, upTo: number): Promise<void> {
  const { tables } = college.sis;
  await owner.query('BEGIN');
  await owner.query(createTables(tables));
  for (const table of tables) {
    await copyRows(owner, table, foldChanges(college.sis, table, Number.NEGATIVE_INFINITY, upTo).upserts);
  }
  await owner.query(createForeignKeys(tables));
  await owner.query(grantReading(READER, schemasOf(tables)));
  await owner.query('COMMIT');
  // Sizes are what a reader asks for; the finer statistics would take longer than the filling of the small tables.
  await owner.query(`SET default_statistics_target = 10; ANALYZE ${tables.map(tableName).join(', ')}`);
}

async function applyDay(owner: pg.Client, college: College, after: number, upTo: number): Promise<void> {
  await owner.query('BEGIN');
  try {
    for (const table of college.sis.tables) {
      await applyChanges(owner, table, foldChanges(college.sis, table, after, upTo));
    }
    await owner.query('COMMIT');
  } catch (error) {
    await owner.query('ROLLBACK');
    throw error;
  }
}

const schemasOf = (tables: readonly TableShape[]) => [...new Set(tables.map((table) => table.namespace))];

/** The span after one instant up to another, cut at midnight UTC. */
function* days(after: number, upTo: number): Iterable<[number, number]> {
  for (let from = after; from < upTo; ) {
    const to = Math.min(upTo, (Math.floor(from / DAY_MS) + 1) * DAY_MS);
    yield [from, to];
    from = to;
  }
}
