import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pseudonymOf } from '../../src/privacy/pseudonym.ts';
import { specOf } from '../platform/local/duckdb/lake-folder.ts';
import { homeOf, PSEUDONYM_KEYS, type QueryEngineHome } from './query-engine-home.ts';

/** What every query engine promises of raw files in Parquet: DAP's structs, and DMS's flat full loads. */
export function parquetContract(open: () => Promise<QueryEngineHome>): void {
  describe('promises about raw Parquet', () => {
    const home = homeOf(open);
    const { rows } = home;
    let folder: string;
    let database: DuckDBInstance;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'raw-parquet-'));
      database = await DuckDBInstance.create();
    });
    afterAll(async () => {
      database?.closeSync();
      if (folder) await rm(folder, { recursive: true });
    });

    /** A SELECT's rows as a raw Parquet file. */
    async function parquet(key: string, select: string): Promise<string> {
      const path = join(folder, 'draft.parquet');
      const connection = await database.connect();
      await connection.run(`SET TimeZone = 'UTC'; COPY (${select}) TO '${path}' (FORMAT parquet)`);
      connection.closeSync();
      return home.putRaw(key, await readFile(path));
    }

    it('reads DAP structs: no action in a snapshot, instants with a zone, nested values, a D without value', async () => {
      const spec = specOf(
        'canvas.courses',
        [
          { name: 'id', type: 'bigint' },
          { name: 'name', type: 'varchar' },
          { name: 'settings', type: 'varchar' },
          { name: 'start_at', type: 'timestamp' },
        ],
        { format: 'parquet' },
      );
      const value = (name: string) =>
        `{name: '${name}', settings: {hide: 'no'}, start_at: TIMESTAMPTZ '2026-01-01 02:00:00+02'}`;
      const snapshot = await parquet(
        'raw/canvas/canvas/courses/1/part-0.parquet',
        `SELECT {id: 21070000000000000 + i} AS key, ${value('c')} AS value, {ts: TIMESTAMPTZ '2026-01-02 00:00:00Z'} AS meta FROM range(3) t(i)`,
      );
      const increment = await parquet(
        'raw/canvas/canvas/courses/2/part-0.parquet',
        `SELECT {id: 21070000000000001} AS key, ${value('new')} AS value, {ts: TIMESTAMPTZ '2026-01-03 00:00:00Z', action: 'U'} AS meta
         UNION ALL SELECT {id: 21070000000000002}, NULL, {ts: TIMESTAMPTZ '2026-01-03 00:00:00Z', action: 'D'}`,
      );

      const first = await home.engine.replace(spec, [snapshot], 'v1');
      const second = await home.engine.merge(first.version, spec, [increment], 'v2');

      expect(second).toMatchObject({ read: 2, upserted: 1, deleted: 1, version: { rows: 2 } });
      expect(
        await rows('SELECT * FROM canvas.courses ORDER BY id', { 'canvas.courses': second.version }),
      ).toEqual([
        [21070000000000000n, 'c', '{"hide":"no"}', '2026-01-01 00:00:00.000'],
        [21070000000000001n, 'new', '{"hide":"no"}', '2026-01-01 00:00:00.000'],
      ]);
    });

    const STUDENTS = `SELECT 'S' || i AS student_id, CAST(i AS INTEGER) AS credits, CAST(i + 0.25 AS DECIMAL(5,2)) AS gpa,
      DATE '2026-01-31' AS since, TIMESTAMP '2026-01-31 08:00:00.12' AS seen, 'x' AS ssn, true AS "active"
      FROM range(3) t(i)`;

    it('reads a full load of the SIS where it lies, beside its manifest, columns excluded apart', async () => {
      const spec = specOf(
        'sis.registrar_students',
        [
          { name: 'student_id', type: 'varchar' },
          { name: 'credits', type: 'integer' },
          { name: 'gpa', type: 'decimal(5,2)' },
          { name: 'since', type: 'date' },
          { name: 'seen', type: 'timestamp' },
          { name: 'left_us', type: 'date', absent: true },
        ],
        { layout: 'dms', format: 'parquet', key: [] },
      );
      const at = 'raw/sis/1/registrar/students';
      const files = [await parquet(`${at}/LOAD00000001.parquet`, STUDENTS)];
      await home.putRaw(`${at}/_manifest.json`, Buffer.from('{"no":"parquet"}'));

      const { version, read } = await home.engine.replace(spec, files, 'load:1');

      expect([read, version.rows]).toEqual([3, 3]);
      const found = await rows('SELECT * FROM sis.registrar_students ORDER BY student_id', {
        'sis.registrar_students': version,
      });
      expect(found[1]).toEqual(['S1', 1, '1.25', '2026-01-31', '2026-01-31 08:00:00.120', null]);
      expect(found).toHaveLength(3);
    });

    it('takes of a full load only the files that were committed, whatever else lies next to them', async () => {
      const columns = [{ name: 'student_id', type: 'varchar' } as const];
      const spec = specOf('sis.registrar_students', columns, { layout: 'dms', format: 'parquet', key: [] });
      const at = 'raw/sis/4/registrar/students';
      const files = [await parquet(`${at}/LOAD00000001.parquet`, STUDENTS)];
      await parquet(`${at}/LOAD00000002.parquet`, STUDENTS);

      const { version } = await home.engine.replace(spec, files, 'load:4');

      const found = await rows('SELECT count(*) FROM sis.registrar_students', {
        'sis.registrar_students': version,
      });
      expect([version.rows, found]).toEqual([3, [[3n]]]);
    });

    it('writes a full load again where the types are not the catalog’s, or pseudonyms or masks are to be made', async () => {
      const spec = specOf(
        'sis.registrar_students',
        [
          {
            name: 'person',
            source: 'student_id',
            type: 'varchar',
            treatment: 'pseudonym',
            pseudonymKind: 'person',
          },
          { name: 'credits', type: 'bigint' },
          { name: 'gpa', type: 'varchar' },
          { name: 'is_active', source: 'active', type: 'varchar' },
          { name: 'seen', type: 'timestamp' },
          { name: 'since', type: 'date', treatment: 'mask', mask: 'month' },
          { name: 'ssn', type: 'varchar', treatment: 'mask', mask: 'last_four' },
        ],
        { layout: 'dms', format: 'parquet', key: [] },
      );
      const file = await parquet('raw/sis/2/registrar/students/LOAD00000001.parquet', STUDENTS);

      const { version } = await home.engine.replace(spec, [file], 'load:2');

      expect(
        await rows('SELECT * FROM sis.registrar_students ORDER BY credits LIMIT 1', {
          'sis.registrar_students': version,
        }),
      ).toEqual([
        [
          pseudonymOf('S0', 'person', PSEUDONYM_KEYS),
          0n,
          '0.25',
          'true',
          '2026-01-31 08:00:00.120',
          '2026-01-01',
          '***',
        ],
      ]);
    });

    it('gives a whole id that is delivered with places the pseudonym that it has without', async () => {
      const spec = specOf(
        'sis.registrar_holds',
        [
          {
            name: 'person',
            type: 'varchar',
            treatment: 'pseudonym',
            pseudonymKind: 'person',
            wholeId: true,
          },
        ],
        { layout: 'dms', format: 'parquet', key: [] },
      );
      const ids = 'SELECT CAST(v AS DECIMAL(28,6)) AS person FROM (VALUES (700), (71.5), (-8), (NULL)) t(v)';
      const file = await parquet('raw/sis/9/registrar/holds/LOAD00000001.parquet', ids);

      const { version } = await home.engine.replace(spec, [file], 'load:9');

      const found = await rows('SELECT person FROM sis.registrar_holds', { 'sis.registrar_holds': version });
      const tokens = ['700', '71.500000', '-8'].map((id) => pseudonymOf(id, 'person', PSEUDONYM_KEYS));
      expect(found.map(([person]) => person).sort()).toEqual([...tokens, null].sort());
    });

    it('masks a full load whose types are the catalog’s', async () => {
      const columns = [
        { name: 'student_id', type: 'varchar' },
        { name: 'credits', type: 'integer', treatment: 'mask', mask: 'band 2' },
      ] as const;
      const spec = specOf('sis.registrar_students', columns, { layout: 'dms', format: 'parquet', key: [] });
      const file = await parquet('raw/sis/5/registrar/students/LOAD00000001.parquet', STUDENTS);

      const { version } = await home.engine.replace(spec, [file], 'load:5');

      const found = await rows('SELECT credits FROM sis.registrar_students ORDER BY student_id', {
        'sis.registrar_students': version,
      });
      expect(found).toEqual([[0], [0], [2]]);
    });

    it.each([
      [
        { name: 'gpa', type: 'integer' } as const,
        /2 values of sis\.registrar_students\.gpa do not fit the type integer/,
      ],
      [{ name: 'nickname', type: 'varchar' } as const, /have no column "nickname"/],
    ])('refuses a full load that does not fit the catalog: %j', async (column, message) => {
      const spec = specOf('sis.registrar_students', [column], { layout: 'dms', format: 'parquet', key: [] });
      const some = `SELECT CAST(CASE WHEN i = 0 THEN 1 ELSE i + 0.25 END AS DECIMAL(5,2)) AS gpa FROM range(3) t(i)`;
      const file = await parquet('raw/sis/3/registrar/students/LOAD00000001.parquet', some);

      await expect(home.engine.replace(spec, [file], 'load:3')).rejects.toThrow(message);
    });

    const CHANGING = specOf(
      'sis.registrar_awards',
      [
        { name: 'id', type: 'bigint' },
        { name: 'who', source: 'WHO', type: 'varchar' },
        { name: 'amount', type: 'decimal(8,2)' },
      ],
      { layout: 'dms-changes', format: 'parquet' },
    );
    const at = 'raw/sis-changes/1/registrar/awards';
    const LOADED = `SELECT '2026-11-22 02:30:00.000000' AS dms_commit_time, CAST(i AS BIGINT) AS id, 'w' || i AS "WHO",
      CAST(i AS DECIMAL(8,2)) AS amount, 'x' AS ssn, '' AS dms_change_seq FROM range(4) t(i)`;
    const change = (op: string, place: number, id: number, who?: string) =>
      `SELECT '${op}' AS "Op", '2026-11-22 03:00:00.000000' AS dms_commit_time, CAST(${id} AS BIGINT) AS id,
        CAST(${who === undefined ? 'NULL' : `'${who}'`} AS VARCHAR) AS "WHO",
        CAST(${who === undefined ? 'NULL' : '7.5'} AS DECIMAL(8,2)) AS amount, CAST(NULL AS VARCHAR) AS ssn,
        '2026112203000000${String(place).padStart(19, '0')}' AS dms_change_seq`;
    const all = (version: { table: string }) =>
      rows('SELECT * FROM sis.registrar_awards ORDER BY id', { 'sis.registrar_awards': version as never });

    it('merges change files of DMS into a full load by their place, not by their commit time or their file', async () => {
      const load = await parquet(`${at}/LOAD00000001.parquet`, LOADED);
      const cached = await parquet(
        `${at}/20261122-030000000.parquet`,
        [change('I', 1, 9, 'new'), change('U', 2, 1, 'old'), change('D', 3, 0)].join(' UNION ALL '),
      );
      // The later change of key 1 lies in the earlier file.
      const one = await parquet(
        `${at}/20261122-030500000.parquet`,
        [change('U', 7, 1, 'newest'), change('D', 5, 2)].join(' UNION ALL '),
      );
      const two = await parquet(
        `${at}/20261122-031000000.parquet`,
        [change('U', 6, 1, 'older'), change('I', 8, 2, 'back'), change('D', 4, 9)].join(' UNION ALL '),
      );

      const first = await home.engine.replace(CHANGING, [load, cached], 'run:1');
      const second = await home.engine.merge(first.version, CHANGING, [one, two], 'run:2');
      const stale = await home.engine.merge(second.version, CHANGING, [cached, one], 'run:3');

      expect(first.version.rows).toBe(4);
      expect(await all(first.version)).toEqual([
        [1n, 'old', '7.50'],
        [2n, 'w2', '2.00'],
        [3n, 'w3', '3.00'],
        [9n, 'new', '7.50'],
      ]);
      expect(second).toMatchObject({ read: 5, upserted: 2, deleted: 1, version: { rows: 3 } });
      expect(stale).toMatchObject({ deleted: 0, version: { rows: 3 } });
      // A change that comes again at its own place is the same row; Athena's MERGE writes it once more.
      expect(stale.upserted).toBeLessThanOrEqual(1);
      expect(await all(stale.version)).toEqual([
        [1n, 'newest', '7.50'],
        [2n, 'back', '7.50'],
        [3n, 'w3', '3.00'],
      ]);
    });

    it('merges changes into a table that was empty, and takes a night without any', async () => {
      const file = await parquet(`${at}/20261122-040000000.parquet`, change('I', 1, 5, 'first'));

      const empty = await home.engine.replace(CHANGING, [], 'empty:1');
      const quiet = await home.engine.merge(empty.version, CHANGING, [], 'empty:2');
      const filled = await home.engine.merge(quiet.version, CHANGING, [file], 'empty:3');

      expect(quiet.version.rows).toBe(0);
      expect(await all(filled.version)).toEqual([[5n, 'first', '7.50']]);
    });

    it.each([
      [
        'change without its place',
        change('U', 1, 1, 'x').replace(/'\d{35}'/, "''"),
        /1 of 1 .* lack dms_change_seq/,
      ],
      [
        'change without its key',
        change('D', 1, 1).replace('CAST(1 AS', 'CAST(NULL AS'),
        /lack their key \(id\)/,
      ],
    ])('refuses a %s', async (_what, select, message) => {
      const file = await parquet(`${at}/20261122-050000000.parquet`, select);
      const { version } = await home.engine.replace(CHANGING, [], 'bad:1');

      await expect(home.engine.merge(version, CHANGING, [file], 'bad:2')).rejects.toThrow(message);
    });

    // A driver may count bytes, or characters of two: a value that was cut at twice the limit is longer than it by both.
    it.each([
      ['one byte too long', `repeat('x', 1024)`, /essays have 1 KB or more .*cut.*: body \(1 value\)/],
      ['cut at characters of three bytes', `repeat('€', 400)`, /body \(1 value\)/],
      ['binary and too long', `encode(repeat('x', 2000))`, /body \(1 value\)/],
    ])('refuses a full load and changes with a value that is %s', async (_what, body, message) => {
      const type = body.startsWith('encode') ? ('varbinary' as const) : ('varchar' as const);
      const columns = [
        { name: 'id', type: 'bigint' },
        { name: 'body', type },
      ] as const;
      const load = specOf('sis.essays', [...columns], { layout: 'dms', format: 'parquet', key: [] });
      const follow = specOf('sis.essays', [...columns], {
        layout: 'dms-changes',
        format: 'parquet',
        key: ['id'],
      });
      const short = type === 'varchar' ? `'short'` : `encode('short')`;
      const select = `SELECT CAST(1 AS BIGINT) AS id, ${body} AS body UNION ALL SELECT CAST(2 AS BIGINT), ${short}`;
      const file = await parquet(`raw/sis/9/reg/essays/${body.length}/LOAD00000001.parquet`, select);

      for (const spec of [load, follow]) {
        await expect(home.engine.replace({ ...spec, lobLimit: 1024 }, [file], 'long:1')).rejects.toThrow(
          message,
        );
      }
      const wide = await home.engine.replace({ ...load, lobLimit: 4096 }, [file], 'long:2');
      const kept = { ...load, columns: load.columns.filter(({ name }) => name === 'id'), lobLimit: 1024 };
      const narrow = await home.engine.replace(kept, [file], 'long:3');
      expect([wide.version.rows, narrow.version.rows]).toEqual([2, 2]);
    });

    it('shows an empty full load as an empty table', async () => {
      const spec = specOf('sis.registrar_students', [{ name: 'gpa', type: 'double' }], {
        layout: 'dms',
        format: 'parquet',
        key: [],
      });

      const { version } = await home.engine.replace(spec, [], 'load:4');

      expect(version.rows).toBe(0);
      expect(
        await rows('SELECT count(*) FROM sis.registrar_students', { 'sis.registrar_students': version }),
      ).toEqual([[0n]]);
    });
  });
}
