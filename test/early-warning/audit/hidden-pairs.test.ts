import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Audit, auditGroups } from '../../../src/early-warning/audit/audit.ts';
import type { EvaluatedCase } from '../../../src/early-warning/figures.ts';
import { type CountedCell, rangeOf } from './cell-range.ts';
import { type Equation, solvedFor } from './reader.ts';

const LEAST = 10;
const NAMES = ['gender', 'origin', 'aid'] as const;

/** People who are alike in every attribute: how many failed, and how many got through. */
interface Alike {
  readonly groups: readonly string[];
  readonly bad: number;
  readonly good: number;
}

const count = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 9 }) },
  { weight: 5, arbitrary: fc.integer({ min: 10, max: 60 }) },
);

/** Two or three attributes of two to four groups; in some worlds the second lies within the first. */
const worlds: fc.Arbitrary<Alike[]> = fc
  .record({
    sizes: fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 2, maxLength: 3 }),
    nested: fc.boolean(),
  })
  .chain(({ sizes, nested }) => {
    const combinations = sizes.reduce<number[][]>(
      (before, size) => before.flatMap((own) => Array.from({ length: size }, (_, i) => [...own, i])),
      [[]],
    );
    const possible = nested ? combinations.filter(([first, second]) => first! <= second!) : combinations;
    return fc
      .array(fc.tuple(count, count), { minLength: possible.length, maxLength: possible.length })
      .map((counts) =>
        possible.map((own, i) => ({
          groups: own.map((group) => `g${group}`),
          bad: counts[i]![0],
          good: counts[i]![1],
        })),
      );
  });

function evaluatedOf(world: readonly Alike[]): {
  evaluated: EvaluatedCase[];
  groups: Map<string, Map<string, string>>;
} {
  const groups = new Map(
    NAMES.slice(0, world[0]!.groups.length).map((name) => [name, new Map<string, string>()]),
  );
  const evaluated = world.flatMap(({ groups: own, bad, good }, part) =>
    Array.from({ length: bad + good }, (_, i): EvaluatedCase => {
      const student = `${part}-${i}`;
      for (const [j, value] of own.entries()) groups.get(NAMES[j]!)!.set(student, value);
      const place = { isRule: false, isKnown: true, callPlace: 1, advisers: [] };
      const rivals = { courseRate: 0.4, lastScore: 50, missingShare: 0 };
      const score = ((i * 7 + part * 3) % 10) / 10;
      return { user: student, student, course: 'MAT', term: '26SP', bad: i < bad, score, rivals, ...place };
    }),
  );
  return { evaluated, groups };
}

/** All published numbers of people, of one outcome, as sums over people who are alike. */
function published(world: readonly Alike[], { rows, pairs }: Audit, outcome: 'bad' | 'good'): Equation[] {
  const of = (cases: number, bad: number) => (outcome === 'bad' ? bad : cases - bad);
  const total = world.reduce((sum, own) => sum + own[outcome], 0);
  return [
    { over: world.map(() => true), sum: total },
    ...rows.flatMap((row) => {
      const i = NAMES.indexOf(row.attribute as (typeof NAMES)[number]);
      if (row.hidden) return [];
      return [
        { over: world.map(({ groups }) => groups[i] === row.value), sum: of(row.cases, row.unsuccessful!) },
      ];
    }),
    ...pairs.flatMap(({ attributes, rows: cells }) => {
      const [i, j] = attributes.map((name) => NAMES.indexOf(name as (typeof NAMES)[number]));
      return cells.map(({ values: [one, other], cases, unsuccessful }) => ({
        over: world.map(({ groups }) => groups[i!] === one && groups[j!] === other),
        sum: of(cases, unsuccessful!),
      }));
    }),
  ];
}

/** What is not shown of two attributes together, and is too small to be: each combination, and each two in a line. */
function smallOnes(world: readonly Alike[], { pairs }: Audit): boolean[][] {
  return pairs.flatMap(({ attributes, rows }) => {
    const [i, j] = attributes.map((name) => NAMES.indexOf(name as (typeof NAMES)[number])) as [
      number,
      number,
    ];
    const cells = [...new Set(world.map(({ groups }) => JSON.stringify([groups[i], groups[j]])))]
      .map((text) => JSON.parse(text) as [string, string])
      .filter(([a, b]) => !rows.some(({ values }) => values[0] === a && values[1] === b))
      .map(([a, b]) => world.map(({ groups }) => groups[i] === a && groups[j] === b));
    const unions = cells.flatMap((one, k) =>
      cells.slice(k + 1).map((other) => one.map((is, at) => is || other[at]!)),
    );
    return [...cells, ...unions].filter((over) => {
      const { bad, good } = sumOver(world, over);
      return bad + good > 0 && Math.min(bad, good) < LEAST;
    });
  });
}

/** What is not shown of the first two attributes; of groups that are hidden only their sum is known. */
function hiddenCells(world: readonly Alike[], audit: Audit, outcome: 'bad' | 'good'): CountedCell[] {
  const [pair] = audit.pairs;
  const told = (i: number, value: string) =>
    audit.rows.some((row) => row.attribute === NAMES[i] && row.value === value && !row.hidden)
      ? value
      : 'hidden';
  const cells = new Map<string, CountedCell>();
  for (const { groups, ...counts } of world) {
    if (pair!.rows.some(({ values }) => values.join() === groups.join())) continue;
    const [row, column] = [told(0, groups[0]!), told(1, groups[1]!)];
    const before = cells.get(row + column)?.count ?? 0;
    cells.set(row + column, { row, column, count: before + counts[outcome] });
  }
  return [...cells.values()];
}

