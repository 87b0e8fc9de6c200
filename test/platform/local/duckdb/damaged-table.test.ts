import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalEngine, openLocalEngine } from '../../../../src/platform/local/duckdb/engine.ts';
import { EngineError } from '../../../../src/platform/local/duckdb/errors.ts';
import { filesOf } from '../../../../src/platform/local/duckdb/storage.ts';
import type { TableVersion } from '../../../../src/ports/tables.ts';
import { granted } from '../../../granted.ts';

let root: string;
let engine: LocalEngine;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'damaged-table-'));
  engine = await openLocalEngine({ root, threads: 1 });
});
afterAll(async () => {
  await engine.close();
  await rm(root, { recursive: true, force: true });
});

const made = (id: string): Promise<TableVersion> =>
  engine.literalTable('campus.things', [{ name: 'id', type: 'bigint' }], [[1], [2]], id);

it.each([
  ['zeroed', 'cut short', (file: string) => truncate(file, 0)],
  ['cut short', 'cut short', (file: string) => truncate(file, 100)],
  ['removed', 'missing', (file: string) => rm(file)],
  ['overwritten', 'cut short', (file: string) => writeFile(file, 'a secret of somebody')],
])('a question of a table whose file was %s says so in words', async (how, found, spoil) => {
  const version = await made(`was-${how.replace(' ', '-')}`);
  const file = filesOf(version)[0]!;
  await spoil(join(root, file));
  const tables = { 'campus.things': version };

  for (const ask of [
    () => engine.query('SELECT count(*) FROM campus.things', granted(tables)),
    () => engine.create('campus.more', 'SELECT id FROM campus.things', tables, 'run-1'),
    () => engine.keySum(version, ['id']),
    () => engine.exportParquet('SELECT id FROM campus.things', granted(tables), join(root, 'out.parquet')),
  ]) {
    const error = await ask().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(EngineError);
    const message = `The table campus.things cannot be read: its file ${file} is ${found}.`;
    expect(error).toMatchObject({
      message,
      about: 'campus.things',
      hint: expect.stringContaining('lake repair'),
    });
  }
  expect(await engine.brokenFiles(version)).toEqual([{ file, found }]);
});

it('a file with its bytes as they were is whole, also when all of it is read', async () => {
  expect(await engine.brokenFiles(await made('whole'), true)).toEqual([]);
});
