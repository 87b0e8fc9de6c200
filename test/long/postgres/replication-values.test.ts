import { readdir } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CatalogDataset } from '../../../src/campus/campus.ts';
import { deriveMappings } from '../../../src/sis/mapping/derive.ts';
import {
  allOf,
  askFiles,
  replicate,
  type SisFixture,
  startSisFixture,
} from '../../platform/local/replication/sis-fixture.ts';

/** One row for each way in which a value can go wrong on the way from PostgreSQL to Parquet. */
const SETUP = `
CREATE SCHEMA v;
CREATE TYPE v.standing AS ENUM ('good', 'on probation');
CREATE DOMAIN v.percent AS numeric(5,2);
CREATE TABLE v.texts (n int, t text, c char(6), v varchar(20));
INSERT INTO v.texts VALUES
  (1, NULL, NULL, NULL), (2, '', '', ''), (3, 'a,"b"' || E'\\n' || 'c' || E'\\r\\n' || 'd', 'ab', '"'),
  (4, '李小龍 🎓 é', 'é', E'tab\\tback\\\\slash'), (5, 'NULL', '\\N', '\\.'), (6, ' spaces ', '  x', ' ');
CREATE TABLE v.one_column (t text);
INSERT INTO v.one_column VALUES (NULL), (''), ('\\N'), ('\\.'), ('x'), (E'two\\nlines');
CREATE TABLE v.numbers (n int, i2 smallint, i8 bigint, d numeric(5,2), bare numeric, huge numeric(40,2), m money, r real, f double precision, p v.percent);
INSERT INTO v.numbers VALUES
  (1, -32768, 9007199254740993, -999.99, 1234567890123456789012.1234567, 12345678901234567890123456789012345678.12, '-1234.5', 1.1, 0.1, 12.5),
  (2, 32767, -9223372036854775808, 0, -0.0000019, NULL, '0', 'NaN', 'Infinity', NULL),
  (3, NULL, NULL, NULL, NULL, 0, NULL, '-Infinity', 1e-300, 0);
CREATE TABLE v.not_numbers (n int, d numeric(5,2), bare numeric);
INSERT INTO v.not_numbers VALUES (1, 'NaN', 'Infinity'), (2, 1.5, '-Infinity'), (3, NULL, 2.0000009);
CREATE TABLE v.times (n int, d date, t timestamp, tz timestamptz, h time, htz timetz);
INSERT INTO v.times VALUES
  (1, '2024-02-29', '2024-02-29 23:59:59.999999', '2024-06-01 12:00:00.123456+02', '24:00:00', '23:30:00-05'),
  (2, NULL, NULL, NULL, NULL, NULL),
  (3, 'infinity', 'infinity', '-infinity', '00:00:00.000001', '00:00:00+14'),
  (4, '10000-01-01', '10000-01-01 00:00:00', '1969-12-31 23:59:59.9996+00', '12:00', '12:00+00');
CREATE TABLE v.old_times (n int, d date, t timestamp, tz timestamptz);
INSERT INTO v.old_times VALUES
  (1, '0044-03-15 BC', '0044-03-15 12:00:00.5 BC', '0001-01-01 00:00:00+00 BC'),
  (2, '-infinity', '-infinity', 'infinity'), (3, '2024-01-01', '2024-01-01', NULL), (4, NULL, '1969-12-31 23:59:59.9996', NULL);
CREATE TABLE v.others (n int, u uuid, j json, jb jsonb, a text[], e v.standing, b bytea, i interval, net inet, yes boolean, r int4range, bits bit(4));
INSERT INTO v.others VALUES
  (1, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a": "x,\\"y\\""}', '{"b":[1,2]}', '{"a b",NULL,"c,d"}', 'on probation',
   '\\x00ff0a22', '1 year 2 mons 3 days 04:05:06', '10.0.0.0/8', true, '[1,5)', B'1010'),
  (2, NULL, NULL, NULL, '{}', NULL, '', NULL, NULL, false, 'empty', NULL);
CREATE TABLE v.long_values (n int, t text);
INSERT INTO v.long_values SELECT 1, string_agg(md5(g::text), E'\\n') FROM generate_series(1, 100000) g;
INSERT INTO v.long_values SELECT g, 'short' FROM generate_series(2, 5000) g;
CREATE TABLE v."Strange ""Name""" ("Column, with ""quotes""" int, "SELECT" text, "a.b" text);
INSERT INTO v."Strange ""Name""" VALUES (1, 'x', 'y');
CREATE TABLE v.empty (id bigint PRIMARY KEY, at timestamptz, kind v.standing);
CREATE TABLE v.generated (id int GENERATED ALWAYS AS IDENTITY, twice int GENERATED ALWAYS AS (7 * 2) STORED, gone int);
INSERT INTO v.generated (gone) VALUES (1), (2);
ALTER TABLE v.generated DROP COLUMN gone;
CREATE TABLE v.parted (id int, term text) PARTITION BY LIST (term);
CREATE TABLE v.parted_a PARTITION OF v.parted FOR VALUES IN ('a');
CREATE TABLE v.parted_b PARTITION OF v.parted FOR VALUES IN ('b');
INSERT INTO v.parted VALUES (1, 'a'), (2, 'b'), (3, 'b');
CREATE VIEW v.seen AS SELECT n, d FROM v.times WHERE n < 2;
CREATE TABLE v.marked (t text, n int); INSERT INTO v.marked VALUES (E'\\ufeffone', 1), (E'\\ufefftwo', 2);
CREATE TABLE v.parent (id int PRIMARY KEY, t text); CREATE TABLE v.child (x int) INHERITS (v.parent);
INSERT INTO v.parent VALUES (1, 'a'); INSERT INTO v.child VALUES (1, 'b', 2);
`;

