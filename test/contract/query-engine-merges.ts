import { expect, it } from 'vitest';
import type { LakeType } from '../../src/campus/lake-type.ts';
import type { Cell } from '../../src/ports/query-engine.ts';
import { pseudonymOf } from '../../src/privacy/pseudonym.ts';
import { specOf } from '../platform/local/duckdb/lake-folder.ts';
import { at, type OpenHome, PSEUDONYM_KEYS, TABLE, THINGS } from './query-engine-home.ts';

/** A column's type and a value of it, the type and a value that meet it, the type that holds both, and its values. */
export type Widening = [LakeType, unknown, LakeType, unknown, LakeType, Cell[]];

export const WIDENINGS: readonly Widening[] = [
  ['integer', 7, 'bigint', 21070000000000001n, 'bigint', [7n, 21070000000000001n]],
  ['integer', 7, 'double', 1.5, 'double', [7, 1.5]],
  ['decimal(5,2)', 1.25, 'decimal(8,3)', 12345.125, 'decimal(8,3)', ['1.250', '12345.125']],
  ['bigint', 21070000000000001n, 'double', 1.5, 'varchar', ['21070000000000001', '1.5']],
  ['varchar', 'seven', 'integer', 7, 'varchar', ['seven', '7']],
  [
    'date',
    '2026-01-31',
    'timestamp',
    '2026-02-01T10:00:00Z',
    'timestamp',
    ['2026-01-31 00:00:00.000', '2026-02-01 10:00:00.000'],
  ],
  ['timestamp', '2026-02-01T10:00:00.5Z', 'varchar', 'soon', 'varchar', ['2026-02-01 10:00:00.5', 'soon']],
];

