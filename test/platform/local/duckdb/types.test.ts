import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LakeType } from '../../../../src/campus/lake-type.ts';
import { tryLake } from '../../../../src/platform/local/duckdb/types.ts';

let instance: DuckDBInstance;
let connection: DuckDBConnection;
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

/** What texts become as a type of the lake; null: set aside. */
async function readAs(type: LakeType, texts: readonly string[]): Promise<(string | null)[]> {
  const values = texts.map((text, i) => `(${i}, '${text}')`).join(', ');
  const sql = `SELECT CAST(${tryLake('t', 'VARCHAR', type)} AS VARCHAR) FROM (VALUES ${values}) v(i, t) ORDER BY i`;
  const rows = await (await connection.run(sql)).getRows();
  return rows.map(([cell]) => (cell === null ? null : String(cell)));
}

describe('A delivered text', () => {
  it.each([
    ['7', '7'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['9223372036854775807', '9223372036854775807'],
    ['+5', '5'],
    [' 7 ', '7'],
    ['007', '7'],
    ['3.0', '3'],
    ['5.', '5'],
    ['1e3', '1000'],
    ['9007199254740991.0', '9007199254740991'],
    ['-0.0', '0'],
    // A number with a point comes out of JSON as a double, and this is the double of two whole numbers.
    ['9007199254740992.0', null],
    ['9.3e18', null],
    ['9223372036854775808', null],
    ['3.7', null],
    ['1e-1', null],
    ['1_000', null],
    ['0x1F', null],
    ['0b11', null],
    ['1,000', null],
    ['true', null],
    ['', null],
    ['.', null],
    ['NaN', null],
  ])('%j is the whole number %s', async (text, number) => {
    expect(await readAs('bigint', [text])).toEqual([number]);
  });

  it('is a decimal where it is a number of no more places, and nothing else', async () => {
    const texts = ['1.5', '1.50', '2', '-1e2', '1.234', '1_0.5', '0x10', 'NaN', '', '123456789'];
    expect(await readAs('decimal(6,2)', texts)).toEqual([
      '1.50',
      '1.50',
      '2.00',
      '-100.00',
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  it('is a day where it is one without a time, and no word for one', async () => {
    const texts = [
      '2026-02-28',
      '2026-02-28T00:00:00Z',
      '2026-02-30',
      '2026-02-28T10:00:00Z',
      'epoch',
      'today',
      'infinity',
    ];
    expect(await readAs('date', texts)).toEqual(['2026-02-28', '2026-02-28', null, null, null, null, null]);
  });

  it.each(['double', 'real'] as const)(
    'is a %s where it is a number, or none that a double can be',
    async (type) => {
      const texts = ['1.5', '-1e2', ' 7 ', 'NaN', '-Infinity', '1_0.5', '0x10', '1,5', 'many', ''];
      expect(await readAs(type, texts)).toEqual([
        '1.5',
        '-100.0',
        '7.0',
        'nan',
        '-inf',
        null,
        null,
        null,
        null,
        null,
      ]);
    },
  );

  it('is an instant where it is one, and no word for one', async () => {
    const texts = [
      '2026-02-28T10:00:00.5Z',
      '2026-02-28 10:00:00+02:00',
      '2026-02-30T00:00:00Z',
      'epoch',
      'infinity',
      '',
    ];
    expect(await readAs('timestamp', texts)).toEqual([
      '2026-02-28 10:00:00.5',
      '2026-02-28 08:00:00',
      null,
      null,
      null,
      null,
    ]);
  });
});
