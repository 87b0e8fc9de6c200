import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CellPlace, solvableCells } from '../../../src/privacy/small-numbers/bridges.ts';
import { codedShare } from '../../../src/privacy/small-numbers/code-share.ts';
import { type Cell, totalsOf } from '../../../src/privacy/small-numbers/margins.ts';
import { furthest } from '../../../src/privacy/small-numbers/solver.ts';
import { suppress } from '../../../src/privacy/small-numbers/suppress.ts';
import { propertyRuns } from '../../property-runs.ts';
import { determinedByGauss } from './gauss.ts';

const table = (rows: readonly (readonly number[])[]): Cell[] =>
  rows.flatMap((row, r) => row.map((count, c) => ({ key: [`r${r}`, `c${c}`], count })));

/** A table in which each line hides two cells or none, and one hidden cell can still be computed. */
const WORKED = [
  [3, 12, 30, 25],
  [14, 21, 4, 40],
  [33, 28, 7, 16],
  [22, 35, 19, 11],
];
const HIDDEN: CellPlace[] = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
  [2, 2],
  [2, 3],
  [3, 2],
  [3, 3],
  [1, 2],
];

describe('Two hidden cells in each line are not enough', () => {
  it('the graph of rows and columns and Gauss find the same cell', () => {
    for (const line of [0, 1, 2, 3])
      for (const dimension of [0, 1] as const)
        expect(HIDDEN.filter((place) => place[dimension] === line).length).toBeGreaterThanOrEqual(2);
    expect(solvableCells(HIDDEN).map((i) => HIDDEN[i])).toEqual([[1, 2]]);
    const cells = table(WORKED);
    const hidden = new Set(HIDDEN.map(([r, c]) => 4 * r + c));
    expect(determinedByGauss(cells, hidden)).toEqual([6]);
  });

  it('so further cells are hidden until nothing can be computed', async () => {
    const cells = table(WORKED);
    const { hidden, exposed } = await suppress(cells, 10);
    for (const small of [0, 6, 10]) expect(hidden.has(small)).toBe(true);
    expect([exposed, determinedByGauss(cells, hidden).filter((i) => cells[i]!.count < 10)]).toEqual([[], []]);
    expect(hidden.size).toBeLessThanOrEqual(10);
  });
});

describe('Whoever knows all totals', () => {
  const dimensions = fc.tuple(
    fc.integer({ min: 2, max: 4 }),
    fc.integer({ min: 2, max: 4 }),
    fc.integer({ min: 1, max: 2 }),
  );
  const count = fc.oneof(
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 12 }) },
    { weight: 3, arbitrary: fc.integer({ min: 10, max: 200 }) },
  );
  const cube = dimensions.chain(([a, b, c]) =>
    fc.array(count, { minLength: a * b * c, maxLength: a * b * c }).map((counts) =>
      counts.map((each, i): Cell => {
        const key = [`a${i % a}`, `b${Math.floor(i / a) % b}`];
        return { key: c > 1 ? [...key, `c${Math.floor(i / (a * b))}`] : key, count: each };
      }),
    ),
  );

  it('learns no small cell by Gauss, and by linear programs no more than that it is small, or than the totals say', async () => {
    await fc.assert(
      fc.asyncProperty(cube, async (cells) => {
        const { hidden, exposed } = await suppress(cells, 10);
        const small = cells.flatMap((cell, i) => (cell.count > 0 && cell.count < 10 ? [i] : []));
        for (const i of small) expect(hidden.has(i)).toBe(true);
        expect(
          determinedByGauss(cells, hidden).filter((i) => small.includes(i) && !exposed.includes(i)),
        ).toEqual([]);
        const movable = (isOpen: (i: number) => boolean) => ({
          fall: cells.map((cell, i) => (isOpen(i) ? cell.count : 0)),
          rise: cells.map((cell, i) => (isOpen(i) && cell.count > 0 ? 10_000 : 0)),
          totals: totalsOf(cells),
        });
        for (const i of small) {
          for (const [up, wanted] of [
            [true, 9 - cells[i]!.count],
            [false, cells[i]!.count - 1],
          ] as const) {
            const least = Math.min(
              wanted,
              await furthest(
                movable(() => true),
                i,
                up,
              ),
            );
            expect(
              await furthest(
                movable((at) => hidden.has(at)),
                i,
                up,
              ),
            ).toBeGreaterThanOrEqual(least - 1e-4);
          }
        }
      }),
      { numRuns: propertyRuns(12) },
    );
  });

  it('hides nothing where nothing is small', async () => {
    expect(
      await suppress(
        table([
          [10, 0],
          [200, 11],
        ]),
        10,
      ),
    ).toEqual({ hidden: new Set(), exposed: [] });
  });

  it('learns a cell that is alone in its line, which is said', async () => {
    expect(
      (
        await suppress(
          table([
            [3, 0],
            [20, 30],
          ]),
          10,
        )
      ).exposed,
    ).toEqual([0]);
  });
});

it.each([
  [0.5, 100, 0.5],
  [0.01, 100, 0.1],
  [0.99, 100, 0.9],
  [0.074, 1000, 0.07],
  [0, 1000, 0.01],
  [1, 33, 0.69],
  [0.5, 20, null],
  [0.5, 0, null],
])('a share of %d of %d people is shown as %s', (share, of, shown) => {
  expect(codedShare(share, of, 10)).toBe(shown);
});
