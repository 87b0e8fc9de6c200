import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEY_SUM_RECIPE } from '../../../src/loads/key-sum.ts';
import { openLocalEngine } from '../../../src/platform/local/duckdb/engine.ts';
import { mappingsFor } from '../../contract/replication.ts';
import { specOf } from '../../platform/local/duckdb/lake-folder.ts';
import {
  allOf,
  askFiles,
  replicate,
  type SisFixture,
  startSisFixture,
} from '../../platform/local/replication/sis-fixture.ts';

/** Every key of the schema `k`: of some rows, and with a column renamed. */
const KEYED = mappingsFor(
  'k',
  ['none'],
  {
    'rule-type': 'selection',
    'rule-action': 'include',
    'object-locator': { 'schema-name': 'k', 'table-name': 'seen', 'table-type': 'view' },
  },
  {
    'rule-type': 'selection',
    'rule-action': 'explicit',
    'object-locator': { 'schema-name': 'k', 'table-name': 'keyed' },
    filters: [
      {
        'filter-type': 'source',
        'column-name': 'kept',
        'filter-conditions': [{ 'filter-operator': 'eq', value: 'true' }],
      },
    ],
  },
  {
    'rule-type': 'transformation',
    'rule-target': 'column',
    'rule-action': 'rename',
    'object-locator': { 'schema-name': 'k', 'table-name': 'keyed', 'column-name': 'name' },
    value: 'person',
  },
);

const SETUP = `
CREATE SCHEMA k;
CREATE TABLE k.keyed (id bigint, small smallint, old_id numeric(12,0), share numeric(7,3), day date, at timestamptz, yes boolean,
  code char(6), name text, tag uuid, bare numeric, kept boolean);
INSERT INTO k.keyed VALUES
  (21070000000000001, -1, 999999999999, 100.500, '2026-01-31', '2026-01-01 02:00:00.1234+00', true, 'ab', 'ü 😀 李', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 5, true),
  (-9223372036854775808, 0, -1, -20, 'infinity', '1969-12-31 23:59:59.999+00', false, '', '', NULL, -0.25, true),
  (9223372036854775807, NULL, NULL, NULL, '0044-03-15 BC', NULL, NULL, NULL, NULL, NULL, NULL, true),
  (1, 1, 1, 1, '1970-01-01', '-infinity', true, 'x', 'not copied', NULL, 1, false);
CREATE TABLE k.none (id bigint);
CREATE VIEW k.seen AS SELECT id FROM k.keyed;
`;

