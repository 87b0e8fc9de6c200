import { chmod, mkdir, mkdtemp, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { type LocalEngine, openLocalEngine } from '../../../src/platform/local/duckdb/engine.ts';
import { freePort } from '../../../src/platform/local/postgres/ports.ts';
import { findRunningPostgres, type PostgresConnection } from '../../../src/platform/local/postgres/server.ts';
import { openLocalWarehouse } from '../../../src/platform/local/warehouse.ts';
import type { WarehouseInfo } from '../../../src/ports/warehouse.ts';

/** A lake of its own, with a warehouse of its own. */
export interface WarehouseCampus {
  readonly root: string;
  readonly engine: LocalEngine;
  readonly place: { directory: string; port: number; readers: string };
}

export async function newCampus(): Promise<WarehouseCampus> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'lake-warehouse-'));
  await chmod(root, 0o711);
  await mkdir(path.join(root, 'procedures'));
  const place = { directory: path.join(root, 'warehouse'), port: await freePort(), readers: 'dashboard' };
  return { root, place, engine: await openLocalEngine({ root }) };
}

export const open = ({ root, place }: WarehouseCampus) =>
  openLocalWarehouse({ ...place, root, procedures: path.join(root, 'procedures') });

let made = 0;
export const tableOf = (campus: WarehouseCampus, name: string, select: string) =>
  campus.engine.create(name, select, {}, `v${++made}`);

/** Rows of a query of the read-only user, every value as text. */
export async function readAs(info: WarehouseInfo, sql: string): Promise<(string | null)[][]> {
  const password = (await readFile(info.passwordAt, 'utf8')).trim();
  const url = new URL(info.url);
  url.password = password;
  const client = new pg.Client({ connectionString: url.href, types: { getTypeParser: () => String } });
  await client.connect();
  try {
    const answer = await client.query({ text: sql, rowMode: 'array' });
    return ([answer].flat().at(-1) as unknown as { rows: (string | null)[][] }).rows;
  } finally {
    await client.end();
  }
}

export async function asOwner<T extends object>(campus: WarehouseCampus, sql: string): Promise<T[]> {
  const server = (await findRunningPostgres(campus.place.directory)) as PostgresConnection;
  const client = new pg.Client({ connectionString: server.url.replace(/postgres$/, 'lake') });
  await client.connect();
  try {
    const answer = await client.query<T>(sql);
    return ([answer].flat().at(-1) as pg.QueryResult<T>).rows;
  } finally {
    await client.end();
  }
}
