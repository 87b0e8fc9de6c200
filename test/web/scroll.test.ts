import { describe, expect, it } from 'vitest';
import { firstRow, scrollHeight, topOf } from '../../web/page/query/scroll.ts';

describe('Scrolling very many rows', () => {
  it('stays below what a browser can lay out, and still reaches every row', () => {
    for (const rows of [1, 18, 1_000, 285_714, 1_000_000, 2_000_000]) {
      expect(scrollHeight(rows).height).toBeLessThanOrEqual(8_000_000);
      for (const row of [0, 1, Math.floor(rows / 2), rows - 18].filter((n) => n >= 0 && n <= rows - 18))
        expect(firstRow(topOf(row, rows), rows, 18)).toBe(row);
    }
    expect(firstRow(scrollHeight(1_000_000).height, 1_000_000, 18)).toBe(999_982);
    expect(firstRow(0, 0, 0)).toBe(0);
  });
});
