import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import pg from 'pg';
import type { SisSourceConfig } from '../../../../src/campus/campus-schema.ts';
import type { Json } from '../../../../src/json.ts';
import { type PostgresServer, startPostgres } from '../../../../src/platform/local/postgres/server.ts';
import {
  type LocalReplication,
  openLocalReplication,
} from '../../../../src/platform/local/replication/replication.ts';
import type { ReplicatedTable, ReplicationStatus, TableKey } from '../../../../src/ports/replication.ts';

type Done = Extract<ReplicationStatus, { done: true }>;

/** A PostgreSQL that plays the SIS, and a lake to copy it into. */
export interface SisFixture {
  readonly admin: pg.Client;
  readonly source: SisSourceConfig;
  readonly password: string;
  /** What the server was asked, as its log has it. */
  readonly statements: string[];
  /** Another session of its administrator, under a name. */
  connect(application: string, database?: string): Promise<pg.Client>;
  /** Root of a new lake. */
  lake(): Promise<string>;
  stop(): Promise<void>;
}

export const LAKE_PASSWORD = 'readers-password';

export async function startSisFixture(
  settings: Readonly<Record<string, string | number>> = {},
): Promise<SisFixture> {
  const folder = await mkdtemp(path.join(tmpdir(), 'replication-'));
  // The server's user must be able to walk to its data.
  await chmod(folder, 0o755);
  const statements: string[] = [];
  const server: PostgresServer = await startPostgres({
    directory: path.join(folder, 'postgres'),
    settings: { fsync: 'off', log_statement: 'all', ...settings },
    log: (line) => statements.push(line),
  });
  const { host, port, user, password } = server;
  const admin = new pg.Client({ host, port, user, password, database: 'postgres' });
  admin.on('error', () => undefined);
  await admin.connect();
  await admin.query(`CREATE ROLE lake LOGIN PASSWORD '${LAKE_PASSWORD}'; GRANT pg_read_all_data TO lake`);
  const source: SisSourceConfig = {
    kind: 'postgres',
    host,
    port,
    database: 'postgres',
    user: 'lake',
    password: { env: 'SIS_PASSWORD' },
    ssl: 'disable',
  };
  return {
    admin,
    source,
    password: LAKE_PASSWORD,
    statements,
    async connect(application, database = 'postgres') {
      const client = new pg.Client({
        host,
        port,
        user,
        password,
        database,
        application_name: application,
      });
      client.on('error', () => undefined);
      await client.connect();
      return client;
    },
    lake: () => mkdtemp(path.join(folder, 'lake-')),
    async stop() {
      await admin.end().catch(() => undefined);
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function openReplication(root: string, source: SisSourceConfig): LocalReplication {
  return openLocalReplication({
    root,
    sources: { sis: source },
    secrets: { get: async () => LAKE_PASSWORD },
  });
}

/** Mappings that include everything of a schema, and whatever rules are added. */
export function allOf(schema: string, ...more: object[]): Json {
  const include = {
    'rule-type': 'selection',
    'rule-action': 'include',
    'object-locator': { 'schema-name': schema, 'table-name': '%', 'table-type': 'all' },
  };
  const rules = [include, ...more].map((rule, i) => ({
    'rule-id': String(i + 1),
    'rule-name': `r${i + 1}`,
    ...rule,
  }));
  return { rules } as Json;
}

export async function waitFor(replication: LocalReplication, task: string): Promise<Done> {
  for (;;) {
    const status = await replication.poll(task);
    if (status.done) return status;
  }
}

/** Copies into a lake from beginning to end. */
export async function replicate(
  root: string,
  source: SisSourceConfig,
  mappings: Json,
  load = 'load1',
  keys?: readonly TableKey[],
): Promise<Done & { byName: Record<string, ReplicatedTable> }> {
  const replication = openReplication(root, source);
  try {
    const { task } = await replication.start({
      source: 'sis',
      load,
      prefix: `raw/sis/${load}`,
      mappings,
      keys,
    });
    const done = await waitFor(replication, task);
    return { ...done, byName: Object.fromEntries(done.tables.map((table) => [table.table, table])) };
  } finally {
    await replication.close();
  }
}

/** Asks a DuckDB of its own about Parquet files; `$files` stands for them. */
export async function askFiles(root: string, keys: readonly string[], sql: string): Promise<unknown[][]> {
  const duckdb = await DuckDBInstance.create(':memory:');
  const connection = await duckdb.connect();
  try {
    const list = keys.map((key) => `'${path.join(root, key)}'`).join(', ');
    const reader = await connection.runAndReadAll(sql.replaceAll('$files', `read_parquet([${list}])`));
    return reader.getRowsJson();
  } finally {
    connection.closeSync();
    duckdb.closeSync();
  }
}
