import { afterEach, expect, it } from 'vitest';
import { storageOf } from '../../../../src/platform/local/duckdb/storage.ts';
import { openTestLake, specOf, type TestLake } from './lake-folder.ts';

const SPEC = specOf('canvas.things', [{ name: 'id', type: 'bigint' }]);

let lake: TestLake | undefined;
afterEach(() => lake?.close());

it('compacts changes into a new base once they lie in too many files, and when they are a large share of it', async () => {
  const deltasAfter = async (
    compaction: { share: number; files: number; smallBase: number },
    merges: number,
  ) => {
    await lake?.close();
    lake = await openTestLake({ compaction });
    const load = async (n: number) =>
      lake!.writeRaw(`load-${n}`, [{ ts: `2026-01-0${n}T00:00:00Z`, action: 'U', key: { id: BigInt(n) } }]);
    let { version } = await lake.engine.replace(SPEC, [await load(1)], 'v1');
    const deltas: number[] = [];
    for (let n = 2; n < merges + 2; n++) {
      ({ version } = await lake.engine.merge(version, SPEC, [await load(n)], `v${n}`));
      const storage = storageOf(version);
      deltas.push(storage.kind === 'merged' ? storage.deltas.length : -1);
    }
    return deltas;
  };

  expect(await deltasAfter({ share: 1000, files: 3, smallBase: 0 }, 5)).toEqual([1, 2, 3, 0, 1]);
  expect(await deltasAfter({ share: 2, files: 1000, smallBase: 0 }, 3)).toEqual([1, 2, 0]);
  expect(await deltasAfter({ share: 1000, files: 1000, smallBase: 1 }, 1)).toEqual([0]);
});
