import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  finish,
  KILLED_ROWS,
  KILLED_TABLES,
  kill,
  replicateInProcess,
  visible,
  type Work,
} from '../../platform/local/replication/killing.ts';
import {
  allOf,
  askFiles,
  type SisFixture,
  startSisFixture,
} from '../../platform/local/replication/sis-fixture.ts';

let sis: SisFixture;

beforeAll(async () => {
  sis = await startSisFixture();
  await sis.admin.query(KILLED_TABLES);
});
afterAll(() => sis?.stop());

describe('A replicator that is killed', () => {
  it('leaves whole files only, and the next one brings the load to its end', async () => {
    const root = await sis.lake();
    const request = { source: 'sis', load: 'l', prefix: 'raw/sis/l', mappings: allOf('k') };
    const work: Work = { root, source: { ...sis.source, maxConnections: 2 }, request };
    const child = await replicateInProcess(work);
    while ((await visible(root)).length < 3 && child.exitCode === null) await sleep(2);
    await kill(child);

    const left = await visible(root);
    expect(left.length).toBeGreaterThan(0);
    for (const key of left) {
      expect(await askFiles(root, [key], 'SELECT count(*) > 0 FROM $files')).toEqual([[true]]);
    }
    const tables = await finish(work);

    const named = tables.flatMap((table) => table.files!.map((file) => file.key));
    expect(tables.reduce((sum, table) => sum + table.rows!, 0)).toBe(KILLED_ROWS);
    expect((await visible(root)).sort()).toEqual(named.sort());
    expect(await askFiles(root, named, 'SELECT count(id) FROM $files')).toEqual([[String(KILLED_ROWS)]]);
  });
});
