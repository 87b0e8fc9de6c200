import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ReadOnlyPool } from '../../../../src/platform/local/duckdb/read-only-pool.ts';
import { openDatabase } from '../../../../src/platform/local/duckdb/session.ts';
import { text } from '../../../../src/platform/local/duckdb/sql-text.ts';

let root: string;
let opened: number;
let pool: ReadOnlyPool;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lake-pool-'));
  opened = 0;
  const session = { root: join(root, 'lake'), memoryMegabytes: 400, threads: 1 };
  pool = new ReadOnlyPool(session, () => {
    opened += 1;
    return openDatabase(session);
  });
});
afterEach(async () => {
  await pool.close();
  await rm(root, { recursive: true, force: true });
});

const read = async (reads: readonly string[] | 'lake', file: string) => {
  const session = await pool.session({ schemas: ['campus'], reads });
  try {
    const reader = await session.connection.runAndReadAll(`SELECT content FROM read_text(${text(file)})`);
    return reader.getRowsJson()[0]![0];
  } finally {
    await session.close();
  }
};

it('opens one database for all statements of the lake, and one for each list of files of a person', async () => {
  const names = ['a', 'b', 'c'].map((name) => join(root, 'lake', `${name}.txt`));
  await openDatabase({ root: join(root, 'lake'), memoryMegabytes: 400, threads: 1 }).then((db) =>
    db.closeSync(),
  );
  for (const name of names) await writeFile(name, name);
  for (const name of names) expect(await read('lake', name)).toBe(name);
  expect(opened).toBe(1);
  for (const name of names) expect(await read([name], name)).toBe(name);
  expect(opened).toBe(4);
  await expect(read([names[0]!], names[1]!)).rejects.toThrow('Permission');
});

it('opens nothing outside of the lake to a statement of the lake', async () => {
  const outside = join(root, 'outside.txt');
  await writeFile(outside, 'closed');
  await expect(read('lake', outside)).rejects.toThrow('Permission');
});
