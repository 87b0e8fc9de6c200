import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lifeTable } from '../../../src/simulators/college/history.ts';

interface Thing {
  readonly id: bigint;
  readonly seconds: readonly number[];
  /** Index of the moment from which it is gone. */
  readonly gone: number | undefined;
}

const things = fc
  .array(
    fc.record({
      seconds: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 }),
      gone: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
    }),
    { maxLength: 12 },
  )
  .map((list): Thing[] => list.map((thing, i) => ({ id: BigInt(i), ...thing })));

function tableOf(list: readonly Thing[]) {
  const moments = (thing: Thing) =>
    [...new Set(thing.seconds)].sort((a, b) => a - b).map((second) => second * 1000);
  const goneAt = (thing: Thing) => (thing.gone === undefined ? undefined : moments(thing)[thing.gone]);
  const table = lifeTable({
    namespace: 'n',
    name: 't',
    columns: { id: 'bigint', at: 'timestamptz' },
    things: list,
    moments: (thing) => thing.seconds.map((second) => second * 1000),
    row: (thing, at) =>
      at >= (goneAt(thing) ?? Number.POSITIVE_INFINITY) ? undefined : { id: thing.id, at },
  });
  const expected = list.flatMap((thing) =>
    moments(thing)
      .filter((at) => at <= (goneAt(thing) ?? Number.POSITIVE_INFINITY))
      .map((at) =>
        at === goneAt(thing)
          ? { at, op: 'D', row: { id: thing.id } }
          : { at, op: 'U', row: { id: thing.id, at } },
      ),
  );
  return { table, expected: expected.sort((a, b) => a.at - b.at || Number(a.row.id - b.row.id)) };
}

describe('a table made from lives', () => {
  it('tells every change once, in order, and one deletion at most', () => {
    fc.assert(
      fc.property(things, (list) => {
        const { table, expected } = tableOf(list);
        expect([...table.changesBetween(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)]).toEqual(
          expected,
        );
      }),
    );
  });

  it('tells the same changes however the time is cut: after the first instant, up to and with the second', () => {
    fc.assert(
      fc.property(things, fc.array(fc.integer({ min: 0, max: 61_000 }), { maxLength: 6 }), (list, cuts) => {
        const { table, expected } = tableOf(list);
        const edges = [Number.NEGATIVE_INFINITY, ...cuts.sort((a, b) => a - b), Number.POSITIVE_INFINITY];
        const parts = edges.slice(1).map((upTo, i) => [...table.changesBetween(edges[i]!, upTo)]);
        expect(parts.flat()).toEqual(expected);
        parts.forEach((part, i) => {
          for (const { at } of part) expect(at > edges[i]! && at <= edges[i + 1]!).toBe(true);
        });
      }),
    );
  });

  it('refuses a moment between two seconds, which could not be told apart', () => {
    const table = lifeTable({
      namespace: 'n',
      name: 't',
      columns: { id: 'bigint' },
      things: [1n],
      moments: () => [1500.5],
      row: (id) => ({ id }),
    });
    expect(() => [...table.changesBetween(0, 1e6)]).toThrow(/whole second/);
  });
});