describe('Keys and values at the edge on their way from the SIS into Parquet', () => {
  let sis: SisFixture;
  let root: string;

  beforeAll(async () => {
    sis = await startSisFixture();
    await sis.admin.query(SETUP);
    root = await sis.lake();
  });
  afterAll(() => sis?.stop());

  it('the sum of their keys is one, whether PostgreSQL counts it or the files give it', async () => {
    const key = ['id', 'small', 'old_id', 'share', 'day', 'at', 'yes', 'code', 'person', 'tag', 'bare'];
    const keys = [
      { schema: 'k', table: 'keyed', columns: key },
      { schema: 'k', table: 'none', columns: ['id'] },
      { schema: 'k', table: 'seen', columns: ['id'] },
    ];
    const { byName } = await replicate(root, sis.source, KEYED, 'keys', keys);
    const { keyed, none, seen } = byName;
    const spec = specOf('sis.keyed', keyed!.columns!, { layout: 'dms', format: 'parquet', key });
    const files = keyed!.files!.map((file) => path.join(root, file.key));
    const engine = await openLocalEngine({ root, threads: 1 });
    try {
      const { version } = await engine.replace(spec, files, 'keys');

      expect(version.rows).toBe(3);
      const days = await askFiles(
        root,
        keyed!.files!.map((file) => file.key),
        'SELECT day::VARCHAR FROM $files',
      );
      expect(days.flat().sort()).toEqual(['0044-03-15 (BC)', '2026-01-31', '9999-12-31']);
      expect(keyed!.keySum).toEqual(await engine.keySum(version, key));
      expect(none!.keySum).toEqual({ columns: ['id'], sum: '0', recipe: KEY_SUM_RECIPE });
      expect(seen!.keySum).toBeUndefined();
    } finally {
      await engine.close();
    }
  });

  it('a number or an instant beyond the lake’s is set aside and counted, and the table is copied', async () => {
    await sis.admin.query(`CREATE SCHEMA beyond;
      CREATE TABLE beyond.both (id int PRIMARY KEY, n numeric, t timestamp, z timestamptz, said numeric(30,2), text text);
      INSERT INTO beyond.both VALUES
        (1, 12345678901234567890123456, '294276-12-31 23:59:59.999999', '294247-01-01 00:00:00+00', 1, 'one'),
        (2, 9999999999999999999999.9999999, '294246-12-31 23:59:59.999', '0044-03-15 12:00:00+00 BC', 2, 'two'),
        (3, -1e22, 'infinity', '-infinity', 3, 'three'),
        (4, 'NaN', NULL, NULL, 4, NULL),
        (5, '-Infinity', '1969-12-31 23:59:59.9996', '2026-03-08 07:30:00+00', 5, '');
      CREATE TABLE beyond.plain (id int PRIMARY KEY, n numeric);
      INSERT INTO beyond.plain VALUES (1, 1.5);
      CREATE TABLE beyond.keyed (n numeric PRIMARY KEY, t text);
      INSERT INTO beyond.keyed VALUES (1, 'a'), (1e25, 'b');
      CREATE TABLE beyond.chosen (id int, n numeric);
      INSERT INTO beyond.chosen VALUES (1, 1e25);`);
    const keys = [{ schema: 'beyond', table: 'chosen', columns: ['n'] }];
    const { byName } = await replicate(root, sis.source, allOf('beyond'), 'beyond', keys);

    expect(byName.both!.setAside).toEqual({ n: 2, t: 1, z: 1 });
    const files = byName.both!.files!.map((file) => file.key);
    const rows = await askFiles(
      root,
      files,
      'SELECT id, n, t::varchar, z::varchar, said, text FROM $files ORDER BY 1',
    );
    expect(rows).toEqual([
      [1, null, null, null, '1.00', 'one'],
      [
        2,
        '9999999999999999999999.999999',
        '294246-12-31 23:59:59.999',
        '0044-03-15 (BC) 12:00:00',
        '2.00',
        'two',
      ],
      [3, null, '9999-12-31 23:59:59', '4713-01-01 (BC) 00:00:00', '3.00', 'three'],
      [4, null, null, null, '4.00', null],
      [5, null, '1969-12-31 23:59:59.999', '2026-03-08 07:30:00', '5.00', ''],
    ]);
    expect(byName.plain).not.toHaveProperty('setAside');
    // A key is never left empty, be it the source's or the catalog's.
    for (const table of ['keyed', 'chosen'])
      expect(byName[table]!.error).toMatch(
        /a value of column n \(numeric\) does not fit decimal\(28,6\)\. .*copyAs: text/,
      );
  });

  it('keys are said to be distinct only where the source keeps them so and all of their digits come over', async () => {
    await sis.admin.query(`CREATE SCHEMA d;
      CREATE TABLE d.whole (id int PRIMARY KEY, t text);
      CREATE TABLE d.instant (at timestamptz PRIMARY KEY);
      CREATE TABLE d.bare (n numeric PRIMARY KEY);
      CREATE TABLE d.endless (day date PRIMARY KEY);
      CREATE TABLE d.other (id int PRIMARY KEY, t text);
      INSERT INTO d.bare VALUES (1.0000001), (1.0000002);`);
    const keys = Object.entries({ whole: 'id', instant: 'at', bare: 'n', endless: 'day', other: 't' }).map(
      ([table, column]) => ({ schema: 'd', table, columns: [column] }),
    );
    const { byName } = await replicate(root, sis.source, allOf('d'), 'distinct', keys);

    const distinct = Object.values(byName).filter(({ keySum }) => keySum!.distinct);
    expect(distinct.map(({ table }) => table)).toEqual(['whole']);
    expect(Object.values(byName).every(({ keySum }) => keySum)).toBe(true);
  });

  it('of a database that does not know its encoding are read in the one that is given', async () => {
    await sis.admin.query(
      `CREATE DATABASE old ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0`,
    );
    const source = { ...sis.source, database: 'old' };
    const admin = await sis.connect('registrar', 'old');
    await admin.query(`CREATE TABLE public.t (id text PRIMARY KEY, name text, kind char(3));
      INSERT INTO public.t VALUES (convert_from('\\x4ae9'::bytea, 'SQL_ASCII'), convert_from('\\xe980'::bytea, 'SQL_ASCII'), 'a');
      DO $$ BEGIN EXECUTE 'COMMENT ON COLUMN public.t.name IS ''' || convert_from('\\xe9'::bytea, 'SQL_ASCII') || ''''; END $$;`);
    await admin.end();
    const keys = [{ schema: 'public', table: 't', columns: ['id'] }];

    const plain = await replicate(root, source, allOf('public'), 'ascii');
    const told = await replicate(root, { ...source, encoding: 'WIN1252' }, allOf('public'), 'win', keys);

    expect(plain.byName.t!.error).toMatch(/bytes that are not of its encoding .*say it as `encoding:`/);
    const files = told.byName.t!.files!.map((file) => file.key);
    expect(await askFiles(root, files, 'SELECT * FROM $files')).toEqual([['Jé', 'é€', 'a']]);
    const engine = await openLocalEngine({ root, threads: 1 });
    try {
      const spec = specOf('sis.t', told.byName.t!.columns!, {
        layout: 'dms',
        format: 'parquet',
        key: ['id'],
      });
      const { version } = await engine.replace(
        spec,
        files.map((key) => path.join(root, key)),
        'win',
      );
      expect(told.byName.t!.keySum).toMatchObject(await engine.keySum(version, ['id']));
    } finally {
      await engine.close();
    }
  });
});
