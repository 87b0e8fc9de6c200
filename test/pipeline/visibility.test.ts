import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { delayOf, delaysOf, Visibility } from '../../src/pipeline/live/visibility.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { CommitCounter, joinedTimes } from '../../src/platform/local/replication/changes/commit-counter.ts';
import { propertyRuns } from '../property-runs.ts';

const NOON = Date.UTC(2026, 10, 30, 12);
const iso = (ms: number) => new Date(ms).toISOString();

describe('How late changes are seen', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'visibility-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is told by the change in the middle and the one that 95 of 100 are not later than', () => {
    const commits = Array.from({ length: 100 }, (_, i) => [NOON - i * 1000, 1] as const);
    expect(delayOf(delaysOf(commits, NOON))).toEqual({ changes: 100, p50: 49, p95: 94, max: 99 });
    expect(delayOf(delaysOf([[NOON - 9000, 5]], NOON))).toEqual({ changes: 5, p50: 9, p95: 9, max: 9 });
    // The clock of the source is ahead.
    expect(delayOf(delaysOf([[NOON + 3000, 1]], NOON))).toMatchObject({ p50: 0 });
    expect(delayOf([])).toBeUndefined();
  });

  it('is counted in few slots of time, however long nobody has looked, and no change is lost', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(3 * 86_400_000), fc.integer({ min: 1, max: 9 })), { maxLength: 900 }),
        (all) => {
          const counter = new CommitCounter();
          for (const [ago, changes] of all) counter.add(NOON - ago, changes);
          const { times } = counter;
          const sum = (of: readonly (readonly [number, number])[]) =>
            of.reduce((n, [, changes]) => n + changes, 0);
          expect(times.length).toBeLessThanOrEqual(256);
          expect(sum(times)).toBe(sum(all));
          expect(times).toEqual(times.toSorted(([a], [b]) => a - b));
          expect(sum(joinedTimes([times, undefined, times]))).toBe(2 * sum(all));
          const latest = Math.max(...times.map(([at]) => at));
          if (all.length > 0) expect(latest).toBeLessThanOrEqual(NOON - Math.min(...all.map(([ago]) => ago)));
        },
      ),
      { numRuns: propertyRuns(60) },
    );
  });

  it('has a row for each table and five minutes in the ledger', async () => {
    const ledger = openLocalLedger(folder);
    const visibility = new Visibility(ledger);
    const see = (n: number, at: number) =>
      visibility.saw(
        { load: `20261130T1200${n}0Z-live-000${n}`, publishedAt: iso(at), asOf: iso(at - 1000) },
        [{ dataset: 'sis.a', commits: [[at - 10_000 * n, 3]] }],
      );
    await see(1, NOON);
    await see(2, NOON + 60_000);
    expect(await ledger.rows('visibility')).toEqual([]);
    await see(3, NOON + 301_000);
    await visibility.flush();
    await visibility.flush();
    expect(await ledger.rows('visibility')).toEqual([
      expect.objectContaining({
        table_name: 'sis.a',
        publications: 2,
        changes: 6,
        p50_seconds: 10,
        p95_seconds: 20,
      }),
      expect.objectContaining({
        publications: 1,
        changes: 3,
        max_seconds: 30,
        data_as_of: iso(NOON + 300_000),
      }),
    ]);
  });
});
