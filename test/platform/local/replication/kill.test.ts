import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  allOf,
  askFiles,
  openReplication,
  type SisFixture,
  startSisFixture,
  waitFor,
} from './sis-fixture.ts';

let sis: SisFixture;

beforeAll(async () => {
  sis = await startSisFixture();
  await sis.admin.query(`
    CREATE SCHEMA k;
    CREATE TABLE k.paged (id int PRIMARY KEY, filler text);
    ALTER TABLE k.paged ALTER filler SET STORAGE PLAIN;
    INSERT INTO k.paged SELECT g, repeat('x', 4500) FROM generate_series(1, 9000) g;
    DO $$ BEGIN
      FOR i IN 1..40 LOOP
        EXECUTE format('CREATE TABLE k.small_%s AS SELECT g AS id FROM generate_series(1, 100) g', i);
      END LOOP;
    END $$;`);
});
afterAll(() => sis?.stop());

/** Keys of everything that a reader of the raw zone can see. */
async function visible(root: string): Promise<string[]> {
  const names = await readdir(path.join(root, 'raw'), { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  return names
    .filter((name) => name.isFile())
    .map((name) => path.relative(root, path.join(name.parentPath, name.name)));
}

describe('A replicator that is killed', () => {
  it('leaves whole files only, and the next one brings the load to its end', async () => {
    const root = await sis.lake();
    const source = { ...sis.source, connections: 2 };
    const request = { source: 'sis', load: 'l', prefix: 'raw/sis/l', mappings: allOf('k') };
    const program = path.join(import.meta.dirname, 'replicating-process.ts');
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', program, JSON.stringify({ root, source, request })],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await once(child.stdout, 'data');
    while ((await visible(root)).length < 3 && child.exitCode === null) await sleep(2);
    child.kill('SIGKILL');
    await once(child, 'exit');

    const left = await visible(root);
    expect(left.length).toBeGreaterThan(0);
    for (const key of left)
      expect(await askFiles(root, [key], 'SELECT count(*) > 0 FROM $files')).toEqual([[true]]);

    const next = openReplication(root, source);
    const { task } = await next.start(request);
    const { tables } = await waitFor(next, task);
    await next.close();

    expect(tables.reduce((sum, table) => sum + table.rows!, 0)).toBe(9000 + 40 * 100);
    const named = tables.flatMap((table) => table.files!.map((file) => file.key));
    expect((await visible(root)).sort()).toEqual(named.sort());
    expect(
      await askFiles(
        root,
        named,
        'SELECT count(*), count(*) FILTER (WHERE id IS NOT NULL) FROM (SELECT id FROM $files)',
      ),
    ).toEqual([['13000', '13000']]);
  });
});
