import type { LakeType } from '../../src/campus/lake-type.ts';

/** What a mask makes of values; literals in Athena's SQL, results as they are printed. */
export interface MaskVector {
  readonly mask: string;
  readonly type: LakeType;
  /** A literal, and what it is shown as. */
  readonly values: readonly (readonly [literal: string, shown: string | number | null])[];
}

/** Written by hand from docs/access.md; held against DuckDB, Trino, PostgreSQL. */
export const MASK_VECTORS: readonly MaskVector[] = [
  {
    mask: 'empty',
    type: 'varchar',
    values: [
      ["'x'", null],
      ['NULL', null],
    ],
  },
  {
    mask: 'redact',
    type: 'varchar',
    values: [
      ["'Ana'", '[redacted]'],
      ["''", '[redacted]'],
      ['NULL', null],
    ],
  },
  {
    mask: 'first_letter',
    type: 'varchar',
    values: [
      ["'Ana'", 'A***'],
      ["'Øyvind'", 'Ø***'],
      ["''", '***'],
      ["' x'", ' ***'],
      ['NULL', null],
    ],
  },
  {
    mask: 'last_four',
    type: 'varchar',
    values: [
      ["'12345678'", '***5678'],
      ["'1234567'", '***'],
      ["'1234'", '***'],
      ["''", '***'],
      ["'pässwörd'", '***wörd'],
      ['NULL', null],
    ],
  },
  {
    mask: 'email_domain',
    type: 'varchar',
    values: [
      ["'ana@x.edu'", '***@x.edu'],
      ['\'"a@b"@c.edu\'', '***@c.edu'],
      ["'ana'", '***'],
      ["'ana@'", '***@'],
      ["''", '***'],
      ['NULL', null],
    ],
  },
  {
    mask: 'zip3',
    type: 'varchar',
    values: [
      ["'60637'", '606'],
      ["'60637-1234'", '606'],
      ["'03601'", '000'],
      ["'6063'", null],
      ["'606371'", null],
      ["'W1A 1AA'", null],
      ["' 60637'", null],
      ["''", null],
      ['NULL', null],
    ],
  },
  {
    mask: 'month',
    type: 'date',
    values: [
      ["DATE '2004-02-29'", '2004-02-01'],
      ['NULL', null],
    ],
  },
  {
    mask: 'year',
    type: 'date',
    values: [
      ["DATE '2004-12-31'", '2004-01-01'],
      ["DATE '0001-06-01'", '0001-01-01'],
      ['NULL', null],
    ],
  },
  {
    mask: 'year from 1936',
    type: 'date',
    values: [
      ["DATE '1936-01-01'", '1936-01-01'],
      ["DATE '1935-12-31'", '1936-01-01'],
      ["DATE '2004-12-31'", '2004-01-01'],
      ['NULL', null],
    ],
  },
  {
    mask: 'year from 1936',
    type: 'timestamp',
    values: [
      ["TIMESTAMP '1935-12-31 23:59:59.999'", '1936-01-01 00:00:00.000'],
      ["TIMESTAMP '2004-12-31 23:59:59.999'", '2004-01-01 00:00:00.000'],
      ['NULL', null],
    ],
  },
  {
    mask: 'band 10',
    type: 'integer',
    values: [
      ['17', 10],
      ['10', 10],
      ['0', 0],
      ['-1', -10],
      ['-10', -10],
      ['-2147483648', null],
      ['2147483647', 2147483640],
      ['NULL', null],
    ],
  },
  {
    mask: 'band 1000',
    type: 'bigint',
    values: [
      ["CAST('9223372036854775807' AS bigint)", '9223372036854775000'],
      ["CAST('-9223372036854775808' AS bigint)", null],
      ["CAST('-1' AS bigint)", '-1000'],
      ['NULL', null],
    ],
  },
  {
    mask: 'band 10',
    type: 'double',
    values: [
      ["DOUBLE '17.5'", 10],
      ["DOUBLE '-0.5'", -10],
      ['NULL', null],
    ],
  },
  {
    mask: 'band 10',
    type: 'decimal(5,2)',
    values: [
      ["DECIMAL '91.25'", '90.00'],
      ["DECIMAL '-0.01'", '-10.00'],
      ["DECIMAL '999.99'", '990.00'],
      ["DECIMAL '-999.99'", null],
      ['NULL', null],
    ],
  },
];

/** A SELECT of the values of a vector, each as `v`, in order of `n`. */
export const valuesOf = ({ type, values }: MaskVector): string =>
  `SELECT n, CAST(w AS ${type}) AS v FROM (VALUES ${values.map(([literal], n) => `(${n}, ${literal})`).join(', ')}) AS t (n, w)`;
