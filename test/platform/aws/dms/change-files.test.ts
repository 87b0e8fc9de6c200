import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hourBefore,
  isChangeFile,
  lookAfter,
  taking,
} from '../../../../src/platform/aws/dms/change-files.ts';

const nameAt = (ms: number) => {
  const digits = new Date(ms).toISOString().replaceAll(/\D/g, '');
  return `${digits.slice(0, 8)}-${digits.slice(8)}.parquet`;
};
const FOLDER = 'raw/sis-changes/g/REG/FEE/';

describe('change files', () => {
  it('are told from those of a full load, and by the time in their names', () => {
    expect(['20211123-013830913.parquet', 'LOAD00000001.parquet', 'manifest.json'].map(isChangeFile)).toEqual(
      [true, false, false],
    );
    expect(hourBefore('20260101-003000250.parquet')).toBe('20251231-233000250.parquet');
  });

  it('are each taken once, also where S3 shows one up to an hour late, and few names are remembered', () => {
    const start = Date.UTC(2026, 10, 22);
    // Minutes at which files are written, and how many minutes later each is seen.
    const files = fc.array(
      fc.record({ at: fc.integer({ min: 0, max: 600 }), late: fc.integer({ min: 0, max: 59 }) }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(files, fc.integer({ min: 1, max: 200 }), (written, step) => {
        const all = [...new Map(written.map((file) => [nameAt(start + file.at * 60_000), file]))];
        let feed = { generation: 'g', taken: [] as string[] };
        const took: string[] = [];
        for (let now = 0; now <= 660 + step; now += step) {
          const shown = all.filter(([, { at, late }]) => at + late <= now).map(([name]) => FOLDER + name);
          const after = lookAfter(FOLDER, feed);
          const listed = shown.filter((key) => after === undefined || key > after).sort();
          const fresh = listed
            .map((key) => key.slice(FOLDER.length))
            .filter((name) => !feed.taken.includes(name));
          took.push(...fresh);
          feed = taking(feed, fresh);
          const oldest = feed.taken[0];
          if (oldest !== undefined) expect(oldest >= hourBefore(feed.taken.at(-1)!)).toBe(true);
        }
        expect([...took].sort()).toEqual(all.map(([name]) => name).sort());
      }),
    );
  });
});
