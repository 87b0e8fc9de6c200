import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scanLake } from '../../../../src/platform/local/scan/scan-lake.ts';

const SSN = '000-12-3456';
const NAME = 'Zoë Ønske';
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'scan-'));
  for (const folder of ['raw', 'staged/sis.people', 'ledger/ops', 'ledger/state', 'curated'])
    await mkdir(join(root, folder), { recursive: true });
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  const write = (select: string, file: string, more = '') =>
    connection.run(`COPY (${select}) TO '${join(root, file)}' (FORMAT parquet, COMPRESSION zstd ${more})`);
  // In a compressed page of a nested column, and in bytes.
  await write(
    `SELECT i AS id, CASE WHEN i = 7 THEN '${NAME}' ELSE 'n' || i END AS name,
       [{a: CASE WHEN i = 9 THEN 'call ${SSN} now' ELSE 'x' END}] AS notes,
       CASE WHEN i = 3 THEN '${SSN}'::BLOB ELSE 'b'::BLOB END AS doc FROM range(5000) t(i)`,
    'staged/sis.people/v1.parquet',
  );
  await write('SELECT 1 AS id', 'curated/clean.parquet');
  await write('SELECT 1 AS id', 'curated/said.parquet', `, KV_METADATA {made_for: '${SSN}'}`);
  connection.closeSync();
  // Across the border of two parts of a stream.
  const far = `${'x'.repeat((1 << 20) - 5)}${SSN}`;
  await writeFile(join(root, 'raw/part.jsonl.gz'), gzipSync(`{"ssn":"${SSN}"}\n`));
  await writeFile(join(root, 'ledger/ops/steps.jsonl'), `${far}\n`);
  await writeFile(join(root, `ledger/state/dataset%2F${SSN}.json`), '{}');
  await writeFile(join(root, 'curated/old.bin'), Buffer.from('28b52ffd00000000', 'hex'));
});
afterAll(() => rm(root, { recursive: true }));

const places = async (allowed: readonly string[] = []) => {
  const scanned = await scanLake({ root, planted: [{ value: SSN }, { value: NAME }], allowed });
  expect(JSON.stringify(scanned).replace(/dataset%2F[\d-]+/g, '')).not.toMatch(/000-?12-?3456|Zo/);
  const found = scanned.found.map(({ zone, column = '', where, planted, allowed: may }) =>
    [zone, column, where, planted, may ? 'allowed' : ''].join(' ').trim(),
  );
  return { ...scanned, found: [...new Set(found)].sort() };
};

it('finds planted values in compressed pages, nested values, bytes, footers, logs and names, and prints none', async () => {
  const { found, undecoded, files } = await places();
  expect(found).toEqual([
    'curated  metadata 1',
    'ledger  name 1',
    'ledger  text 1',
    'raw  text 1',
    'staged doc statistics 1',
    'staged doc values 1',
    'staged name statistics 2',
    'staged name values 2',
    'staged notes statistics 1',
    'staged notes values 1',
  ]);
  expect(undecoded).toEqual(['curated/old.bin']);
  expect(files).toBe(7);
});

it('says what is in a place that the policy allows', async () => {
  const { found } = await places(['raw', 'staged/sis.people/*#name']);
  expect(found.filter((one) => one.endsWith('allowed')).map((one) => one.split(' ')[0])).toContain('raw');
  expect(found).toContain('staged name values 2 allowed');
  expect(found).toContain('staged notes values 1');
});

it('reads other files too', async () => {
  const other = join(root, '..', `${root.split('/').at(-1)}-export.csv`);
  await writeFile(other, `id,name\n1,${NAME}\n`);
  try {
    const { found } = await scanLake({
      root: join(root, 'nothing'),
      also: [other],
      planted: [{ value: NAME }],
    });
    expect(found).toMatchObject([{ zone: 'outside', where: 'text', planted: 1, allowed: false }]);
  } finally {
    await rm(other);
  }
});
