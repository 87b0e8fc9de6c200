import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partsOf } from '../../../../src/platform/local/replication/parts.ts';
import { loadFileName } from '../../../../src/platform/local/replication/table-copy.ts';
import type { MappedTable } from '../../../../src/sis/mapping/evaluate.ts';
import { sisTable } from '../../../sis/mapping/sis-table.ts';

const table = (
  name: string,
  pages: number,
  loadOrder = 0,
  kind: 'table' | 'view' = 'table',
): MappedTable => ({
  source: sisTable(`s.${name}`, { pages, kind }),
  schema: 's',
  name,
  columns: [],
  loadOrder,
});

describe('Parts', () => {
  it('cover every page once, whatever the size of the table and the number of readers', () => {
    const pages = fc.oneof(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: 2_000_000 }));
    fc.assert(
      fc.property(pages, fc.integer({ min: 1, max: 16 }), (size, readers) => {
        const parts = partsOf([table('t', size)], readers, true);
        if (parts.length === 1 && parts[0]!.pages === undefined) return;

        const ranges = parts.map((part) => part.pages!);
        expect(parts.map((part) => part.index)).toEqual(ranges.map((_, i) => i));
        expect(ranges.map((range) => range.from)).toEqual([
          0,
          ...ranges.slice(0, -1).map((range) => range.to),
        ]);
        expect(ranges.filter((range) => (range.to ?? size) <= range.from)).toEqual([]);
        expect(ranges.at(-1)!.to).toBeUndefined();
        expect(parts.length % readers).toBe(0);
      }),
    );
  });

  it('are taken up by load order, then the largest table first', () => {
    const tables = [
      table('small', 1),
      table('big', 90_000),
      table('wanted', 2, 5),
      table('view', 0, 0, 'view'),
    ];

    const order = [...new Set(partsOf(tables, 2, true).map((part) => part.table.name))];

    expect(order).toEqual(['wanted', 'big', 'small', 'view']);
  });

  it('are whole tables where the server would read all of it for each range', () => {
    expect(partsOf([table('big', 90_000)], 4, false)).toHaveLength(1);
  });

  it('are named as DMS names them', () => {
    expect([1, 10, 255, 4096].map(loadFileName)).toEqual([
      'LOAD00000001.parquet',
      'LOAD0000000A.parquet',
      'LOAD000000FF.parquet',
      'LOAD00001000.parquet',
    ]);
  });
});