/** How changes come to a table: which of them count, and columns that change with them. */
export function mergesContract(home: OpenHome): void {
  const { raw, fresh, rows, things } = home;

  it('gives a table other columns and leaves nothing of the old ones, nor brings removed rows back', async () => {
    const wide = specOf(TABLE, [
      { name: 'id', type: 'bigint' },
      { name: 'text', type: 'varchar' },
      { name: 'address', type: 'varchar' },
    ]);
    const columns = [
      { name: 'id', type: 'bigint' },
      { name: 'text', type: 'varchar' },
      { name: 'later', type: 'integer' },
    ] as const;
    const first = await raw(
      [1n, 2n].map((id) => ({ ts: at(1), key: { id }, value: { text: `v${id}`, address: '192.0.2.1' } })),
    );
    const second = await raw([
      { ts: at(3), action: 'D', key: { id: 2n } },
      { ts: at(3), action: 'U', key: { id: 3n }, value: { text: 'v3', address: '192.0.2.1' } },
    ]);
    const stale = await raw([{ ts: at(2), action: 'U', key: { id: 2n }, value: { text: 'stale' } }]);
    const before = (await home.engine.replace(wide, [first], fresh())).version;
    const merged = (await home.engine.merge(before, wide, [second], fresh())).version;

    const narrow = await home.engine.withColumns(merged, columns, fresh());
    const late = await home.engine.merge(narrow, specOf(TABLE, columns), [stale], fresh());

    const after = [
      [1n, 'v1', null],
      [3n, 'v3', null],
    ];
    expect([narrow.rows, narrow.columns]).toEqual([2, columns]);
    const all = `SELECT * FROM ${TABLE} ORDER BY id`;
    expect(await rows(all, { [TABLE]: narrow })).toEqual(after);
    expect(await rows(all, { [TABLE]: late.version })).toEqual(after);
    expect(await rows(`SELECT count(address) FROM ${TABLE}`, { [TABLE]: merged })).toEqual([[2n]]);
  });

  it('re-keys the pseudonyms of a table, into those that a later load brings', async () => {
    const columns = [
      { name: 'id', type: 'bigint' },
      { name: 'person', type: 'varchar' },
    ] as const;
    const old = (id: string) => pseudonymOf(id, 'person', PSEUDONYM_KEYS.slice(0, 1));
    const first = await raw([
      { ts: at(1), key: { id: 1n }, value: { person: old('S1') } },
      { ts: at(1), key: { id: 2n }, value: { person: null } },
    ]);
    const second = await raw([{ ts: at(2), action: 'U', key: { id: 3n }, value: { person: ' s1 ' } }]);
    const before = (await home.engine.replace(specOf(TABLE, columns), [first], fresh())).version;

    const rekeyed = await home.engine.withColumns(before, columns, fresh(), undefined, {
      made: 1,
      kinds: { person: 'person' },
    });
    const pseudonym = { ...columns[1], treatment: 'pseudonym', pseudonymKind: 'person' } as const;
    const spec = specOf(TABLE, [columns[0], pseudonym]);
    const { version } = await home.engine.merge(rekeyed, spec, [second], fresh());

    const now = pseudonymOf('S1', 'person', PSEUDONYM_KEYS);
    expect(now).toMatch(/^v2-[0-9a-f]{32}$/);
    expect(await rows(`SELECT * FROM ${TABLE} ORDER BY id`, { [TABLE]: version })).toEqual([
      [1n, now],
      [2n, null],
      [3n, now],
    ]);
  });

  it('merges: the newest wins, a removal removes, and what came once changes nothing when it comes again', async () => {
    const first = await raw(
      [1n, 2n, 3n].map((id) => ({ ts: at(1), key: { id }, value: { text: `v${id}` } })),
    );
    const second = await raw([
      { ts: at(3), action: 'U', key: { id: 1n }, value: { text: 'changed' } },
      { ts: at(3), action: 'D', key: { id: 2n } },
      { ts: at(3), action: 'U', key: { id: 4n }, value: { text: 'new' } },
      { ts: at(3), action: 'D', key: { id: 9n } },
    ]);
    const stale = await raw([
      { ts: at(2), action: 'U', key: { id: 1n }, value: { text: 'stale' } },
      { ts: at(2), action: 'U', key: { id: 2n }, value: { text: 'stale' } },
      { ts: at(2), action: 'U', key: { id: 9n }, value: { text: 'stale' } },
    ]);
    const back = await raw([{ ts: at(4), action: 'U', key: { id: 2n }, value: { text: 'back' } }]);

    const before = (await home.engine.replace(THINGS, [first], fresh())).version;
    const merged = await home.engine.merge(before, THINGS, [second], fresh());
    const again = await home.engine.merge(merged.version, THINGS, [second, first], fresh());
    const late = await home.engine.merge(again.version, THINGS, [stale], fresh());
    const returned = await home.engine.merge(late.version, THINGS, [back], fresh());

    const after = [
      [1n, 'changed'],
      [3n, 'v3'],
      [4n, 'new'],
    ];
    expect([merged.read, merged.upserted, merged.deleted, merged.version.rows]).toEqual([4, 2, 1, 3]);
    expect(await things(merged.version)).toEqual(after);
    expect([again.upserted, again.deleted, again.version.rows]).toEqual([0, 0, 3]);
    expect([late.upserted, late.deleted]).toEqual([0, 0]);
    expect(await things(late.version)).toEqual(after);
    expect(await things(returned.version)).toEqual([after[0], [2n, 'back'], after[1], after[2]]);
    // Whoever still reads the version before sees what it was.
    expect(await things(before)).toEqual([1n, 2n, 3n].map((id) => [id, `v${id}`]));
  });

  it('lets the later load win where two commits share an instant, and takes what comes again for what it is', async () => {
    const told = (id: bigint, text?: string) =>
      text === undefined
        ? { ts: at(1), action: 'D' as const, key: { id } }
        : { ts: at(1), action: 'U' as const, key: { id }, value: { text } };
    const first = await raw([told(1n, 'a'), told(2n, 'b'), told(3n, 'c')]);
    const second = await raw([told(1n, 'changed'), told(2n), told(3n, 'c')]);
    const third = await raw([told(2n, 'back'), told(3n, 'c')]);

    const before = (await home.engine.replace(THINGS, [first], fresh())).version;
    const tied = await home.engine.merge(before, THINGS, [second], fresh());
    const again = await home.engine.merge(tied.version, THINGS, [second], fresh());
    const returned = await home.engine.merge(again.version, THINGS, [third], fresh());

    expect(await things(tied.version)).toEqual([
      [1n, 'changed'],
      [3n, 'c'],
    ]);
    expect([tied.deleted, tied.version.rows]).toEqual([1, 2]);
    expect([again.upserted, again.deleted, again.version]).toEqual([0, 0, tied.version]);
    expect(await things(returned.version)).toEqual([
      [1n, 'changed'],
      [2n, 'back'],
      [3n, 'c'],
    ]);
    expect(returned.version.rows).toBe(3);
  });

  it('knows a row by all columns of its key, through removals and returns', async () => {
    const spec = specOf(
      TABLE,
      [
        { name: 'id', type: 'bigint' },
        { name: 'login', type: 'varchar' },
        { name: 'text', type: 'varchar' },
      ],
      { key: ['id', 'login'] },
    );
    const day = (n: number, ...records: [bigint, string, string?][]) =>
      raw(
        records.map(([id, login, text]) => ({
          ts: at(n),
          action: text === undefined ? 'D' : 'U',
          key: { id, login },
          ...(text === undefined ? {} : { value: { text } }),
        })),
      );
    const { version } = await home.engine.replace(
      spec,
      [await day(1, [1n, 'a', '1a'], [1n, 'b', '1b'])],
      fresh(),
    );
    const nights = [
      { files: await day(2, [1n, 'a'], [2n, 'b', '2b']), counts: [1, 1, 2], left: ['1b', '2b'] },
      { files: await day(3, [1n, 'a', 'back'], [1n, 'b']), counts: [1, 1, 2], left: ['back', '2b'] },
      {
        files: await day(4, [1n, 'b'], [1n, 'a', 'again'], [2n, 'a'], [2n, 'b', 'new']),
        counts: [2, 0, 2],
        left: ['again', 'new'],
      },
    ];
    let current = version;
    for (const { files, counts, left } of nights) {
      const merged = await home.engine.merge(current, spec, [files], fresh());
      current = merged.version;
      expect([merged.upserted, merged.deleted, current.rows]).toEqual(counts);
      const shown = await rows(`SELECT text FROM ${TABLE} ORDER BY id, login`, { [TABLE]: current });
      expect(shown.flat()).toEqual(left);
    }
  });

  it('makes the same version of a merge that is done again from the same one', async () => {
    const first = await raw([1n, 2n].map((id) => ({ ts: at(1), key: { id }, value: { text: 'x' } })));
    const second = await raw([
      { ts: at(2), action: 'D', key: { id: 1n } },
      { ts: at(2), action: 'U', key: { id: 3n }, value: { text: 'y' } },
    ]);
    const before = (await home.engine.replace(THINGS, [first], fresh())).version;
    const id = fresh();

    const once = await home.engine.merge(before, THINGS, [second], id);
    const twice = await home.engine.merge(before, THINGS, [second], id);

    expect({ ...twice, version: twice.version.rows }).toEqual({ ...once, version: once.version.rows });
    expect(await things(twice.version)).toEqual(await things(once.version));
    expect(await things(twice.version)).toEqual([
      [2n, 'x'],
      [3n, 'y'],
    ]);
  });

  it.each(WIDENINGS)('widens %s (%s) met by %s (%s) to %s', async (from, old, to, met, wider, values) => {
    const spec = (type: LakeType) =>
      specOf(TABLE, [
        { name: 'id', type: 'bigint' },
        { name: 'x', type },
      ]);
    const first = await raw([{ ts: at(1), key: { id: 1n }, value: { x: old } }]);
    const second = await raw([{ ts: at(2), action: 'U', key: { id: 2n }, value: { x: met } }]);

    const { version } = await home.engine.replace(spec(from), [first], fresh());
    const merged = (await home.engine.merge(version, spec(to), [second], fresh())).version;

    expect(merged.columns.find(({ name }) => name === 'x')?.type).toBe(wider);
    const found = await rows(`SELECT x FROM ${TABLE} ORDER BY id`, { [TABLE]: merged });
    expect(found.map(([x]) => x)).toEqual(values);
  });

  it('adds a column (null in old rows) and keeps one that vanished (null in new rows)', async () => {
    const before = specOf(TABLE, [
      { name: 'id', type: 'bigint' },
      { name: 'gone', type: 'varchar' },
    ]);
    const after = specOf(TABLE, [
      { name: 'id', type: 'bigint' },
      { name: 'new', type: 'boolean' },
    ]);
    const first = await raw([1n, 2n].map((id) => ({ ts: at(1), key: { id }, value: { gone: `x${id}` } })));
    const second = await raw([{ ts: at(2), action: 'U', key: { id: 2n }, value: { new: true } }]);

    const { version } = await home.engine.replace(before, [first], fresh());
    const merged = (await home.engine.merge(version, after, [second], fresh())).version;

    expect(await rows(`SELECT * FROM ${TABLE} ORDER BY id`, { [TABLE]: merged })).toEqual([
      [1n, 'x1', null],
      [2n, null, true],
    ]);
    expect(await rows(`SELECT * FROM ${TABLE} ORDER BY id`, { [TABLE]: version })).toEqual([
      [1n, 'x1'],
      [2n, 'x2'],
    ]);
  });

  it('makes an empty table of no files, to which changes can come', async () => {
    const empty = (await home.engine.replace(THINGS, [], fresh())).version;
    const file = await raw([{ ts: at(1), action: 'U', key: { id: 1n }, value: { text: 'x' } }]);
    const merged = (await home.engine.merge(empty, THINGS, [file], fresh())).version;

    expect([empty.rows, merged.rows]).toEqual([0, 1]);
    expect(await things(empty)).toEqual([]);
    expect(await things(merged)).toEqual([[1n, 'x']]);
  });
}