function sumOver(world: readonly Alike[], over: readonly boolean[]): { bad: number; good: number } {
  const own = world.filter((_, i) => over[i]);
  const sum = (of: (one: Alike) => number) => own.reduce((before, one) => before + of(one), 0);
  return { bad: sum(({ bad }) => bad), good: sum(({ good }) => good) };
}

/** A reader may know which combinations nobody is in. */
const inhabited = (world: readonly Alike[]) => world.filter(({ bad, good }) => bad + good > 0);
const isWhole = (world: readonly Alike[]) => {
  const { bad, good } = sumOver(
    world,
    world.map(() => true),
  );
  return Math.min(bad, good) >= LEAST;
};

describe('Of two attributes together', () => {
  it('no number of too few people can be solved for, from these, other tables, each attribute and the totals', () => {
    let shown = 0;
    fc.assert(
      fc.property(
        worlds.map(inhabited).filter((world) => world.length > 1 && isWhole(world)),
        (world) => {
          const { evaluated, groups } = evaluatedOf(world);
          const audit = auditGroups(evaluated, groups, { share: 0.2 });
          shown += audit.pairs.reduce((sum, { rows }) => sum + rows.length, 0);
          for (const outcome of ['bad', 'good'] as const) {
            const equations = published(world, audit, outcome);
            for (const over of smallOnes(world, audit)) expect(solvedFor(equations, over)).toBeUndefined();
          }
          for (const { rows } of audit.pairs) {
            for (const { cases, unsuccessful } of rows) {
              expect(Math.min(unsuccessful!, cases - unsuccessful!)).toBeGreaterThanOrEqual(LEAST);
            }
          }
        },
      ),
      { numRuns: 40 },
    );
    expect(shown).toBeGreaterThan(40);
  });

  it('no such number is known to within less than ten', () => {
    const two = worlds.filter((world) => world[0]!.groups.length === 2).map(inhabited);
    fc.assert(
      fc.property(
        two.filter((world) => world.length > 1 && isWhole(world)),
        (world) => {
          const { evaluated, groups } = evaluatedOf(world);
          const audit = auditGroups(evaluated, groups, { share: 0.2 });
          if (audit.pairs.every(({ withheld }) => withheld)) return;
          for (const outcome of ['bad', 'good'] as const) {
            const cells = hiddenCells(world, audit, outcome);
            for (const cell of cells.filter(({ count }) => count < LEAST)) {
              expect(rangeOf(cells, cell)).toBeGreaterThanOrEqual(LEAST);
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  const world = (counts: readonly (readonly [string, string, number, number])[]) =>
    counts.map(([one, other, bad, good]): Alike => ({ groups: [one, other], bad, good }));
  const auditOf = (of: readonly Alike[]) => {
    const { evaluated, groups } = evaluatedOf(of);
    return auditGroups(evaluated, groups, { share: 0.2 });
  };

  it('every combination is shown where all are large, with every figure', () => {
    const { pairs } = auditOf(
      world([
        ['f', 'x', 20, 30],
        ['f', 'y', 15, 40],
        ['m', 'x', 25, 25],
        ['m', 'y', 12, 50],
      ]),
    );
    expect(pairs).toHaveLength(1);
    expect(pairs[0]).toMatchObject({ attributes: ['gender', 'origin'], hidden: 0, withheld: false });
    expect(pairs[0]!.rows.map(({ values }) => values.join())).toEqual(['f,x', 'f,y', 'm,x', 'm,y']);
    const [first] = pairs[0]!.rows;
    expect(first).toMatchObject({ cases: 50, unsuccessful: 20, base: 0.4 });
    for (const name of [
      'listed',
      'missed',
      'recall',
      'falselyListed',
      'precision',
      'calibrationGap',
      'auc',
      'abroca',
    ]) {
      expect(first, name).toHaveProperty(name, expect.any(Number));
    }
    expect(first!.recall + first!.missed).toBeCloseTo(1, 12);
  });

  it('two by two with one small combination is withheld whole, for each row has two only', () => {
    const { pairs, rows } = auditOf(
      world([
        ['f', 'x', 20, 30],
        ['f', 'y', 3, 40],
        ['m', 'x', 25, 25],
        ['m', 'y', 12, 50],
      ]),
    );
    expect(rows.every(({ hidden }) => !hidden)).toBe(true);
    expect(pairs).toMatchObject([{ rows: [], hidden: 4, withheld: true }]);
  });

  it('a small one takes three others with it, the smallest, and the rest is shown', () => {
    const { pairs } = auditOf(
      world([
        ['f', 'x', 3, 40],
        ['f', 'y', 30, 40],
        ['f', 'z', 60, 60],
        ['m', 'x', 40, 40],
        ['m', 'y', 20, 25],
        ['m', 'z', 70, 60],
        ['o', 'x', 50, 55],
        ['o', 'y', 52, 50],
        ['o', 'z', 60, 80],
      ]),
    );
    expect(pairs[0]!.rows.map(({ values }) => values.join())).toEqual(['f,z', 'm,z', 'o,x', 'o,y', 'o,z']);
    expect(pairs[0]).toMatchObject({ hidden: 4, withheld: false });
  });

  it('an attribute is hidden whole where it differs from another by a few people', () => {
    // All who are Hispanic by the one are so by the other, which counts three more of them.
    const { rows } = auditOf(
      world([
        ['hispanic', 'yes', 40, 60],
        ['white', 'yes', 2, 1],
        ['white', 'no', 60, 90],
      ]),
    );
    expect(rows.map(({ attribute, hidden }) => `${attribute} ${hidden}`)).toEqual([
      'gender false',
      'gender false',
      'origin true',
      'origin true',
    ]);
  });
});
