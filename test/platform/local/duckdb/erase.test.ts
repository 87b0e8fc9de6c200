import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLocalEraser } from '../../../../src/platform/local/duckdb/erase.ts';
import { openLocalObjects } from '../../../../src/platform/local/objects.ts';
import type { Eraser, RowRules } from '../../../../src/ports/eraser.ts';
import { openTestLake, specOf, type TestLake } from './lake-folder.ts';

let lake: TestLake;
let eraser: Eraser;
beforeAll(async () => {
  lake = await openTestLake();
  eraser = openLocalEraser(lake.root, openLocalObjects(lake.root));
});
afterAll(() => lake.close());

const is =
  (...wanted: string[]) =>
  (text: string) =>
    wanted.includes(text);
const none = async () => {};

async function duckdb(sql: string): Promise<unknown[][]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const rows = (await connection.runAndReadAll(sql)).getRowsJson();
  connection.closeSync();
  return rows as unknown[][];
}

async function file(name: string, select: string): Promise<{ key: string; read: string }> {
  await lake.writeBytes(name, new Uint8Array());
  const path = join(lake.root, 'raw', name);
  await duckdb(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  return { key: `raw/${name}`, read: `read_parquet('${path}')` };
}

it('takes rows out of a Parquet file and keeps columns, types and order', async () => {
  const { key, read } = await file(
    'flat.parquet',
    `SELECT i AS n, CASE WHEN i % 3 = 0 THEN 'S1' ELSE 'S' || i END AS student, 1.50::DECIMAL(8,2) AS fee,
      TIMESTAMPTZ '2026-01-01 00:00:00+00' AS at, CASE WHEN i = 4 THEN 'S1' END AS posted_by FROM range(1, 10) r(i)`,
  );
  const types = await duckdb(`DESCRIBE SELECT * FROM ${read}`);
  const rules: RowRules = {
    owners: [{ name: 'student', has: is('S1') }],
    mentions: [
      { name: 'posted_by', has: is('S1') },
      { name: 'not there', has: () => true },
    ],
  };
  // 1 is S1 by its number.
  expect((await eraser.matchesInFile(key, rules, [{ name: 'n' }])).flat().sort()).toEqual([
    '1',
    '3',
    '6',
    '9',
  ]);
  const told: object[] = [];
  const done = await eraser.rewriteFile(key, rules, async (counts) => void told.push(counts));
  expect(told).toEqual([{ removed: 4, masked: 0, emptied: 1 }]);
  expect(done).toMatchObject({ removed: 4, emptied: 1, object: { key } });
  expect(await duckdb(`SELECT n, posted_by FROM ${read}`)).toEqual(
    [2, 4, 5, 7, 8].map((n) => [String(n), null]),
  );
  expect(await duckdb(`DESCRIBE SELECT * FROM ${read}`)).toEqual(types);
  expect(await eraser.rewriteFile(key, rules, () => Promise.reject(new Error('told')))).toBeUndefined();
});

it('takes records out of nested Parquet, removals by their key, and empties what stands in a part', async () => {
  const { key, read } = await file(
    'nested.parquet',
    `SELECT {'id': id} AS key, CASE WHEN owner IS NULL THEN NULL ELSE {'user_id': owner, 'grader_id': grader} END AS value
     FROM (VALUES (1::BIGINT, 42::BIGINT, 7::BIGINT), (2, 43, 42), (1, NULL, NULL), (3, NULL, NULL), (1, 44, 7)) t(id, owner, grader)`,
  );
  const rules: RowRules = {
    owners: [{ name: 'user_id', section: 'value', has: is('42') }],
    key: { fields: [{ name: 'id', section: 'key' }], has: ([id]) => id === '1' },
    mentions: [{ name: 'grader_id', section: 'value', has: is('42') }],
  };
  await eraser.rewriteFile(key, rules, none);
  expect(await duckdb(`SELECT key.id, value.user_id, value.grader_id FROM ${read} ORDER BY ALL`)).toEqual([
    ['1', '44', '7'],
    ['2', '43', null],
    ['3', null, null],
  ]);
});

it('masks rows that stay, one person by one name', async () => {
  const { key, read } = await file(
    'masked.parquet',
    `SELECT * FROM (VALUES ('S1', 'Ada', 4.0), ('S2', 'Bo', 3.0), ('S1', 'Ada', 2.0)) t(student, name, grade)`,
  );
  const rules: RowRules = {
    owners: [{ name: 'student', has: is('S1') }],
    mentions: [],
    masks: {
      emptied: [{ name: 'name' }],
      replaced: [{ name: 'student' }],
      surrogateOf: (text) => `erased-${text.length}`,
    },
  };
  expect(await eraser.rewriteFile(key, rules, none)).toMatchObject({ removed: 0, masked: 2 });
  expect(await duckdb(`SELECT * FROM ${read}`)).toEqual([
    ['erased-2', null, '4.0'],
    ['S2', 'Bo', '3.0'],
    ['erased-2', null, '2.0'],
  ]);
});

it('makes a version without the rows, with no history of them, into which changes are merged as before', async () => {
  const spec = specOf('canvas.things', [
    { name: 'id', type: 'bigint' },
    { name: 'user_id', type: 'bigint' },
    { name: 'text', type: 'varchar' },
  ]);
  const record = (id: number, user: number, text: string, day: number) => ({
    ts: `2026-01-0${day}T00:00:00Z`,
    key: { id },
    value: { user_id: user, text },
  });
  const many = Array.from({ length: 30 }, (_, i) => record(100 + i, 5, 'other', 1));
  const first = await lake.writeRaw('first', [
    record(1, 42, 'old secret', 1),
    record(2, 43, 'b', 1),
    ...many,
  ]);
  const second = await lake.writeRaw('second', [
    record(1, 42, 'new secret', 2),
    { ts: '2026-01-02T00:00:00Z', action: 'D', key: { id: 2 } },
    record(3, 43, 'c', 2),
  ]);
  const { version } = await lake.engine.replace(spec, [first], 'v1');
  const merged = (await lake.engine.merge(version, spec, [second], 'v2')).version;
  const rules: RowRules = { owners: [{ name: 'user_id', has: is('42') }], mentions: [] };
  const found = await eraser.rewriteVersion(merged, rules, 'v3');
  expect(found).toMatchObject({ removed: 1, version: { rows: merged.rows - 1 } });
  const left = await lake.rows('SELECT id, text FROM canvas.things WHERE id < 100', {
    'canvas.things': found!.version,
  });
  expect(left).toEqual([[3n, 'c']]);
  // The removal of 2 is still known: an older record of it does not come back.
  const late = await lake.writeRaw('late', [record(2, 43, 'b', 1), record(4, 43, 'd', 3)]);
  const after = (await lake.engine.merge(found!.version, spec, [late], 'v4')).version;
  const rows = await lake.rows('SELECT id FROM canvas.things WHERE id < 100 ORDER BY id', {
    'canvas.things': after,
  });
  expect(rows).toEqual([[3n], [4n]]);
  expect(await eraser.rewriteVersion(found!.version, rules, 'v5')).toMatchObject({
    removed: 0,
    version: found!.version,
  });
});
