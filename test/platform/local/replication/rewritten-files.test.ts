import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RewrittenFiles } from '../../../../src/platform/local/replication/rewritten-files.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'rewritten-'));
});
afterAll(() => rm(root, { recursive: true }));

/** What a record has of a file that is then written again. */
async function written(key: string, rows: number): Promise<{ key: string; bytes: number; sha256: string }> {
  const path = join(root, key);
  await mkdir(dirname(path), { recursive: true });
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  await connection.run(`COPY (SELECT i FROM range(${rows}) r(i)) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  database.closeSync();
  const bytes = await readFile(path);
  return { key, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

const COPY = 'raw/sis/r1/registrar/students/LOAD00000001.parquet';
const CHANGES = 'raw/sis-changes/r1/registrar/students/20261123-013830913.parquet';
const files = () => new RewrittenFiles(root, join(root, '.replication'));

it('leaves what the record has of files that nobody wrote again', async () => {
  const file = { ...(await written(CHANGES, 3)), rows: 3 };
  await written(CHANGES, 2);
  expect(await files().asTheyAre([file])).toEqual([file]);
});

it('says of a rewritten file what it is now, also in another process, however often it is noted', async () => {
  const before = { ...(await written(CHANGES, 3)), name: 'x.parquet', rows: 3 };
  await files().note(CHANGES);
  await files().note(CHANGES);
  // Killed here, the file is as it was.
  expect(await files().asTheyAre([before])).toEqual([before]);
  const now = await written(CHANGES, 2);
  expect(await files().asTheyAre([before])).toEqual([{ ...before, ...now, rows: 2 }]);
});

it('counts the rows of a copy again, without the changes behind it, and drops the count of the source', async () => {
  const copy = await written(COPY, 10);
  const changes = await written(CHANGES, 3);
  await files().note(COPY);
  const now = await written(COPY, 9);
  const table = { schema: 'registrar', table: 'students', keySum: { rows: 10, sum: '1' } as never };

  const [whole] = await files().tablesAsTheyAre([{ ...table, files: [copy, changes], rows: 10 }]);
  expect(whole).toEqual({ schema: 'registrar', table: 'students', files: [now, changes], rows: 9 });
  const increment = { ...table, increment: true, files: [changes], rows: 5 };
  expect((await files().tablesAsTheyAre([increment]))[0]).toMatchObject({ rows: 3, increment: true });
  const other = { ...table, table: 'terms', files: [{ key: 'raw/other.parquet', bytes: 1 }], rows: 1 };
  expect(await files().tablesAsTheyAre([other])).toEqual([other]);
});
