import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PIPELINE } from '../../src/access/authorize.ts';
import type { AuditedColumn } from '../../src/campus/campus-schema.ts';
import { campusSchema } from '../../src/campus/campus-schema.ts';
import { readGroups } from '../../src/early-warning/groups.ts';
import { abroca } from '../../src/early-warning/metrics/abroca.ts';
import { rocAuc } from '../../src/early-warning/metrics/ranking.ts';
import type { TableVersion } from '../../src/ports/tables.ts';
import { openTestLake, type TestLake } from '../platform/local/duckdb/lake-folder.ts';

const cases = fc
  .array(fc.record({ score: fc.constantFrom(0.1, 0.3, 0.5, 0.9), bad: fc.boolean() }), { maxLength: 20 })
  .map((some) => [...some, { score: 0.2, bad: false }, { score: 0.4, bad: true }]);

describe('The area between two ROC curves', () => {
  it('is as large as the difference of the AUC at least, and the same both ways', () => {
    fc.assert(
      fc.property(cases, cases, (a, b) => {
        const area = abroca(a, b);
        expect(area).toBeGreaterThanOrEqual(Math.abs(rocAuc(a) - rocAuc(b)) - 1e-12);
        expect(area).toBeLessThanOrEqual(1);
        expect(area).toBeCloseTo(abroca(b, a), 12);
        expect(abroca(a, a)).toBe(0);
      }),
    );
  });

  it('sees curves that cross although their AUC are equal', () => {
    const of = (...order: string[]) => order.map((kind, i) => ({ score: -i, bad: kind === 'b' }));
    // Both have an AUC of a half; one finds a bad case first and last, the other two in the middle.
    const [outer, inner] = [of('b', 'g', 'g', 'b'), of('g', 'b', 'b', 'g')];
    expect(rocAuc(outer)).toBe(rocAuc(inner));
    expect(abroca(outer, inner)).toBe(0.5);
  });

  it('is one where one group is ranked right and the other wrong', () => {
    const right = [
      { score: 1, bad: true },
      { score: 0, bad: false },
    ];
    expect(
      abroca(
        right,
        right.map(({ score, bad }) => ({ score: -score, bad })),
      ),
    ).toBe(1);
  });
});

describe('What early warning is audited by', () => {
  let lake: TestLake;
  let tables: Record<string, TableVersion>;
  beforeAll(async () => {
    lake = await openTestLake();
    const columns = ['spriden_id', 'sex', 'pell'].map((name) => ({ name, type: 'varchar' as const }));
    const rows = [
      ['S1', 'F', 'Y'],
      ['S2', 'M', null],
    ];
    tables = { 'sis.spbpers': await lake.engine.literalTable('sis.spbpers', columns, rows, 'v') };
  });
  afterAll(() => lake.close());

  const read = (audit?: AuditedColumn[]) =>
    readGroups(
      { session: PIPELINE, campus: { earlyWarning: audit && { audit } }, platform: { engine: lake.engine } },
      tables,
    );
  const own = { table: 'sis.spbpers', person: 'spriden_id' };

  it('is what campus.yaml names, whatever its columns are called', async () => {
    const groups = await read([
      { ...own, name: 'gender', column: 'sex' },
      { ...own, name: 'Pell', column: 'pell' },
    ]);
    expect([...groups].map(([name, values]) => [name, [...values].sort()])).toEqual([
      [
        'gender',
        [
          ['S1', 'F'],
          ['S2', 'M'],
        ],
      ],
      ['Pell', [['S1', 'Y']]],
    ]);
  });

  it('is nothing where nothing is named and the lake has none of the default', async () => {
    expect((await read()).size).toBe(0);
  });

  it.each([
    [{ ...own, name: 'gender', column: 'sexx' }, /sis\.spbpers has no column sexx/, /did you mean sex\?/],
    [{ ...own, name: 'gender', column: 'sex', person: 'id' }, /has no column id/, /steward/],
    [
      { ...own, name: 'gender', column: 'sex', table: 'sis.spbper' },
      /no table sis\.spbper/,
      /did you mean sis\.spbpers\?/,
    ],
  ])('an unknown column or table is reported', async (audited, message, hint) => {
    await expect(read([audited])).rejects.toMatchObject({
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
      about: 'campus.yaml, earlyWarning.audit: gender',
    });
  });

  it('takes only names that can stand in a query', () => {
    const { audit } = campusSchema.shape.earlyWarning.unwrap().shape;
    const given = { ...own, name: 'gender', column: 'sex' };
    expect(audit.safeParse([given]).success).toBe(true);
    for (const bad of [{ column: 'sex; DROP' }, { table: 'spbpers' }, { person: "id'" }]) {
      expect(audit.safeParse([{ ...given, ...bad }]).success).toBe(false);
    }
  });
});
