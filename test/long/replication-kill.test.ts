import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  finish,
  KILLED_ROWS,
  KILLED_TABLES,
  kill,
  replicateInProcess,
  visible,
  type Work,
} from '../platform/local/replication/killing.ts';
import {
  allOf,
  askFiles,
  type SisFixture,
  startSisFixture,
} from '../platform/local/replication/sis-fixture.ts';

const KILLS = 30;

describe('A replicator that is killed at any moment', () => {
  let sis: SisFixture;

  beforeAll(async () => {
    sis = await startSisFixture();
    await sis.admin.query(KILLED_TABLES);
  });
  afterAll(() => sis?.stop());

  it(`comes to the same end, ${KILLS} times`, async () => {
    const moments = fc.sample(fc.integer({ min: 0, max: 1200 }), { numRuns: KILLS, seed: 20_260_105 });
    for (const [i, ms] of moments.entries()) {
      const root = await sis.lake();
      const load = `l${i}`;
      const request = { source: 'sis', load, prefix: `raw/sis/${load}`, mappings: allOf('k') };
      const work: Work = { root, source: { ...sis.source, maxConnections: 2 }, request };
      const child = await replicateInProcess(work);
      await sleep(ms);
      await kill(child);

      for (const key of await visible(root)) {
        const whole = await askFiles(root, [key], 'SELECT count(*) > 0 FROM $files');
        expect(whole, `${key}, killed after ${ms} ms`).toEqual([[true]]);
      }
      const tables = await finish(work);

      const named = tables.flatMap((table) => table.files!.map((file) => file.key));
      expect((await visible(root)).sort()).toEqual(named.sort());
      expect(await askFiles(root, named, 'SELECT count(id) FROM $files')).toEqual([[String(KILLED_ROWS)]]);
    }
    const { rows } = await sis.admin.query(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'lake'`,
    );
    expect(rows[0].n).toBe(0);
  });
});