describe('Values on their way from the SIS into Parquet', () => {
  let sis: SisFixture;
  let root: string;
  let copy: Awaited<ReturnType<typeof replicate>>;

  beforeAll(async () => {
    sis = await startSisFixture();
    await sis.admin.query(SETUP);
    root = await sis.lake();
    copy = await replicate(root, sis.source, allOf('v'));
  });
  afterAll(() => sis?.stop());

  it('any text comes back as it was, whatever signs of the formats on the way it holds', async () => {
    const sign = fc.constantFrom(
      '\\',
      'n',
      't',
      'N',
      '.',
      '\t',
      '\n',
      '\r',
      '\b',
      '\f',
      '\v',
      '"',
      "'",
      ',',
      ' ',
      'é',
      '🎓',
      '\u0001',
    );
    const texts = fc.sample(fc.string({ unit: sign, maxLength: 12 }), 3000);
    await sis.admin.query('CREATE SCHEMA anything; CREATE TABLE anything.texts (n int, t text)');
    await sis.admin.query('INSERT INTO anything.texts SELECT * FROM unnest($1::int[], $2::text[])', [
      texts.map((_, n) => n),
      texts,
    ]);
    const lake = await sis.lake();

    const { byName } = await replicate(lake, sis.source, allOf('anything'));

    const key = byName.texts!.files!.map((file) => file.key);
    const rows = await askFiles(lake, key, 'SELECT t FROM $files ORDER BY n');
    expect(rows.map(([t]) => t)).toEqual(texts);
  });

  const ask = (table: string, select: string) =>
    askFiles(
      root,
      copy.byName[table]!.files!.map((file) => file.key),
      `SELECT ${select} FROM $files ORDER BY 1`,
    );

  it('all arrive', () => {
    expect(copy.tables.filter((table) => table.error)).toEqual([]);
    expect(Object.fromEntries(copy.tables.map((table) => [table.table, table.rows]))).toEqual({
      texts: 6,
      marked: 2,
      parent: 1,
      child: 1,
      one_column: 6,
      numbers: 3,
      not_numbers: 3,
      times: 4,
      old_times: 4,
      others: 2,
      long_values: 5000,
      'Strange "Name"': 1,
      empty: 0,
      generated: 2,
      parted: 3,
      seen: 1,
    });
  });

  it('texts are the same to the last character, an empty one is not a missing one', async () => {
    expect(await ask('texts', '*')).toEqual([
      [1, null, null, null],
      [2, '', '', ''],
      [3, 'a,"b"\nc\r\nd', 'ab', '"'],
      [4, '李小龍 🎓 é', 'é', 'tab\tback\\slash'],
      [5, 'NULL', '\\N', '\\.'],
      [6, ' spaces ', '  x', ' '],
    ]);
    expect(await ask('one_column', 't IS NULL, t')).toEqual(
      expect.arrayContaining([
        [true, null],
        [false, ''],
        [false, '\\N'],
        [false, '\\.'],
        [false, 'two\nlines'],
      ]),
    );
    expect((await ask('long_values', 'n, length(t), md5(t)')).slice(0, 1)).toEqual([
      [1, '3299999', (await sis.admin.query('SELECT md5(t) FROM v.long_values')).rows[0].md5],
    ]);
  });

  it('numbers keep every digit; a bare numeric is cut to six places', async () => {
    expect(await ask('numbers', '* REPLACE (r::DOUBLE AS r)')).toEqual([
      [
        1,
        -32768,
        '9007199254740993',
        '-999.99',
        '1234567890123456789012.123456',
        '12345678901234567890123456789012345678.12',
        '-1234.5000',
        expect.closeTo(1.1, 6),
        0.1,
        '12.50',
      ],
      [2, 32767, '-9223372036854775808', '0.00', '-0.000001', null, '0.0000', 'NaN', 'Infinity', null],
      [3, null, null, null, null, '0.00', null, '-Infinity', 1e-300, '0.00'],
    ]);
    expect(await ask('not_numbers', '*')).toEqual([
      [1, null, null],
      [2, '1.50', null],
      [3, null, '2.000000'],
    ]);
  });

  it('instants are UTC, cut to milliseconds; infinity is the last and the first day that DMS knows', async () => {
    expect(await ask('times', '*')).toEqual([
      [1, '2024-02-29', '2024-02-29 23:59:59.999', '2024-06-01 10:00:00.123', '24:00:00', '04:30:00'],
      [2, null, null, null, null, null],
      [3, '9999-12-31', '9999-12-31 23:59:59', '4713-01-01 (BC) 00:00:00', '00:00:00.000001', '10:00:00'],
      [4, '10000-01-01', '10000-01-01 00:00:00', '1969-12-31 23:59:59.999', '12:00:00', '12:00:00'],
    ]);
    expect(await ask('old_times', 'n, d::VARCHAR, t::VARCHAR, tz::VARCHAR')).toEqual([
      [1, '0044-03-15 (BC)', '0044-03-15 (BC) 12:00:00.5', '0001-01-01 (BC) 00:00:00'],
      [2, '4713-01-01 (BC)', '4713-01-01 (BC) 00:00:00', '9999-12-31 23:59:59'],
      [3, '2024-01-01', '2024-01-01 00:00:00', null],
      [4, null, '1969-12-31 23:59:59.999', null],
    ]);
  });

  it('all else is its text, bytes are bytes, truth is truth', async () => {
    expect(await ask('others', '* EXCLUDE (b), hex(b)')).toEqual([
      [
        1,
        'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
        '{"a": "x,\\"y\\""}',
        '{"b": [1, 2]}',
        '{"a b",NULL,"c,d"}',
        'on probation',
        '1 year 2 mons 3 days 04:05:06',
        '10.0.0.0/8',
        true,
        '[1,5)',
        '1010',
        '00FF0A22',
      ],
      [2, null, null, null, '{}', null, null, null, false, 'empty', null, ''],
    ]);
  });

  it('have the types of DMS in Parquet', async () => {
    const types = async (table: string) =>
      (
        await askFiles(
          root,
          copy.byName[table]!.files!.map((f) => f.key),
          'DESCRIBE SELECT * FROM $files',
        )
      ).map(([name, type]) => `${name} ${type}`);

    expect(await types('numbers')).toEqual([
      'n INTEGER',
      'i2 SMALLINT',
      'i8 BIGINT',
      'd DECIMAL(5,2)',
      'bare DECIMAL(28,6)',
      'huge VARCHAR',
      'm DECIMAL(38,4)',
      'r FLOAT',
      'f DOUBLE',
      'p DECIMAL(5,2)',
    ]);
    for (const table of ['times', 'old_times']) {
      const file = path.join(root, copy.byName[table]!.files![0]!.key);
      const sql = `SELECT name, converted_type FROM parquet_schema('${file}')`;
      expect((await askFiles(root, [], sql)).slice(2, 5)).toEqual([
        ['d', 'DATE'],
        ['t', 'TIMESTAMP_MILLIS'],
        ['tz', 'TIMESTAMP_MILLIS'],
      ]);
    }
    expect((await types('others')).find((column) => column.startsWith('b '))).toBe('b BLOB');
  });

  it('names, generated columns, dropped columns, partitions and views are what a SELECT shows', async () => {
    expect(await ask('Strange "Name"', '*')).toEqual([[1, 'x', 'y']]);
    expect(copy.byName['Strange "Name"']!.columns!.map((column) => column.name)).toEqual([
      'Column, with "quotes"',
      'SELECT',
      'a.b',
    ]);
    expect(await ask('generated', '*')).toEqual([
      [1, 14],
      [2, 14],
    ]);
    expect(await ask('parted', '*')).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'b'],
    ]);
    expect(await ask('seen', 'n')).toEqual([[1]]);
  });

  it('a text may begin with what elsewhere marks an encoding', async () => {
    // The driver, too, would drop it from what it gives.
    expect(await ask('marked', 'n, unicode(t), substr(t, 2)')).toEqual([
      [1, 0xfeff, 'one'],
      [2, 0xfeff, 'two'],
    ]);
  });

  it('a table has its own rows, and not those of tables that inherit from it', async () => {
    expect(await ask('parent', '*')).toEqual([[1, 'a']]);
    expect(await ask('child', '*')).toEqual([[1, 'b', 2]]);
  });

  it('a time with its offset is the time in UTC, also where the catalog has it leave as text', async () => {
    const mappings = deriveMappings(
      [
        {
          source: 'sis',
          id: 'sis.v_times',
          name: 'v_times',
          namespace: 'v',
          table: 'times',
          key: [],
          columns: ['n', 'htz', 'h'].map((name) => ({
            name,
            type: name === 'n' ? 'integer' : 'time',
            privacy: 'none',
          })),
        } as unknown as CatalogDataset,
      ],
      () => 'keep',
    );
    const { byName } = await replicate(root, sis.source, mappings, 'derived');

    const files = byName.times!.files!.map((file) => file.key);
    expect(await askFiles(root, files, 'SELECT n, h, htz FROM $files ORDER BY 1')).toEqual([
      [1, '24:00:00', '04:30:00'],
      [2, null, null],
      [3, '00:00:00.000001', '10:00:00'],
      [4, '12:00:00', '12:00:00'],
    ]);
  });

  it('an empty table has no folder, yet its columns are told', async () => {
    expect(copy.byName.empty).toEqual({
      schema: 'v',
      table: 'empty',
      files: [],
      rows: 0,
      columns: [
        { name: 'id', type: 'bigint' },
        { name: 'at', type: 'timestamp' },
        { name: 'kind', type: 'varchar' },
      ],
    });
    expect(await readdir(path.join(root, 'raw/sis/load1/v'))).not.toContain('empty');
  });
});
