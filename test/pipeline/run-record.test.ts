import { describe, expect, it } from 'vitest';
import { nextRun, type RunRecord } from '../../src/pipeline/run-record.ts';

const NOW = Date.parse('2026-10-05T02:30:00Z');
const begun = (ms: number): RunRecord => ({
  run: 'r1',
  attempt: 1,
  status: 'running',
  startedAt: new Date(NOW + ms).toISOString(),
});
const HOUR = 3_600_000;

describe('An interrupted run', () => {
  it.each([
    ['five hours ago', -5 * HOUR, true],
    ['seven hours ago', -7 * HOUR, false],
    ['a minute ahead of a clock that was corrected', 60_000, true],
    ['an hour ahead', HOUR, false],
    ['a day ahead', 24 * HOUR, false],
    ['forty days ahead', 960 * HOUR, false],
  ])('that began %s is continued or not', (_when, ms, continued) => {
    expect(nextRun(begun(ms), NOW, false).run === 'r1').toBe(continued);
  });

  it('is continued as its next attempt, and a run that has ended is not', () => {
    const before = begun(-HOUR);
    expect(nextRun(before, NOW, false)).toEqual({ ...before, attempt: 2 });
    for (const status of ['succeeded', 'failed'] as const) {
      const next = nextRun({ ...before, status }, NOW, false);
      expect(next).toMatchObject({ attempt: 1, status: 'running', startedAt: '2026-10-05T02:30:00.000Z' });
      expect(next.run).toMatch(/^20261005T023000Z-[0-9a-f]{4}$/);
    }
  });

  it('is not continued where a new one is asked for', () => {
    expect(nextRun(begun(-HOUR), NOW, true)).toMatchObject({ attempt: 1, status: 'running' });
    expect(nextRun(begun(-HOUR), NOW, true).run).not.toBe('r1');
  });
});
