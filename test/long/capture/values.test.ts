import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Follower } from '../../platform/local/replication/changes/following.ts';
import { askFiles, type SisFixture, startSisFixture } from '../../platform/local/replication/sis-fixture.ts';

/** By type: values that a copy takes, among them those of which the text form is not the lake's. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  smallint: ['-32768', '0', '32767'],
  integer: ['-2147483648', '2147483647'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
  oid: ['4294967295'],
  real: ['3.4e38', '-0', 'NaN', 'Infinity', '-Infinity', '0.1'],
  'double precision': ['1.7976931348623157e308', '5e-324', 'NaN', 'Infinity', '-Infinity', '0.1'],
  numeric: ['0.123456789', '-1234567890123456789012.9999999', 'NaN', 'Infinity', '-Infinity', '1e30'],
  'numeric(5,2)': ['999.99', '-0.01', 'NaN'],
  'numeric(38,10)': ['1234567890123456789012345678.0123456789'],
  'numeric(50,3)': ['12345678901234567890123456789012345678901234567.890'],
  'numeric(3,-2)': ['12300'],
  money: ['-12.34', '92233720368547758.07'],
  boolean: ['true', 'false'],
  date: ['0044-03-15 BC', '0001-01-01', '9999-12-31', '5874897-12-31', 'infinity', '-infinity'],
  'time without time zone': ['00:00:00', '23:59:59.999999', '24:00:00'],
  'time with time zone': ['23:59:59.5+05:30', '00:00:00-12'],
  'timestamp without time zone': [
    '0044-03-15 12:00:00.123456 BC',
    '1969-12-31 23:59:59.9999',
    'infinity',
    '294276-12-31',
  ],
  'timestamp with time zone': [
    '2026-11-01 01:30:00-05',
    '0001-01-01 00:00:00+00',
    '-infinity',
    '2026-01-01 00:00:00.0009+00',
  ],
  'timestamp(3) with time zone': ['2026-11-01 01:30:00.123-05'],
  text: ['', ' ', 'a\tb\nc\rd\\e', '\\N', 'Zoë 学生 🎓', '\ufefffirst', '"quoted"', "it's", '\u0001\b\f\v'],
  json: ['{"a": [1, null, "\\u00e9"]}', '1e400'],
  jsonb: ['{"b": 1, "a": "x\\ny"}'],
  'character varying(20)': ['', 'twenty characters ok'],
  'character(5)': ['ab', '     '],
  bytea: ['\\x', '\\x00ff5c0a', 'abc\\\\'],
  xml: ['<a b="c">d</a>'],
  uuid: ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  interval: ['1 year 2 mons -3 days 04:05:06.789', '-1 day'],
  inet: ['192.168.0.1/24', '::1'],
  cidr: ['10.0.0.0/8'],
  macaddr: ['08:00:2b:01:02:03'],
  'bit(4)': ['1010'],
  'bit varying(8)': ['', '101'],
  point: ['(1,2)'],
  path: ['((0,0),(1,1))'],
  tsvector: ["'fat' 'cat':3A"],
  int4range: ['[1,10)', 'empty'],
  'integer[]': ['{1,NULL,3}', '{}', '{{1,2},{3,4}}'],
  'text[]': ['{"a,b","c\\"d",NULL,""}'],
  'v.mood': ['happy', 'so so'],
  'v.grade': ['A'],
  'v.pair': ['(1,"x,y")'],
};

const TYPES = Object.keys(VALUES);

describe('A value', () => {
  let sis: SisFixture;

  beforeAll(async () => {
    sis = await startSisFixture({ wal_level: 'logical', log_statement: 'none' });
    await sis.admin.query(`ALTER ROLE lake SUPERUSER; CREATE SCHEMA v;
      CREATE TYPE v.mood AS ENUM ('happy', 'so so');
      CREATE DOMAIN v.grade AS varchar(2) NOT NULL DEFAULT 'F' CHECK (VALUE ~ '^[A-F]');
      CREATE TYPE v.pair AS (a int, b text)`);
    for (const [i, type] of TYPES.entries()) {
      await sis.admin.query(`CREATE TABLE v.t${i} (id int PRIMARY KEY, touched int, v ${type})`);
      for (const [n, value] of [...VALUES[type]!, ...(type === 'v.grade' ? [] : [null])].entries())
        await sis.admin.query(`INSERT INTO v.t${i} VALUES ($1, 0, $2::text::${type})`, [n, value]);
    }
  });
  afterAll(() => sis?.stop());

  it('of every type comes into the lake as in a copy when it comes as a change', async () => {
    const follower = new Follower(await sis.lake(), sis.source, 'v');
    const first = await follower.load();
    expect(first.tables.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(first.tables).toHaveLength(TYPES.length);
    for (const i of TYPES.keys()) await sis.admin.query(`UPDATE v.t${i} SET touched = 1`);
    const second = await follower.load();

    for (const [i, type] of TYPES.entries()) {
      const [copied, changed] = [first.byName[`t${i}`]!, second.byName[`t${i}`]!];
      expect([type, changed.increment]).toEqual([type, true]);
      const rows = (files: typeof copied.files) =>
        askFiles(
          follower.root,
          files!.map(({ key }) => key),
          'SELECT id, v, typeof(v) FROM $files ORDER BY id',
        );
      expect([type, await rows(changed.files)]).toEqual([type, await rows(copied.files)]);
      expect([type, changed.setAside]).toEqual([type, copied.setAside]);
    }
  });
});
