import { rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findRunningPostgres, type PostgresConnection } from '../../../src/platform/local/postgres/server.ts';
import { openLocalWarehouse, serveWarehouse } from '../../../src/platform/local/warehouse.ts';
import { PostgresInUseError } from '../../../src/ports/errors.ts';
import type { TableSet } from '../../../src/ports/tables.ts';
import type { WarehouseNotes } from '../../../src/ports/warehouse.ts';
import { granted } from '../../granted.ts';
import {
  asOwner,
  newCampus,
  open,
  readAs,
  tableOf,
  type WarehouseCampus,
} from '../../platform/local/warehouse-campus.ts';

describe('the warehouse of one machine', () => {
  let campus: WarehouseCampus;
  let loads = 0;
  const next = () => `p${++loads}`;
  const load = async (tables: TableSet, publication = next()) =>
    open(campus).load(publication, granted(tables));
  const numbers = async (name: string, n: number, columns = 'i AS n') => ({
    [name]: await tableOf(campus, name, `SELECT ${columns} FROM UNNEST(SEQUENCE(1, ${n})) AS s(i)`),
  });

  beforeAll(async () => {
    campus = await newCampus();
  });
  afterAll(async () => {
    await campus.engine.close();
    await rm(campus.root, { recursive: true });
  });

  it('runs only while it is loaded', async () => {
    await load(await numbers('campus.t', 10));

    expect(await findRunningPostgres(campus.place.directory)).toBeUndefined();
    expect((await open(campus).describe()).publication).toBe(`p${loads}`);
    expect((await stat((await open(campus).describe()).passwordAt)).mode & 0o777).toBe(0o600);
  });

  it('is served once a run has ended loading it, and once only', async () => {
    const loading = load(await numbers('campus.t', 10));
    while (!(await findRunningPostgres(campus.place.directory))) await sleep(2);

    const served = await serveWarehouse(campus.place);

    await expect(loading).resolves.toMatchObject({ rows: 10 });
    expect(served.info.publication).toBe(`p${loads}`);
    await expect(serveWarehouse(campus.place)).rejects.toThrow(PostgresInUseError);
    await served.stop();
  });

  it('is loaded though the server that it found ends meanwhile', async () => {
    const served = await serveWarehouse(campus.place);
    const loading = load(await numbers('campus.t', 10));
    await sleep(20);

    await served.stop();

    await expect(loading).resolves.toMatchObject({ rows: 10 });
  });

  describe('while it is served', () => {
    let served: Awaited<ReturnType<typeof serveWarehouse>>;
    const read = (sql: string) => readAs(served.info, sql);
    beforeAll(async () => {
      served = await serveWarehouse(campus.place);
    });
    afterAll(() => served.stop());

    it('says where, and what it shows', async () => {
      expect(served.info).toMatchObject({
        url: `postgres://dashboard@127.0.0.1:${campus.place.port}/lake`,
        jdbc: `jdbc:postgresql://127.0.0.1:${campus.place.port}/lake`,
        publication: `p${loads}`,
      });
      expect(await read('SELECT count(*) FROM t')).toEqual([['10']]);
    });

    it('tells clients of keys, references, what is filled, how long texts are, and which clock times are by', async () => {
      const notes: WarehouseNotes = {
        'campus.people': {
          description: 'People',
          columns: { id: 'a number' },
          key: ['id'],
          filled: ['id'],
          references: [],
        },
        'campus.seats': {
          columns: { since: 'UTC' },
          key: ['person', 'seat'],
          filled: ['person', 'seat', 'since'],
          references: [{ column: 'person', to: 'campus.people', field: 'id' }],
        },
      };
      const set = async (seats: string) => ({
        'campus.people': await tableOf(
          campus,
          'campus.people',
          "SELECT CAST('p1' AS varchar) AS id, CAST('Zoë' AS varchar) AS name",
        ),
        'campus.seats': await tableOf(campus, 'campus.seats', seats),
      });
      const row =
        "SELECT CAST('p1' AS varchar) AS person, 1 AS seat, TIMESTAMP '2026-10-05 06:00:00' AS since";
      const shape = () =>
        asOwner(
          campus,
          `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS filled, col_description(a.attrelid, a.attnum) AS said,
                  (SELECT string_agg(c.contype, '' ORDER BY c.contype) FROM pg_constraint c WHERE c.conrelid = a.attrelid AND a.attnum = ANY (c.conkey) AND contype <> 'n') AS keys
             FROM pg_attribute a WHERE a.attrelid = 'campus.seats'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
        );
      const loadNoted = async (seats: string) =>
        open(campus).load(next(), granted(await set(seats)), [], notes);

      await loadNoted(row);
      const first = await shape();
      await asOwner(
        campus,
        "COMMENT ON TABLE campus.people IS 'our people'; COMMENT ON COLUMN campus.people.id IS NULL",
      );
      await loadNoted(row);

      expect(first).toEqual([
        { name: 'person', type: 'character varying(32)', filled: true, said: null, keys: 'fp' },
        { name: 'seat', type: 'integer', filled: true, said: null, keys: 'p' },
        { name: 'since', type: 'timestamp without time zone', filled: true, said: 'UTC', keys: null },
      ]);
      expect(await shape()).toEqual(first);
      expect(
        await asOwner(
          campus,
          "SELECT obj_description('campus.people'::regclass) AS a, col_description('campus.people'::regclass, 1) AS b",
        ),
      ).toEqual([{ a: 'our people', b: null }]);

      // Rows that a check let through all the same are served, without what they do not hold to.
      const { remarks } = await loadNoted(`${row} UNION ALL SELECT 'p1', 1, NULL`);
      expect(remarks).toEqual([]);
      expect(await shape()).toMatchObject([{ keys: 'f' }, { keys: null, filled: true }, { filled: false }]);
      await loadNoted(row);
      expect(await shape()).toMatchObject([{ keys: 'fp' }, { keys: 'p' }, { filled: true }]);
    });

    it('bounds what a reader may take, and lets it make temporary tables', async () => {
      expect(
        await read(
          "SELECT current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout'), current_setting('timezone')",
        ),
      ).toEqual([['30min', '10min', 'UTC']]);
      expect(await read('CREATE TEMP TABLE mine AS SELECT 1 AS n; SELECT n FROM mine')).toEqual([['1']]);

      const reader = { ...campus.place, statementTimeoutMinutes: 0, idleTimeoutMinutes: 5 };
      await openLocalWarehouse({ ...reader, root: campus.root }).load(
        next(),
        granted(await numbers('campus.t', 2)),
      );
      expect(
        await read(
          "SELECT current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')",
        ),
      ).toEqual([['0', '5min']]);
    });

    it('keeps rights that people granted, and views that they made', async () => {
      await load(await numbers('campus.t', 3));
      await asOwner(
        campus,
        `CREATE ROLE advisor; GRANT USAGE ON SCHEMA campus TO advisor; GRANT SELECT ON campus.t TO advisor;
         CREATE SCHEMA advising; CREATE VIEW advising.big AS SELECT n FROM campus.t WHERE n > 1;
         CREATE VIEW advising.biggest AS SELECT max(n) AS n FROM advising.big`,
      );

      await load(await numbers('campus.t', 5));

      const [rights] = await asOwner<{ may: boolean }>(
        campus,
        `SELECT has_table_privilege('advisor', 'campus.t', 'SELECT') AND has_schema_privilege('advisor', 'campus', 'USAGE') AS may`,
      );
      expect(rights).toEqual({ may: true });
      expect(await asOwner(campus, 'SELECT n FROM advising.biggest')).toEqual([{ n: '5' }]);
      await asOwner(campus, 'DROP SCHEMA advising CASCADE');
    });

    it('leaves old rows to the query that reads them, and the next load shows its own', async () => {
      await load(await numbers('campus.t', 8));
      const server = (await findRunningPostgres(campus.place.directory)) as PostgresConnection;
      const reader = new pg.Client({ connectionString: server.url.replace(/postgres$/, 'lake') });
      await reader.connect();
      await reader.query('BEGIN; DECLARE slow CURSOR FOR SELECT n FROM campus.t');

      await load(await numbers('campus.t', 9));
      const rows = await reader.query('FETCH ALL FROM slow');
      await reader.end();
      await load(await numbers('campus.t', 2));

      expect(rows.rowCount).toBe(8);
      expect(await read('SELECT count(*) FROM t')).toEqual([['2']]);
    });

    it('calls the procedures whose tables are there, in the same transaction', async () => {
      const procedures = path.join(campus.root, 'procedures');
      await writeFile(
        path.join(procedures, '1-total.sql'),
        procedure('total', 'campus.t (n)', 'sum(n) FROM campus.t'),
      );
      await writeFile(
        path.join(procedures, '2-none.sql'),
        procedure('none', 'campus.t (n, gone)', 'sum(gone) FROM campus.t'),
      );

      const { remarks } = await load(await numbers('campus.t', 4));

      expect(remarks).toEqual(['mart.refresh_none was not called: campus.t has no column gone']);
      expect(await read('SELECT publication, total FROM mart.total')).toEqual([[`p${loads}`, '10']]);

      await writeFile(
        path.join(procedures, '2-none.sql'),
        procedure('none', 'campus.t (n)', '1 / (sum(n) - 6) FROM campus.t'),
      );
      await expect(load(await numbers('campus.t', 3))).rejects.toThrow(
        /mart\.refresh_none.*division by zero/,
      );

      expect(await read('SELECT publication, total FROM mart.total')).toEqual([[`p${loads - 1}`, '10']]);
      expect(await read('SELECT count(*) FROM campus.t')).toEqual([['4']]);
      await rm(path.join(procedures, '2-none.sql'));
      await load(await numbers('campus.t', 3));
      expect(await read('SELECT total FROM mart.total')).toEqual([['6']]);
    });

    it('copies only tables whose rows differ from those that are there, whoever changed them', async () => {
      const n = await tableOf(campus, 'campus.n', 'SELECT i FROM UNNEST(SEQUENCE(1, 3)) AS s(i)');
      const same = await tableOf(campus, 'campus.n', 'SELECT i FROM UNNEST(SEQUENCE(1, 3)) AS s(i)');
      const more = await tableOf(campus, 'campus.n', 'SELECT i FROM UNNEST(SEQUENCE(1, 4)) AS s(i)');
      const other = await tableOf(campus, 'campus.n', 'SELECT i FROM UNNEST(SEQUENCE(2, 5)) AS s(i)');
      const rows = () =>
        asOwner<{ i: string; by: string }>(campus, 'SELECT i, xmin::text AS by FROM campus.n ORDER BY i');
      const values = async () => (await rows()).map(({ i }) => Number(i));

      await load({ 'campus.n': n });
      const first = await rows();
      expect(await load({ 'campus.n': n })).toMatchObject({ rows: 3 });
      await load({ 'campus.n': same });
      expect(await rows()).toEqual(first);

      await load({ 'campus.n': more });
      expect(await values()).toEqual([1, 2, 3, 4]);
      await load({ 'campus.n': other });
      expect(await values()).toEqual([2, 3, 4, 5]);
      for (const meddling of [
        'UPDATE campus.n SET i = 9 WHERE i = 2',
        'DELETE FROM campus.n WHERE i = 2',
        'INSERT INTO campus.n VALUES (2)',
        'ALTER TABLE campus.n DROP COLUMN i, ADD COLUMN i bigint',
        'ALTER TABLE campus.n ALTER COLUMN i TYPE bigint USING 0',
        'DROP TABLE campus.n; CREATE TABLE campus.n (i bigint)',
      ]) {
        await asOwner(campus, meddling);
        await load({ 'campus.n': other });
        expect(await values(), meddling).toEqual([2, 3, 4, 5]);
      }
    });

    it("fills the lake's own summary of students who need attention, by program", async () => {
      const students = await tableOf(
        campus,
        'campus.students',
        // Twelve of BIO; six of ART and five of none, which are counted together; three of a term of their own.
        `SELECT 's' || CAST(i AS varchar) AS student_id,
                CASE WHEN i <= 12 THEN 'BIO' WHEN i <= 18 THEN 'ART' WHEN i <= 23 THEN NULL ELSE 'BIO' END AS program_code,
                CASE WHEN i <= 23 THEN '2026F' ELSE '2026S' END AS admitted_term
           FROM UNNEST(SEQUENCE(1, 26)) AS t(i)`,
      );
      const attention = await tableOf(
        campus,
        'campus.first_semester_attention',
        `SELECT t.*, TIMESTAMP '2026-10-05 06:00:00' AS as_of
           FROM (VALUES ('s1', '2026F', 'BIO', 80, 3, 20), ('s2', '2026F', 'BIO', 45, 0, 14),
                        ('s13', '2026F', 'ART', 90, 1, 2), ('s20', '2026F', NULL, 30, 1, 2), ('s24', '2026S', 'BIO', 30, 1, 2))
             AS t (student_id, term_code, program_code, concern, work_missing, silent_days)`,
      );
      const lake = openLocalWarehouse({ ...campus.place, root: campus.root });

      const { remarks } = await lake.load(
        next(),
        granted({
          'campus.students': students,
          'campus.first_semester_attention': attention,
        }),
      );

      expect(remarks).toEqual([]);
      const at = ['2026-10-05 06:00:00', `p${loads}`];
      expect(await read('SELECT * FROM attention_by_program ORDER BY term_code, program_code')).toEqual([
        ['2026F', 'BIO', '12', '2', '1', '1', '2', '62.50', ...at],
        ['2026F', 'small programs', '11', '2', '1', '2', '0', '60.00', ...at],
        ['2026S', 'small programs', '3', null, null, null, null, null, ...at],
      ]);
    });

    it('lets no reader call a procedure', async () => {
      await expect(read("CALL mart.refresh_total('mine')")).rejects.toThrow('permission denied');
    });
  });
});

/** A procedure that keeps one number, in the portable form. */
function procedure(name: string, reads: string, select: string): string {
  return `-- call: mart.refresh_${name}
-- reads: ${reads}
CREATE TABLE IF NOT EXISTS mart.${name} (publication varchar(256), total bigint);
CREATE OR REPLACE PROCEDURE mart.refresh_${name}(p_publication varchar) AS $$
BEGIN
  DELETE FROM mart.${name};
  INSERT INTO mart.${name} SELECT p_publication, ${select};
END;
$$ LANGUAGE plpgsql;
`;
}
