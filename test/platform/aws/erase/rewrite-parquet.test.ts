import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { DuckDBInstance } from '@duckdb/node-api';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ParquetPlace } from '../../../../src/platform/aws/erase/parquet-rows.ts';
import { matchesInParquet, rewriteParquet } from '../../../../src/platform/aws/erase/rewrite-parquet.ts';
import { openLocalObjects } from '../../../../src/platform/local/objects.ts';
import type { RowRules } from '../../../../src/ports/eraser.ts';

let root: string;
let place: ParquetPlace;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'erase-parquet-'));
  place = {
    objects: openLocalObjects(root),
    async buffer(key) {
      const bytes = await readFile(join(root, key));
      return {
        byteLength: bytes.length,
        slice: (start, end) => new Uint8Array(bytes.subarray(start, end)).buffer as ArrayBuffer,
      };
    },
  };
  await place.objects.putText('raw/begin', '');
});
afterAll(() => rm(root, { recursive: true }));

async function duckdb(sql: string): Promise<unknown[][]> {
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  const rows = (await connection.runAndReadAll(sql)).getRowsJson();
  connection.closeSync();
  database.closeSync();
  return rows as unknown[][];
}

const is =
  (...wanted: string[]) =>
  (text: string) =>
    wanted.includes(text);
const none = async () => {};

/** Every kind of value that a SIS has, more than one row group of it, in DuckDB's hand. */
const rowsOf = (count: number) =>
  `SELECT i AS "Id", CASE WHEN i % 7 = 0 THEN 'Ä-"1''' ELSE 'S' || i END AS student,
  i::DECIMAL(18,0) AS as_decimal, i::DOUBLE AS as_double, (i * 1.25)::DECIMAL(38,10) AS fee,
  ((-i)::DECIMAL(8,2) / 100)::DECIMAL(4,2) AS small, i::SMALLINT AS s, (i % 256)::UTINYINT AS u, (i * 3000000000)::BIGINT AS big,
  i::UBIGINT + 9223372036854775807 AS huge,
  DATE '0044-03-15' + i::INTEGER AS day, TIMESTAMP '1969-12-31 23:59:59.123456' + to_seconds(i) AS at,
  TIMESTAMPTZ '2026-01-01 00:00:00.000001+00' AS zoned, (TIMESTAMP '2026-01-01' + to_seconds(i))::TIMESTAMP_MS AS ms,
  TIME '12:34:56.789' AS clock, i % 2 = 0 AS flag, 1.0::FLOAT / i AS ratio, ('\\xAA' || i)::BLOB AS bytes,
  CASE WHEN i % 3 = 0 THEN NULL ELSE repeat('ß', i % 50) END AS note, ''::VARCHAR AS empty,
  uuid_v5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', i::VARCHAR) AS id2, '{"a":' || i || '}' AS js,
  CASE WHEN i % 5 = 0 THEN 7 END::BIGINT AS advisor, NULL::INTEGER AS nothing
  FROM range(1, ${count + 1}) r(i)`.replaceAll(
    "uuid_v5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', i::VARCHAR)",
    'md5(i::VARCHAR)::UUID',
  );

async function written(name: string, select: string, how: string): Promise<{ key: string; read: string }> {
  const key = `raw/${name}`;
  await duckdb(`COPY (${select}) TO '${join(root, key)}' (FORMAT parquet, ${how})`);
  return { key, read: `read_parquet('${join(root, key)}')` };
}

describe.each([
  ['gzip', 2100],
  ['snappy', 70],
  ['uncompressed', 70],
  ['brotli', 70],
] as const)('a file packed with %s', (codec, count) => {
  const rules: RowRules = {
    owners: [{ name: 'STUDENT', has: is('Ä-"1\'') }],
    mentions: [
      { name: 'advisor', has: is('7') },
      { name: 'not there', has: () => true },
    ],
  };

  it('loses the rows, and keeps everything else as it is: values, types, order', async () => {
    const how = `COMPRESSION ${codec}, ROW_GROUP_SIZE 2048`;
    const { key, read } = await written(`${codec}.parquet`, rowsOf(count), how);
    const types = await duckdb(`DESCRIBE SELECT * FROM ${read}`);
    const wanted = await duckdb(
      `SELECT * REPLACE (NULL::BIGINT AS advisor) FROM ${read} WHERE student <> 'Ä-"1'''`,
    );

    const found = await matchesInParquet(place, key, rules, [{ name: 'id' }, { name: 'student' }]);
    expect(found.length).toBe(count / 7);
    expect(found[0]).toEqual(['7', 'Ä-"1\'']);
    const told: object[] = [];
    const done = await rewriteParquet(place, key, rules, async (counts) => void told.push(counts));

    expect(told).toEqual([{ removed: count / 7, masked: 0, emptied: (count / 5) * (6 / 7) }]);
    expect(done).toMatchObject({ removed: count / 7, object: { key } });
    expect(await duckdb(`DESCRIBE SELECT * FROM ${read}`)).toEqual(types);
    expect(await duckdb(`SELECT * FROM ${read}`)).toEqual(wanted);
    const [[stats]] = (await duckdb(
      `SELECT count(stats_min_value) FROM parquet_metadata('${join(root, key)}')`,
    )) as [[unknown]];
    expect(Number(stats)).toBe(0);
    expect(await rewriteParquet(place, key, rules, () => Promise.reject(new Error('told')))).toBeUndefined();
  });
});

