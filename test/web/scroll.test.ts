import { describe, expect, it } from 'vitest';
import { firstRow, stageHeight, topOf } from '../../web/page/query/scroll.ts';

const [VISIBLE, ROOM] = [18, 548];

describe('Scrolling very many rows', () => {
  it('stays below what a browser can lay out, and still reaches every row, the last ones too', () => {
    for (const rows of [1, 18, 19, 1_000, 285_714, 1_000_000, 2_000_000]) {
      const height = stageHeight(rows, VISIBLE, ROOM);
      expect(height).toBeLessThan(8_001_000);
      for (const row of [0, 1, Math.floor(rows / 2), rows - VISIBLE]) {
        if (row < 0 || row > rows - VISIBLE) continue;
        // A browser scrolls no further than this.
        const top = Math.min(topOf(row, rows), height - ROOM);
        expect(firstRow(top, rows, VISIBLE)).toBe(row);
      }
    }
    expect(firstRow(0, 0, 0)).toBe(0);
  });
});
