import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PrefixTree } from '../../src/alerts/index/prefix-tree.ts';
import { QueryIndex } from '../../src/alerts/index/query-index.ts';
import { execute } from '../../src/alerts/language/interpreter.ts';
import {
  and,
  FALSE,
  matches,
  not,
  or,
  type Query,
  type Tags,
  TRUE,
} from '../../src/alerts/language/query.ts';
import { propertyRuns } from '../property-runs.ts';

const KEYS = ['name', 'course', 'student', 'a'];
const VALUES = ['', 'a', 'ab', 'abc', 'b', 'ba', 'Ä', 'ab1'];
const key = fc.constantFrom(...KEYS);
const value = fc.constantFrom(...VALUES);
const leaf: fc.Arbitrary<Query> = fc.oneof(
  fc.constantFrom(TRUE, FALSE),
  fc.record({ kind: fc.constant('has' as const), key }),
  fc.record({
    kind: fc.constantFrom(
      ...(['eq', 'eq', 'eq', 'lt', 'le', 'gt', 'ge', 'contains', 'starts', 'ends'] as const),
    ),
    key,
    value,
  }),
  fc
    .record({
      kind: fc.constantFrom(...(['re', 'reic'] as const)),
      key,
      value: fc.constantFrom('a', 'ab*', 'a?b', 'ab+', 'b|a', 'a.', 'ab{0}c?', ''),
    })
    .map((one): Query => ({ ...one, pattern: new RegExp(`^${one.value}`, one.kind === 're' ? 'u' : 'iu') })),
  fc.record({ kind: fc.constant('in' as const), key, values: fc.array(value, { maxLength: 4 }) }),
);
const query: fc.Arbitrary<Query> = fc.letrec<{ query: Query }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.tuple(tie('query'), tie('query')).map(([a, b]) => and(a, b)),
    fc.tuple(tie('query'), tie('query')).map(([a, b]) => or(a, b)),
    tie('query').map(not),
  ),
})).query;
const tags: fc.Arbitrary<Tags> = fc
  .array(fc.tuple(key, value), { maxLength: 4 })
  .map((pairs) => new Map(pairs));

describe('The query index', () => {
  it('finds exactly the queries that match, while queries come and go', () => {
    fc.assert(
      fc.property(
        fc.array(query, { maxLength: 20 }),
        fc.array(tags, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(19), { maxLength: 10 }),
        (queries, ids, removed) => {
          const index = new QueryIndex<number>();
          const there = new Map<number, Query>();
          const check = () => {
            for (const id of ids) {
              const found = index.find(id).sort((a, b) => a - b);
              const expected = [...there].filter(([, one]) => matches(one, id)).map(([i]) => i);
              expected.sort((a, b) => a - b);
              if (found.join() !== expected.join()) expect(found).toEqual(expected);
            }
          };
          for (const [i, one] of queries.entries()) {
            index.add(one, i);
            there.set(i, one);
            if (i % 7 === 0) check();
          }
          check();
          for (const i of removed) {
            expect(index.remove(i)).toBe(there.delete(i));
            check();
          }
          // One that is there already goes to its new query.
          if (there.size > 0) {
            const [first] = there.keys();
            index.add(TRUE, first!);
            there.set(first!, TRUE);
            check();
          }
          for (const i of there.keys()) index.remove(i);
          there.clear();
          check();
          expect(index.size).toBe(0);
        },
      ),
      { numRuns: propertyRuns(200) },
    );
  });

  it('finds a query once although several of its parts match', () => {
    const index = new QueryIndex<string>();
    index.add(execute('a,1,:eq,b,2,:eq,:or,c,:has,:or')[0] as Query, 'x');
    expect(
      index.find(
        new Map([
          ['a', '1'],
          ['b', '2'],
          ['c', '3'],
        ]),
      ),
    ).toEqual(['x']);
  });

  it('asks a query of very many parts itself', () => {
    const index = new QueryIndex<string>();
    const many = Array.from({ length: 10 }, (_, i) => `k${i},(,1,2,3,4,),:in`);
    index.add(execute(`${many.join(',')}${',:and'.repeat(9)}`)[0] as Query, 'wide');
    const id = new Map(Array.from({ length: 10 }, (_, i) => [`k${i}`, String((i % 4) + 1)] as const));
    expect(index.find(id)).toEqual(['wide']);
    expect(index.find(new Map([...id].slice(1)))).toEqual([]);
    expect(index.remove('wide')).toBe(true);
    expect(index.find(id)).toEqual([]);
  });

  it('forgets what it knows of a value when a check comes', () => {
    const index = new QueryIndex<string>();
    index.add(execute('a,x,:starts')[0] as Query, 'first');
    const id = new Map([['a', 'xyz']]);
    expect(index.find(id)).toEqual(['first']);
    index.add(execute('a,z,:ends')[0] as Query, 'second');
    expect(index.find(id).sort()).toEqual(['first', 'second']);
    index.remove('first');
    expect(index.find(id)).toEqual(['second']);
  });
});

describe('The prefix tree', () => {
  it('gives what a value begins with, and is empty when all is gone', () => {
    fc.assert(
      fc.property(fc.array(value), value, (prefixes, text) => {
        const tree = new PrefixTree<number>();
        for (const [i, prefix] of prefixes.entries()) tree.add(prefix, i);
        const expected = prefixes.flatMap((prefix, i) => (text.startsWith(prefix) ? [i] : []));
        expect(tree.under(text).sort((a, b) => a - b)).toEqual(expected);
        for (const [i, prefix] of prefixes.entries()) tree.remove(prefix, i);
        expect(tree.isEmpty).toBe(true);
      }),
      { numRuns: propertyRuns(200) },
    );
  });
});