it('knows a number in whatever type a database delivers it', async () => {
  const { key } = await written('numbers.parquet', rowsOf(200), 'COMPRESSION gzip');
  for (const name of ['as_decimal', 'as_double', 's', 'fee']) {
    const rules: RowRules = { owners: [{ name, has: is('100') }], mentions: [] };
    const found = await matchesInParquet(place, key, rules, [{ name: 'id' }]);
    expect({ name, found }).toEqual({ name, found: [[name === 'fee' ? '80' : '100']] });
  }
});

it('goes by the key of a record where no owner stands in it', async () => {
  const select = `SELECT 'D' AS op, i AS id, CASE WHEN i = 2 THEN 'S2' END AS student FROM range(1, 5) r(i)`;
  const { key, read } = await written('deletes.parquet', select, 'COMPRESSION gzip');
  const rules: RowRules = {
    owners: [{ name: 'student', has: is('S9') }],
    key: { fields: [{ name: 'id' }], has: ([id]) => id === '2' || id === '3' },
    mentions: [],
  };
  expect(await rewriteParquet(place, key, rules, none)).toMatchObject({ removed: 1 });
  expect((await duckdb(`SELECT id FROM ${read}`)).flat().map(Number)).toEqual([1, 2, 4]);
});

it('masks rows that stay', async () => {
  const { key, read } = await written(
    'masked.parquet',
    `SELECT i AS id, 'S' || i AS student, 'x' || i AS name FROM range(1, 4) r(i)`,
    'COMPRESSION snappy',
  );
  const rules: RowRules = {
    owners: [{ name: 'student', has: is('S2') }],
    mentions: [],
    masks: {
      emptied: [{ name: 'name' }],
      replaced: [{ name: 'student' }],
      surrogateOf: (text) => `erased-${text}`,
    },
  };
  expect(await rewriteParquet(place, key, rules, none)).toMatchObject({ removed: 0, masked: 1 });
  expect(await duckdb(`SELECT id::INT, student, name FROM ${read}`)).toEqual([
    [1, 'S1', 'x1'],
    [2, 'erased-S2', null],
    [3, 'S3', 'x3'],
  ]);
});

it('reads records of an LMS, of which some have no value', async () => {
  const schema = [
    { name: 'root', num_children: 3 },
    { name: 'meta', num_children: 1, repetition_type: 'REQUIRED' as const },
    {
      name: 'action',
      type: 'BYTE_ARRAY' as const,
      converted_type: 'UTF8' as const,
      repetition_type: 'OPTIONAL' as const,
    },
    { name: 'key', num_children: 1, repetition_type: 'REQUIRED' as const },
    { name: 'id', type: 'INT64' as const, repetition_type: 'REQUIRED' as const },
    { name: 'value', num_children: 2, repetition_type: 'OPTIONAL' as const },
    { name: 'user_id', type: 'INT64' as const, repetition_type: 'OPTIONAL' as const },
    { name: 'grader_id', type: 'INT64' as const, repetition_type: 'OPTIONAL' as const },
  ];
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({ writer, schema });
  const value = [
    { user_id: 5n, grader_id: 6n },
    { user_id: 6n, grader_id: 5n },
    undefined,
    { user_id: null, grader_id: null },
    undefined,
  ];
  await parquet.write({
    columnData: [
      { name: 'meta', data: value.map(() => ({ action: 'U' })) },
      { name: 'key', data: value.map((_, i) => ({ id: BigInt(i) })) },
      { name: 'value', data: value },
    ],
  });
  await parquet.finish();
  await place.objects.put('raw/dap.parquet', Readable.from([Buffer.from(writer.getBytes())]));
  const rules: RowRules = {
    owners: [{ name: 'user_id', section: 'value', has: is('5') }],
    key: { fields: [{ name: 'id', section: 'key' }], has: ([id]) => id === '4' },
    mentions: [{ name: 'grader_id', section: 'value', has: is('5') }],
  };
  const read = `read_parquet('${join(root, 'raw/dap.parquet')}')`;
  expect(await rewriteParquet(place, 'raw/dap.parquet', rules, none)).toMatchObject({
    removed: 2,
    emptied: 1,
  });
  expect(await duckdb(`SELECT key.id::INT, value::VARCHAR, meta.action FROM ${read}`)).toEqual([
    [1, "{'user_id': 6, 'grader_id': NULL}", 'U'],
    [2, null, 'U'],
    [3, "{'user_id': NULL, 'grader_id': NULL}", 'U'],
  ]);
});

it('refuses a file of lists, and one that is cut short', async () => {
  const { key } = await written('lists.parquet', `SELECT 'S1' AS student, [1, 2] AS l`, 'COMPRESSION gzip');
  const rules: RowRules = { owners: [{ name: 'student', has: is('S1') }], mentions: [] };
  await expect(rewriteParquet(place, key, rules, none)).rejects.toThrow('lists or maps');
  await place.objects.put('raw/cut.parquet', Readable.from([Buffer.from('PAR1 and no end')]));
  await expect(rewriteParquet(place, 'raw/cut.parquet', rules, none)).rejects.toThrow(
    'no whole Parquet file',
  );
});
