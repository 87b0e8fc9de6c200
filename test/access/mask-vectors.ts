import { keysOf } from '../../src/access/mask-keys.ts';
import type { MaskTerms } from '../../src/access/portable-sql.ts';
import type { LakeType } from '../../src/campus/lake-type.ts';

/** What a mask makes of values; literals in Athena's SQL, results as they are printed. */
export interface MaskVector {
  readonly mask: string;
  readonly type: LakeType;
  /** A literal, and what it is shown as; for masks that read a person's id, that id. */
  readonly values: readonly (readonly [literal: string, shown: string | number | null, by?: string])[];
}

/** Masks over a column `v` of rows with a column `p`, by the key of the bytes 0 to 31, in 2026. */
export const MASK_TERMS: MaskTerms = {
  context: { keyOf: keysOf(Buffer.from(Array.from({ length: 32 }, (_, i) => i))), year: 2026 },
  sibling: (name) => (name === 'p' ? { sql: name, type: 'varchar' } : undefined),
};

/**
 * Written by hand from docs/access.md, keyed ones computed with Python's hashlib; held against DuckDB, Trino, PostgreSQL.
 */
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
    mask: 'year 90+',
    type: 'date',
    values: [
      ["DATE '1936-06-01'", '1936-01-01'],
      ["DATE '1901-06-01'", '1936-01-01'],
      ["DATE '1937-06-01'", '1937-01-01'],
      ['NULL', null],
    ],
  },
  {
    mask: 'pseudonym student',
    type: 'varchar',
    values: [
      ["'S1000041'", '8fe18121bfac0cda3bb649963de407e8'],
      ["'  s1000041 '", '8fe18121bfac0cda3bb649963de407e8'],
      ["'Ünal'", '3f5b7371057f1be9065d2155ba804b85'],
      ["''", 'f07b0f372de3bc71e8f597a13ab32727'],
      ['NULL', null],
    ],
  },
  {
    mask: 'shift 183 by p',
    type: 'date',
    values: [
      ["DATE '2024-02-29'", '2024-08-14', "'S1000041'"],
      ["DATE '2024-03-01'", '2024-08-15', "' s1000041'"],
      ["DATE '2024-02-29'", '2023-11-17', "'S2'"],
      ["DATE '2024-02-29'", '2024-04-21', "''"],
      ["DATE '2024-02-29'", null, 'NULL'],
      ["DATE '0001-12-31'", null, "'S2'"],
      ["DATE '0002-01-01'", '0001-09-19', "'S2'"],
      ["DATE '9998-12-31'", '9999-06-16', "'S1000041'"],
      ["DATE '9999-01-01'", null, "'S1000041'"],
      ['NULL', null, "'S2'"],
    ],
  },
  {
    mask: 'shift 1 by p',
    type: 'timestamp',
    values: [
      ["TIMESTAMP '2024-02-29 23:59:59.999'", '2024-03-01 23:59:59.999', "'S1000041'"],
      ["TIMESTAMP '2024-03-01 00:00:00.000'", '2024-02-29 00:00:00.000', "'17'"],
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

/** A SELECT of the values of a vector, each as `v` with the person as `p`, in order of `n`. */
export function valuesOf({ type, values }: MaskVector): string {
  const rows = values.map(([literal, , by = 'NULL'], n) => `(${n}, ${literal}, CAST(${by} AS varchar))`);
  return `SELECT n, CAST(w AS ${type}) AS v, p FROM (VALUES ${rows.join(', ')}) AS t (n, w, p)`;
}
