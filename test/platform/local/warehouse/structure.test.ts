import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  changeOf,
  type RowFacts,
  type Structure,
  wantedStructure,
} from '../../../../src/platform/local/warehouse/structure.ts';

const facts = (longest: number): RowFacts => ({ longest: { mark: longest }, withNulls: [], keyHolds: true });
const structure = (longest: number, now?: Structure) =>
  wantedStructure([{ name: 'mark', type: 'varchar' }], { key: [], filled: [] }, facts(longest), now);
const typeOf = (made: Structure) => made.columns[0]!.type;

describe('the length of a text column', () => {
  it('leaves room for texts twice as long, and never cuts one', () => {
    expect([0, 16, 17, 300, 40_000, 70_000].map((longest) => typeOf(structure(longest)))).toEqual([
      'character varying(32)',
      'character varying(32)',
      'character varying(64)',
      'character varying(1024)',
      'character varying(65535)',
      'character varying',
    ]);
  });

  it('stays while texts fit, and widens without touching a row when one does not', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000), { minLength: 1 }), (nights) => {
        let now: Structure | undefined;
        for (const longest of nights) {
          const next = structure(longest, now);
          const length = Number(/\d+/.exec(typeOf(next))?.[0] ?? Number.POSITIVE_INFINITY);
          expect(length).toBeGreaterThanOrEqual(longest);
          const change = now && changeOf(now, next);
          expect(change?.remake ?? []).toEqual([]);
          if (now && longest <= Number(/\d+/.exec(typeOf(now))?.[0] ?? Number.POSITIVE_INFINITY))
            expect(change).toBeUndefined();
          now = next;
        }
      }),
    );
  });
});

describe('how a table changes', () => {
  const column = (name: string, type = 'bigint', notNull = false) => ({ name, type, notNull });

  it('is by the columns that differ', () => {
    const now = {
      columns: [column('a', 'bigint', true), column('b'), column('c', 'numeric(5,2)'), column('d')],
      key: ['a'],
    };
    const wanted = {
      columns: [
        column('d', 'date'),
        column('a', 'bigint', true),
        column('c', 'numeric(7,2)'),
        column('e', 'bigint', true),
      ],
      key: ['a', 'e'],
    };

    expect(changeOf(now, wanted)).toEqual({
      add: [column('e', 'bigint', true)],
      drop: ['b'],
      remake: [column('d', 'date')],
      widen: [column('c', 'numeric(7,2)')],
      setNotNull: ['e'],
      dropNotNull: [],
      dropKey: true,
      addKey: true,
    });
  });

  it('makes the key again where one of its columns is made again', () => {
    const now = { columns: [column('a', 'bigint', true)], key: ['a'] };
    const wanted = { columns: [column('a', 'date', true)], key: ['a'] };

    expect(changeOf(now, wanted)).toMatchObject({ dropKey: true, addKey: true, setNotNull: ['a'] });
  });

  it('is none where only the order of columns differs', () => {
    const columns = [column('a'), column('b')];
    expect(changeOf({ columns, key: [] }, { columns: columns.toReversed(), key: [] })).toBeUndefined();
  });

  it('drops what the rows do not hold to', () => {
    const wanted = wantedStructure(
      [
        { name: 'a', type: 'bigint' },
        { name: 'b', type: 'decimal(4,1)' },
      ],
      { key: ['a'], filled: ['a', 'b'] },
      { longest: {}, withNulls: ['b'], keyHolds: false },
    );

    expect(wanted).toEqual({ columns: [column('a', 'bigint', true), column('b', 'numeric(4,1)')], key: [] });
  });
});
