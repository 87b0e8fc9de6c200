import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CountedCell, rangeOf } from './cell-range.ts';

/** Every table with the same sums of rows and columns, by trying. */
function* alike(cells: readonly CountedCell[], before: readonly number[] = []): Generator<readonly number[]> {
  const at = before.length;
  const left = (line: 'row' | 'column', name: string) =>
    cells.reduce((sum, cell, i) => (cell[line] === name ? sum + cell.count - (before[i] ?? 0) : sum), 0);
  if (at === cells.length) {
    if (cells.every(({ row, column }) => left('row', row) === 0 && left('column', column) === 0))
      yield before;
    return;
  }
  const { row, column } = cells[at]!;
  const most = Math.min(left('row', row), left('column', column));
  for (let count = 0; count <= most; count++) yield* alike(cells, [...before, count]);
}

const tables = fc
  .array(fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }), { minLength: 9, maxLength: 9 })
  .map((counts) =>
    counts.flatMap((count, i): CountedCell[] =>
      count === undefined ? [] : [{ row: `r${Math.floor(i / 3)}`, column: `c${i % 3}`, count }],
    ),
  )
  .filter(({ length }) => length > 0 && length < 8);

describe('How much is known of a hidden cell', () => {
  it('is as found by trying every table with the same sums', () => {
    fc.assert(
      fc.property(tables, (cells) => {
        const all = [...alike(cells)];
        cells.forEach((cell, i) => {
          const counts = all.map((own) => own[i]!);
          expect(rangeOf(cells, cell)).toBe(Math.max(...counts) - Math.min(...counts));
        });
      }),
      { numRuns: 60 },
    );
  });
});
