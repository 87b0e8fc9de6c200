import { describe, expect, it } from 'vitest';
import { asTable, compare } from '../../../src/simulators/college/model/compare.ts';
import { endedEnrolments } from '../../../src/simulators/college/model/ended.ts';
import { type Ended, measure } from '../../../src/simulators/college/model/measure.ts';
import { MEASURED } from '../../../src/simulators/college/model/measured.ts';
import { makeWorld } from '../../../src/simulators/college/model/world.ts';

describe('calibration', () => {
  const generated = measure(endedEnrolments(makeWorld(11, 1000, undefined)), 'test', 'MIT');

  it('keeps every measure within its bound of the real students', () => {
    const rows = compare(MEASURED, generated);
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.filter(({ real, generated: made, bound }) => Math.abs(real - made) > bound)).toEqual([]);
  });

  it('names source and licence of what was measured', () => {
    expect(MEASURED.source).toContain('doi:10.1038/sdata.2017.171');
    expect(MEASURED.licence).toBe('CC BY 4.0');
    expect(MEASURED.enrolments).toBe(13_529);
  });

  it('measures by hand what can be reckoned by hand', () => {
    const piece = (due: number, handedIn: number | undefined, score?: number, timed = true) => ({
      due,
      handedIn,
      score,
      timed,
    });
    const ended: Ended[] = [
      // Hands in the first, skips the second, hands in the third a day late, and nothing after that.
      {
        result: 'Fail',
        registered: -5,
        withdrawn: undefined,
        length: 100,
        pieces: [piece(10, 9, 50), piece(20, undefined), piece(30, 31, 60), piece(40, undefined)],
      },
      {
        result: 'Pass',
        registered: -9,
        withdrawn: undefined,
        length: 100,
        pieces: [piece(10, 10, 80), piece(20, 25, 90, false)],
      },
      { result: 'Withdrawn', registered: 0, withdrawn: 15, length: 100, pieces: [piece(10, undefined)] },
    ];
    const { results, byResult, withdrawal } = measure(ended, 's', 'l');
    expect(results).toEqual({ Withdrawn: 0.3333, Fail: 0.3333, Pass: 0.3333, Distinction: 0 });
    expect(byResult.Fail).toMatchObject({ missing: 0.5, late: 0.5, gap: 0.5 });
    expect(byResult.Fail.stop[0]).toBe(0.75);
    expect(byResult.Fail.silent[0]).toBe(0.3);
    expect(byResult.Pass).toMatchObject({ missing: 0, late: 0, gap: 0 });
    expect(byResult.Withdrawn.missing).toBe(1);
    expect(withdrawal[0]).toBe(0.15);
  });

  it('prints one line for each measure', () => {
    const rows = compare(MEASURED, generated);
    expect(asTable(rows).split('\n')).toHaveLength(rows.length + 2);
  });
});
