import { expect, it } from 'vitest';
import { KEY_SUM_RECIPE } from '../../src/loads/key-sum.ts';
import { pseudonymOf } from '../../src/privacy/pseudonym.ts';
import { specOf } from '../platform/local/duckdb/lake-folder.ts';
import { sumOf } from './key-sums.ts';
import { at, type OpenHome, PSEUDONYM_KEYS, TABLE } from './query-engine-home.ts';

/** The sums of keys by which a load is compared with its source. */
export function keysContract(home: OpenHome): void {
  const { raw, fresh } = home;

  it('counts one sum of keys, whatever their types and the order of the rows', async () => {
    const spec = specOf(TABLE, [
      { name: 'id', type: 'bigint' },
      { name: 'day', type: 'date' },
      { name: 'instant', type: 'timestamp' },
      { name: 'truth', type: 'boolean' },
      { name: 'part', type: 'decimal(12,0)' },
      { name: 'share', type: 'decimal(9,3)' },
      { name: 'text', type: 'varchar' },
    ]);
    const file = await raw([
      {
        ts: at(1),
        key: { id: 21070000000000001n },
        value: {
          day: '2026-01-31',
          instant: '2026-01-01T02:00:00.123456Z',
          truth: true,
          part: -7,
          share: '100.500',
          text: 'ü 😀 李',
        },
      },
      {
        ts: at(1),
        key: { id: -9223372036854775808n },
        value: {
          day: '1969-12-31',
          instant: '1969-12-31T23:59:59.999Z',
          truth: false,
          part: 100,
          share: '-20.000',
          text: '',
        },
      },
      { ts: at(1), key: { id: 9223372036854775807n }, value: {} },
    ]);
    const { version } = await home.engine.replace(spec, [file], fresh());
    const sum = async (...key: string[]) => (await home.engine.keySum(version, key)).sum;
    const ids = [21070000000000001n, -9223372036854775808n, 9223372036854775807n];

    expect(await home.engine.keySum(version, ['id'])).toEqual({
      columns: ['id'],
      sum: sumOf(ids.map((id) => ({ words: [id] }))),
      recipe: KEY_SUM_RECIPE,
    });
    expect(await sum('id', 'day', 'instant', 'truth', 'part', 'share', 'text')).toBe(
      sumOf([
        { words: [ids[0]!, 20484n, 1767232800123n, 1n, -7n], texts: ['100.5', 'ü 😀 李'] },
        { words: [ids[1]!, -1n, -1n, 0n, 100n], texts: ['-20', ''] },
        { words: [ids[2]!, null, null, null, null], texts: [null, null] },
      ]),
    );
    expect(await sum('text')).toBe(sumOf(['ü 😀 李', '', null].map((text) => ({ texts: [text] }))));
  });

  it('reads the sum of the keys out of the files of a snapshot, as it then is in the table', async () => {
    const spec = specOf(
      TABLE,
      [
        { name: 'id', type: 'bigint' },
        { name: 'login', type: 'varchar', treatment: 'pseudonym', pseudonymKind: 'person' },
        { name: 'text', type: 'varchar' },
      ],
      { key: ['id', 'login'] },
    );
    const record = (id: bigint, day: number, action?: 'D') => ({
      ts: at(day),
      ...(action ? { action } : { value: {} }),
      key: { id, login: `S${id}` },
    });
    const once = [await raw([record(1n, 1), record(3n, 1)])];
    const again = [...once, await raw([record(3n, 2, 'D'), record(1n, 2), record(4n, 2)])];
    const keys = (...ids: bigint[]) =>
      sumOf(ids.map((id) => ({ words: [id], texts: [pseudonymOf(`S${id}`, 'person', PSEUDONYM_KEYS)] })));

    for (const [files, repeats, expected] of [
      [once, false, keys(1n, 3n)],
      [again, true, keys(1n, 4n)],
      [[], false, '0'],
    ] as const) {
      const { version } = await home.engine.replace(spec, files, fresh());
      const delivered = await home.engine.deliveredKeys(spec, files, repeats);
      expect(delivered).toEqual({ columns: ['id', 'login'], sum: expected, recipe: KEY_SUM_RECIPE });
      expect(await home.engine.keySum(version, spec.key)).toEqual(delivered);
    }
    const odd = specOf(TABLE, [{ name: 'id', type: 'double' }]);
    expect(await home.engine.deliveredKeys(odd, once, false)).toBeUndefined();
  });
}
