import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { filesToMerge } from '../../../../src/platform/local/duckdb/delta-tiers.ts';
import { storageOf } from '../../../../src/platform/local/duckdb/storage.ts';
import { propertyRuns } from '../../../property-runs.ts';
import { openTestLake, specOf, type TestLake } from './lake-folder.ts';

const SPEC = specOf('canvas.things', [{ name: 'id', type: 'bigint' }]);

let lake: TestLake | undefined;
afterEach(() => lake?.close());

it('compacts changes among themselves once they lie in too many files, and into a new base when they are a large share of it', async () => {
  const deltasAfter = async (
    compaction: { share: number; files: number; smallBase: number },
    merges: number,
    id = (n: number) => `v${n}`,
  ) => {
    await lake?.close();
    lake = await openTestLake({ compaction });
    const load = async (n: number) =>
      lake!.writeRaw(`load-${n}`, [{ ts: `2026-01-0${n}T00:00:00Z`, action: 'U', key: { id: BigInt(n) } }]);
    let { version } = await lake.engine.replace(SPEC, [await load(1)], 'v1');
    const deltas: number[] = [];
    for (let n = 2; n < merges + 2; n++) {
      ({ version } = await lake.engine.merge(version, SPEC, [await load(n)], id(n)));
      const storage = storageOf(version);
      deltas.push(storage.kind === 'merged' ? storage.deltas.length : -1);
    }
    return deltas;
  };

  expect(await deltasAfter({ share: 1000, files: 3, smallBase: 0 }, 5)).toEqual([1, 2, 3, 1, 2]);
  expect(await deltasAfter({ share: 2, files: 1000, smallBase: 0 }, 3)).toEqual([1, 2, 0]);
  expect(await deltasAfter({ share: 1000, files: 1000, smallBase: 1 }, 1)).toEqual([0]);
  const live = (n: number) => `20260101T0000${n}0Z-live-abcd`;
  expect(await deltasAfter({ share: 1000, files: 1000, smallBase: 1 }, 2, live)).toEqual([1, 2]);
});

it('reads at most four files of changes, and writes a change few times however many come', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 2000 }),
      fc.integer({ min: 1, max: 5 }),
      (loads, most) => {
        let files: number[] = [];
        let written = 0;
        for (const added of loads) {
          const kept = files.length - filesToMerge(files, added, most);
          const file = files.slice(kept).reduce((sum, rows) => sum + rows, added);
          files = [...files.slice(0, kept), file];
          written += file;
          expect(files.length).toBeLessThanOrEqual(most);
        }
        const all = loads.reduce((sum, rows) => sum + rows, 0);
        expect(files.reduce((sum, rows) => sum + rows, 0)).toBe(all);
        if (most >= 4) expect(written).toBeLessThan(all * 25);
      },
    ),
    { numRuns: propertyRuns(60) },
  );
});
