import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LakeType } from '../../../../src/campus/lake-type.ts';
import type { Cell } from '../../../../src/ports/query-engine.ts';
import type { TableVersion } from '../../../../src/ports/tables.ts';
import { WIDENINGS, type Widening } from '../../../contract/query-engine-merges.ts';
import { openTestLake, specOf, type TestLake } from './lake-folder.ts';

const TABLE = 'canvas.things';
const KEPT = { share: 9, files: 9, smallBase: 0 };
const COMPACTED = { share: 0, files: 0, smallBase: 0 };
const at = (day: number) => `2026-01-0${day}T00:00:00Z`;

/** Beside those of the contract, where changes to so small a table are compacted. */
const MORE: readonly Widening[] = [
  ['bigint', 21070000000000001n, 'integer', 7, 'bigint', [21070000000000001n, 7n]],
  ['integer', 7, 'varchar', 'seven', 'varchar', ['7', 'seven']],
  ['boolean', true, 'varchar', 'yes', 'varchar', ['true', 'yes']],
];

describe.each([
  ['kept beside the base', KEPT, [...WIDENINGS, ...MORE]],
  ['compacted into the base', COMPACTED, MORE],
])('a column that is widened, with changes %s', (_, compaction, widenings) => {
  let lake: TestLake;
  beforeAll(async () => {
    lake = await openTestLake({ compaction });
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

  it.each(widenings)(
    'widens %s (%s) met by %s (%s) to %s',
    async (from, before, to, after, wider, values) => {
      const version = await retyped(from, before, to, after);

      expect(version.columns.find(({ name }) => name === 'x')?.type).toBe(wider);
      expect(await xs(version)).toEqual(values);
    },
  );
});

describe('columns that come and go, with changes kept beside the base', () => {
  let lake: TestLake;
  beforeAll(async () => {
    lake = await openTestLake({ compaction: KEPT });
  });
  afterAll(() => lake.close());

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
