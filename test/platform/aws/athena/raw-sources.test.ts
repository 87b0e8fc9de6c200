import type { SchemaElement } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { inspectionOf, inspectionSql } from '../../../../src/platform/aws/athena/inspect.ts';
import { parquetColumns } from '../../../../src/platform/aws/athena/parquet-columns.ts';
import { dapSource } from '../../../../src/platform/aws/athena/raw-dap.ts';
import { kindKey } from '../../../../src/privacy/pseudonym.ts';
import { specOf } from '../../local/duckdb/lake-folder.ts';

const SPEC = specOf('canvas.users', [
  { name: 'id', type: 'bigint' },
  { name: "na'me", type: 'varchar' },
  { name: 'person', type: 'varchar', treatment: 'pseudonym', pseudonymKind: 'person' },
  { name: 'gone', type: 'integer', absent: true },
]);
const place = { database: 'v', name: 'raw' };

describe('raw files in SQL', () => {
  it('reads ids from the text of the line, under names of any kind', () => {
    const source = dapSource(SPEC, SPEC.columns, { place });

    expect(source.columns[0]?.value).toContain(
      `TRY_CAST(json_extract_scalar(line, '$["key"]["id"]') AS bigint)`,
    );
    expect(source.columns[1]?.value).toContain(`'$["value"]["na''me"]'`);
    expect(source.columns[3]).toEqual({ name: 'gone', value: 'CAST(NULL AS integer)' });
  });

  it('never writes a key of pseudonyms into a statement', () => {
    const secret = Buffer.from('secret');
    const sql = inspectionSql(
      SPEC,
      dapSource(SPEC, SPEC.columns, { place, keys: { place: { database: 'v', name: 'k' }, keys: 2 } }),
    );
    const keys = { place: { database: 'v', name: 'k' }, keys: 2 };
    const value = dapSource(SPEC, SPEC.columns, { place, keys }).columns[2]?.value;

    expect(value).toContain('from_hex(pseudonym_keys.k1_person)');
    expect(value).toContain('from_hex(pseudonym_keys.k2_person)');
    expect(sql + value).not.toContain(kindKey(secret, 'person').toString('hex'));
  });

  it.each([
    [
      { rows_: '3', keys_: '3' },
      { rows: 3, repeats: false },
    ],
    [
      { rows_: '3', keys_: '2' },
      { rows: 3, repeats: true },
    ],
  ])('judges %j', (found, inspection) => {
    expect(inspectionOf(SPEC, found)).toEqual(inspection);
  });

  it.each([
    [{ rows_: '3', damaged: '1' }, '1 of 3 records of canvas.users cannot be read: they are no JSON.'],
    [{ rows_: '3', keyless: '2' }, '2 of 3 delivered records of canvas.users lack their key (id).'],
    [{ rows_: '3', timeless: '3' }, '3 of 3 delivered records of canvas.users lack meta.ts.'],
    [{ rows_: '3', undecided: '1' }, '1 of 3 delivered records of canvas.users say what became of them'],
  ])('refuses %j', (found, message) => {
    expect(() => inspectionOf(SPEC, found)).toThrow(message);
  });

  it('declares Parquet columns as their footer reports them', () => {
    const schema: SchemaElement[] = [
      { name: 'root', num_children: 4 },
      { name: 'meta', num_children: 2 },
      {
        name: 'ts',
        type: 'INT64',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
      },
      { name: 'action', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
      { name: 'tags', num_children: 1, converted_type: 'LIST' },
      { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
      { name: 'element', type: 'INT32' },
      {
        name: 'amount',
        type: 'FIXED_LEN_BYTE_ARRAY',
        type_length: 16,
        converted_type: 'DECIMAL',
        precision: 12,
        scale: 2,
      },
      { name: 'photo', type: 'BYTE_ARRAY' },
    ];

    expect(parquetColumns(schema).map(({ name, hive, type }) => [name, hive, type])).toEqual([
      ['meta', 'struct<ts:timestamp,action:string>', undefined],
      ['tags', 'array<int>', undefined],
      ['amount', 'decimal(12,2)', 'decimal(12,2)'],
      ['photo', 'binary', 'varbinary'],
    ]);
  });
});
