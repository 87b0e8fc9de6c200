import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PIPELINE } from '../../../src/access/authorize.ts';
import { ExportError } from '../../../src/export/errors.ts';
import { exportTables } from '../../../src/export/parquet/export-tables.ts';
import { type LocalEngine, openLocalEngine } from '../../../src/platform/local/duckdb/engine.ts';
import type { TableSet } from '../../../src/ports/tables.ts';

describe('published tables as Parquet files', () => {
  let root: string;
  let engine: LocalEngine;
  let versions = 0;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'export-parquet-'));
    engine = await openLocalEngine({ root: join(root, 'lake') });
  });
  afterAll(async () => {
    await engine.close();
    await rm(root, { recursive: true });
  });
  const table = (name: string, rows: number) =>
    engine.create(
      name,
      `SELECT i AS n, ${rows} AS of FROM UNNEST(SEQUENCE(1, ${rows})) AS s(i)`,
      {},
      `v${++versions}`,
    );
  const set = async (...tables: [string, number][]): Promise<TableSet> =>
    Object.fromEntries(
      await Promise.all(tables.map(async ([name, rows]) => [name, await table(name, rows)])),
    );
  const publish = (id: string, tables: TableSet, out: string) =>
    exportTables({ session: PIPELINE, platform: { engine } }, { id, tables }, out);
  const read = async (path: string) => {
    const database = await DuckDBInstance.create();
    const connection = await database.connect();
    try {
      return (await connection.runAndReadAll(`SELECT n FROM '${path}'`)).getRows();
    } finally {
      connection.closeSync();
      database.closeSync();
    }
  };

  it('have exactly the rows of the newest publication under current, one file a table', async () => {
    const out = join(root, 'a');
    await publish('p1', await set(['campus.t', 3], ['canvas.u', 2]), out);
    await publish('p2', await set(['campus.t', 5], ['canvas.w', 1]), out);

    expect(await read(join(out, 'current/campus/t.parquet'))).toHaveLength(5);
    expect((await readdir(join(out, 'current'), { recursive: true })).sort()).toEqual([
      'campus',
      'campus/t.parquet',
      'canvas',
      'canvas/w.parquet',
      'tables.json',
    ]);
    const list = JSON.parse(await readFile(join(out, 'current/tables.json'), 'utf8'));
    expect(list).toMatchObject({
      publication: 'p2',
      tables: { 'campus.t': { file: 'campus/t.parquet', rows: 5 } },
    });
    expect((await stat(join(out, 'current/campus/t.parquet'))).mode & 0o777).toBe(0o600);
  });

  it('leave the publication that somebody still reads whole until the next but one', async () => {
    const out = join(root, 'b');
    await publish('p1', await set(['campus.t', 3], ['campus.u', 3]), out);
    const opened = await realpath(join(out, 'current'));
    await publish('p2', await set(['campus.t', 5], ['campus.u', 5]), out);

    expect(
      [await read(join(opened, 'campus/t.parquet')), await read(join(opened, 'campus/u.parquet'))].map(
        (rows) => rows.length,
      ),
    ).toEqual([3, 3]);
    await publish('p3', await set(['campus.t', 6], ['campus.u', 6]), out);
    await expect(stat(opened)).rejects.toThrow('ENOENT');
    expect((await readdir(out)).length).toBe(3);
  });

  it('are written again only where they have changed', async () => {
    const out = join(root, 'c');
    const first = await set(['campus.t', 3], ['campus.u', 2]);
    await publish('p1', first, out);

    expect(await publish('p2', { ...first, ...(await set(['campus.u', 4])) }, out)).toMatchObject({
      written: 1,
      linked: 1,
    });
    expect(
      [
        await read(join(out, 'current/campus/t.parquet')),
        await read(join(out, 'current/campus/u.parquet')),
      ].map((rows) => rows.length),
    ).toEqual([3, 4]);
  });

  it('stay as they were when an export fails, and the next one clears up', async () => {
    const out = join(root, 'd');
    await publish('p1', await set(['campus.t', 3]), out);
    const good = await set(['campus.t', 4]);
    const broken = {
      ...good['campus.t']!,
      table: 'campus.z',
      storage: { kind: 'plain', files: ['none.parquet'] },
    };

    await expect(publish('p2', { ...good, 'campus.z': broken }, out)).rejects.toThrow();
    expect(await read(join(out, 'current/campus/t.parquet'))).toHaveLength(3);

    await publish('p3', good, out);
    expect((await readdir(out)).filter((name) => name.includes('unfinished'))).toEqual([]);
    expect(await read(join(out, 'current/campus/t.parquet'))).toHaveLength(4);
  });

  it('do not go into a folder of somebody else', async () => {
    const out = join(root, 'e');
    await mkdir(join(out, 'thesis'), { recursive: true });
    await writeFile(join(out, 'thesis', 'tables.json'), '{}');

    await expect(publish('p1', await set(['campus.t', 1]), out)).rejects.toThrow(ExportError);
    expect(await readdir(out)).toEqual(['thesis']);
  });
});
