import { describe, expect, it } from 'vitest';
import { lobColumnsOf, lobMaxSizeOf, lobPlan, memoryOfClass } from '../../src/sis/lob-memory.ts';

const needs = { memoryMb: 1024, sources: 1, maxLobKb: 31, connections: 8, lobColumns: [] as number[] };
const text = { type: 'varchar', privacy: 'none' } as const;

describe('memory of DMS', () => {
  it.each([
    ['dms.t3.micro', 1024],
    ['dms.t3.medium', 4096],
    ['dms.c6i.large', 4096],
    ['dms.r5.xlarge', 32_768],
    ['dms.r6i.4xlarge', 131_072],
    ['dms.x9.large', undefined],
    ['dms.r5.metal', undefined],
  ])('of %s is %s MB', (instance, mb) => expect(memoryOfClass(instance)).toBe(mb));

  it('counts as LOBs the texts and binary values that leave the source, of the tables that have the most', () => {
    const dataset = (columns: object[]) => ({ columns }) as never;
    const few = dataset([
      { name: 'a', ...text },
      { name: 'n', type: 'bigint', privacy: 'none' },
    ]);
    const many = dataset([
      { name: 'a', ...text },
      { name: 'b', type: 'varbinary', privacy: 'none' },
      { name: 'ssn', type: 'varchar', privacy: 'secret' },
      { name: 'digits', ...text, copyAs: 'text' },
    ]);
    const campus = { privacy: { defaults: {} } } as never;

    expect(lobColumnsOf(campus, [few, many])).toEqual([2, 1]);
    expect(
      lobColumnsOf(
        campus,
        Array.from({ length: 60 }, () => few),
      ),
    ).toHaveLength(49);
  });

  it('is not asked for more than half of, whatever the tables, the limit and the sources that share it', () => {
    for (const memoryMb of [1024, 2048, 4096, 16_384])
      for (const sources of [1, 2, 5])
        for (const maxLobKb of [1, 31, 256])
          for (const widest of [1, 5, 20, 80]) {
            const lobColumns = Array.from({ length: 49 }, (_, i) => Math.max(1, widest - i));
            const plan = lobPlan({ memoryMb, sources, maxLobKb, connections: 16, lobColumns });
            const allocated = (lobMaxSizeOf(maxLobKb) * plan.commitRate * plan.lobColumns) / 1024;
            if (plan.fits) expect(allocated).toBeLessThanOrEqual(memoryMb / 2 / sources);
            expect(plan.tablesAtOnce).toBeGreaterThanOrEqual(1);
            expect(plan.tablesAtOnce).toBeLessThanOrEqual(16);
            expect(plan.commitRate).toBeGreaterThanOrEqual(100);
          }
  });

  it('takes fewer rows together first, then fewer tables at once, and says where nothing helps', () => {
    expect(lobPlan(needs)).toMatchObject({ tablesAtOnce: 8, commitRate: 10_000, needsMb: 0, fits: true });
    expect(lobPlan({ ...needs, lobColumns: [1, 1, 1] })).toMatchObject({ tablesAtOnce: 8, commitRate: 2818 });
    expect(lobPlan({ ...needs, lobColumns: [9, 9, 9, 9] })).toMatchObject({
      tablesAtOnce: 1,
      commitRate: 939,
      fits: true,
    });
    expect(lobPlan({ ...needs, lobColumns: [90], maxLobKb: 500 }).fits).toBe(false);
    expect(lobPlan({ ...needs, lobColumns: [90], maxLobKb: 500, memoryMb: 32_768 }).fits).toBe(true);
  });
});
