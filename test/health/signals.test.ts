import { describe, expect, it } from 'vitest';
import { sourceClocks } from '../../src/health/signals/clocks.ts';
import { usualRows } from '../../src/health/signals/volumes.ts';
import { runStamp } from '../../src/ports/ledger.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-11-30T02:30:00Z');

describe('Clocks', () => {
  /** A run that began then, in which each source was so many hours behind the lake. */
  const run = (at: number, behind: { readonly [source: string]: number }) =>
    Object.entries(behind).map(([source, hours]) => ({
      id: `${runStamp(at)}-0000:${source}.t`,
      run: `${runStamp(at)}-0000`,
      dataset: `${source}.t`,
      source,
      watermark: new Date(at - hours * HOUR).toISOString(),
      committed_at: new Date(at + 60_000).toISOString(),
    }));
  const found = (behind: { readonly [source: string]: number }, usual = { canvas: 2, sis: 0 }) => {
    const loads = [...run(NOW - DAY, usual), ...run(NOW, behind)];
    return sourceClocks(loads, [], `${runStamp(NOW)}-0000`).map(({ code, source }) => `${code} ${source}`);
  };

  it.each([
    [{ canvas: 2, sis: 0 }, []],
    [{ canvas: 7, sis: 0.05 }, []],
    [{ canvas: 30, sis: 0 }, ['source-lags canvas']],
    [{ canvas: 2, sis: 9 }, ['source-lags sis']],
    [{ canvas: 12, sis: 20 }, ['source-lags canvas', 'source-lags sis']],
    [{ canvas: 2, sis: -1 }, ['source-clock sis']],
    [{ canvas: 5, sis: 3 }, ['lake-clock ']],
    [{ canvas: -46, sis: -48 }, ['lake-clock ']],
    [{ sis: 3 }, []],
    [{}, []],
  ])('with sources %j hours behind tell %j', (behind, codes) => {
    expect(found(behind)).toEqual(codes);
  });

  it('tell nothing of a source that has always been so, nor by a run that was reported', () => {
    expect(found({ canvas: 900, sis: 0 }, { canvas: 900, sis: 0 })).toEqual([]);
    const loads = [
      ...run(NOW - 2 * DAY, { sis: 0 }),
      ...run(NOW - DAY, { sis: 12 }),
      ...run(NOW, { sis: 13 }),
    ];
    const reported = [{ id: 'a', run: `${runStamp(NOW - DAY)}-0000`, code: 'source-lags' }];
    const id = `${runStamp(NOW)}-0000`;
    expect(sourceClocks(loads, reported, id).map(({ code }) => code)).toEqual(['source-lags']);
    expect(sourceClocks(loads, [], id)).toEqual([]);
    expect(sourceClocks(run(NOW, { sis: 13 }), [], id)).toEqual([]);
  });
});

describe('Sizes of loads', () => {
  const loads = (kind: string, rows: readonly number[]) =>
    rows.map((count, i) => ({ at: NOW - (i + 1) * 7 * DAY, kind, rows: count }));
  const usual = (kind: string, rows: number) =>
    usualRows({ at: NOW, kind, rows }, loads(kind, [1000, 1010, 1020, 1030, 1040]));

  it('that are half of the usual are unusual where a table comes whole, and not where changes come', () => {
    expect(usual('snapshot', 500)).toBe(1020);
    expect(usual('snapshot', 900)).toBeUndefined();
    expect(usual('snapshot', 2000)).toBeUndefined();
    expect(usual('snapshot', 4000)).toBe(1020);
    expect(usual('increment', 500)).toBeUndefined();
    expect(usual('increment', 100)).toBe(1020);
  });
});
