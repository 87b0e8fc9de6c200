import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LakeType } from '../../../../src/campus/lake-type.ts';
import type { Cell, TableVersion } from '../../../../src/platform/ports.ts';
import { openTestLake, specOf, type TestLake } from './lake-folder.ts';

const TABLE = 'canvas.things';
const at = (day: number) => `2026-01-0${day}T00:00:00Z`;

describe.each([
  ['kept beside the base', { share: 9, files: 9, smallBase: 0 }],
  ['folded into the base', { share: 0, files: 0, smallBase: 0 }],
])('a schema that changes, with changes %s', (_, fold) => {
  let lake: TestLake;
  beforeAll(async () => {
    lake = await openTestLake({ fold });
  });
  afterAll(() => lake.close());
  /** Tables made by one test must not meet those of another. */
  let made = 0;

  /** A table with one column `x` of a type, then merged with rows in which it has another. */
  async function retyped(
    from: LakeType,
    before: unknown,
    to: LakeType,
    after: unknown,
  ): Promise<TableVersion> {
    made += 1;
    const first = await lake.writeRaw(`a${made}`, [{ ts: at(1), key: { id: 1n }, value: { x: before } }]);
    const second = await lake.writeRaw(`b${made}`, [
      { ts: at(2), action: 'U', key: { id: 2n }, value: { x: after } },
    ]);
    const spec = (type: LakeType) =>
      specOf(TABLE, [
        { name: 'id', type: 'bigint' },
        { name: 'x', type },
      ]);
    const { version } = await lake.engine.replace(spec(from), [first], `v${made}`);
    return (await lake.engine.merge(version, spec(to), [second], `w${made}`)).version;
  }

  const xs = async (version: TableVersion): Promise<Cell[]> =>
    (await lake.rows(`SELECT x FROM ${TABLE} ORDER BY id`, { [TABLE]: version })).map(([x]) => x!);

  it.each<[LakeType, unknown, LakeType, unknown, LakeType, Cell[]]>([
    ['integer', 7, 'bigint', 21070000000000001n, 'bigint', [7n, 21070000000000001n]],
    ['bigint', 21070000000000001n, 'integer', 7, 'bigint', [21070000000000001n, 7n]],
    ['integer', 7, 'double', 1.5, 'double', [7, 1.5]],
    ['decimal(5,2)', 1.25, 'decimal(8,3)', 12345.125, 'decimal(8,3)', ['1.250', '12345.125']],
    ['bigint', 21070000000000001n, 'double', 1.5, 'varchar', ['21070000000000001', '1.5']],
    ['integer', 7, 'varchar', 'seven', 'varchar', ['7', 'seven']],
    ['varchar', 'seven', 'integer', 7, 'varchar', ['seven', '7']],
    ['boolean', true, 'varchar', 'yes', 'varchar', ['true', 'yes']],
    [
      'date',
      '2026-01-31',
      'timestamp',
      '2026-02-01T10:00:00Z',
      'timestamp',
      ['2026-01-31 00:00:00.000', '2026-02-01 10:00:00.000'],
    ],
  ])('widens %s (%s) met by %s (%s) to %6$s', async (from, before, to, after, wider, values) => {
    const version = await retyped(from, before, to, after);

    expect(version.columns.find(({ name }) => name === 'x')?.type).toBe(wider);
    expect(await xs(version)).toEqual(values);
  });

  it('adds a column (null in old rows) and keeps one that vanished (null in new rows)', async () => {
    // Prepare
    const before = specOf(TABLE, [
      { name: 'id', type: 'bigint' },
      { name: 'gone', type: 'varchar' },
    ]);
    const after = specOf(TABLE, [
      { name: 'id', type: 'bigint' },
      { name: 'new', type: 'boolean' },
    ]);
    const first = await lake.writeRaw('a', [
      { ts: at(1), key: { id: 1n }, value: { gone: 'x' } },
      { ts: at(1), key: { id: 2n }, value: { gone: 'y' } },
    ]);
    const second = await lake.writeRaw('b', [
      { ts: at(2), action: 'U', key: { id: 2n }, value: { new: true } },
    ]);

    // Act
    const { version } = await lake.engine.replace(before, [first], 'v1');
    const merged = (await lake.engine.merge(version, after, [second], 'v2')).version;

    // Assess
    expect(merged.columns.map(({ name }) => name)).toEqual(['id', 'gone', 'new']);
    expect(await lake.rows(`SELECT * FROM ${TABLE} ORDER BY id`, { [TABLE]: merged })).toEqual([
      [1n, 'x', null],
      [2n, null, true],
    ]);
    // The version before is as it was, for whoever still reads it.
    expect(await lake.rows(`SELECT * FROM ${TABLE} ORDER BY id`, { [TABLE]: version })).toEqual([
      [1n, 'x'],
      [2n, 'y'],
    ]);
  });
});
