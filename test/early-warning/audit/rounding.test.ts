import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditGroups } from '../../../src/early-warning/audit/audit.ts';
import { roundedFigures, type Tally } from '../../../src/early-warning/audit/group-figures.ts';
import { possible, safeStep } from '../../../src/early-warning/audit/rounding.ts';
import type { EvaluatedCase } from '../../../src/early-warning/figures.ts';

const tally = (cases: number, bad: number, badListed: number, listed: number): Tally => ({
  cases,
  bad,
  badListed,
  listed,
  predicted: 0.4,
  auc: 0.8,
});
const tallies = fc
  .record({ bad: fc.integer({ min: 10, max: 25 }), good: fc.integer({ min: 10, max: 25 }) })
  .chain(({ bad, good }) =>
    fc
      .tuple(fc.integer({ min: 0, max: bad }), fc.integer({ min: 0, max: good }))
      .map(([found, wrong]) => tally(bad + good, bad, found, found + wrong)),
  );

describe('Rounded shares', () => {
  it('leave as many outcomes open as a reader finds who tries all of them', () => {
    fc.assert(
      fc.property(tallies, fc.constantFrom(0.01, 0.05, 0.1), (own, step) => {
        const shown = roundedFigures(own, step);
        const found: number[] = [];
        for (let bad = 10; bad <= own.cases - 10; bad++) {
          for (let badListed = 0; badListed <= bad; badListed++) {
            for (let listed = badListed; listed <= own.cases - bad + badListed; listed++) {
              const other = roundedFigures(tally(own.cases, bad, badListed, listed), step);
              const same = (['listed', 'missed', 'falselyListed', 'precision'] as const).every(
                (name) => shown[name] === other[name],
              );
              if (same) found.push(bad);
            }
          }
        }
        expect(possible(shown, step)).toEqual({ from: Math.min(...found), to: Math.max(...found) });
      }),
      { numRuns: 15 },
    );
  });

  it('get coarser as long as they tell more of the total than may be known, and are then not shown', () => {
    const own = [tally(200, 80, 40, 60), tally(150, 50, 20, 30)];
    const finest = own.map((one) => possible(roundedFigures(one, 0.01), 0.01));
    const at = { from: finest[0]!.from + finest[1]!.from, to: finest[0]!.to + finest[1]!.to };
    expect(safeStep([own], 0, at)).toBe(0.01);
    expect(safeStep([own], 0, { from: at.from, to: at.to + 1 })).toBeGreaterThan(0.01);
    expect(safeStep([own], 0, { from: 0, to: 350 })).toBeUndefined();
    // What is hidden may have any outcomes.
    expect(safeStep([own], 60, { from: at.from + 10, to: at.to + 50 })).toBe(0.01);
  });

  it('of two models on the same people leave open what both leave open', () => {
    const [one, other] = [tally(200, 80, 40, 60), tally(200, 80, 23, 41)];
    const ranges = [one, other].map((own) => possible(roundedFigures(own, 0.01), 0.01));
    const both = {
      from: Math.max(...ranges.map(({ from }) => from)),
      to: Math.min(...ranges.map(({ to }) => to)),
    };
    expect(safeStep([[one], [other]], 0, both)).toBe(0.01);
    for (const wider of [
      { ...both, to: both.to + 1 },
      { ...both, from: both.from - 1 },
    ]) {
      expect(safeStep([[one], [other]], 0, wider)).not.toBe(0.01);
    }
    expect(ranges).not.toEqual([both, both]);
  });

  it('of two attributes together are rounded too where the few who handed in nothing would follow', () => {
    const evaluated = ['fx', 'fy', 'mx', 'my'].flatMap((group) =>
      Array.from({ length: 90 }, (_, i): EvaluatedCase => {
        const isRule = i < 8;
        const place = { isRule, isKnown: true, callPlace: i, advisers: [] };
        const rivals = { courseRate: 0.4, lastScore: 50, missingShare: 0 };
        const student = `${group}${i}`;
        // All but two of those with nothing in failed.
        const bad = isRule ? !(group === 'fx' && i < 2) : i % 3 === 0;
        return {
          user: student,
          student,
          course: 'MAT',
          term: 'T',
          bad,
          score: (i % 9) / 10,
          rivals,
          ...place,
        };
      }),
    );
    const value = (at: number) => new Map(evaluated.map(({ student }) => [student!, student![at]!]));
    const { pairs, rows } = auditGroups(
      evaluated,
      new Map([
        ['a', value(0)],
        ['b', value(1)],
      ]),
      { share: 0.2 },
    );
    for (const row of [...rows, ...pairs[0]!.rows]) {
      expect(row).not.toHaveProperty('unsuccessful');
      expect(row).not.toHaveProperty('base');
      expect(row).not.toHaveProperty('missedFrom');
      expect(Math.round(100 * row.missed!) / 100).toBe(row.missed);
    }
    expect(pairs[0]!.rows.length).toBe(4);
  });
});
