import { rm } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findRunningPostgres, type PostgresConnection } from '../../../src/platform/local/postgres/server.ts';
import { openLocalWarehouse, serveWarehouse } from '../../../src/platform/local/warehouse.ts';
import type { TableSet } from '../../../src/ports/tables.ts';
import type { WarehouseNotes } from '../../../src/ports/warehouse.ts';
import { granted } from '../../granted.ts';
import {
  asOwner,
  newCampus,
  readAs,
  tableOf,
  type WarehouseCampus,
} from '../../platform/local/warehouse-campus.ts';

/** A load replaces the rows of tables that stay the tables they are, with all that people made on them. */

let campus: WarehouseCampus;
let served: Awaited<ReturnType<typeof serveWarehouse>>;
let loads = 0;
const sessions: pg.Client[] = [];

beforeAll(async () => {
  campus = await newCampus();
  served = await serveWarehouse(campus.place);
});
afterEach(async () => {
  for (const session of sessions.splice(0)) await session.end().catch(() => undefined);
});
afterAll(async () => {
  await served.stop();
  await campus.engine.close();
  await rm(campus.root, { recursive: true });
});

const load = async (tables: TableSet, notes: WarehouseNotes = {}) => {
  const { rows, remarks = [] } = await openLocalWarehouse({
    ...campus.place,
    root: campus.root,
    procedures: `${campus.root}/procedures`,
    lockWait: { waitMs: 300, endMs: 5_000 },
  }).load(`p${++loads}`, granted(tables), [], notes);
  return { rows, remarks };
};

/** `campus.t (n bigint, mark varchar)` with n rows, or with other columns. */
const t = async (
  n: number,
  columns = "i AS n, CAST('s' || CAST(i AS varchar) AS varchar) AS mark",
  name = 'campus.t',
) => ({
  [name]: await tableOf(campus, name, `SELECT ${columns} FROM UNNEST(SEQUENCE(1, ${n})) AS s(i)`),
});

const owner = <T extends object>(sql: string) => asOwner<T>(campus, sql);
const read = (sql: string) => readAs(served.info, sql);

/** A session that stays open, of the owner or of a role. */
async function session(role?: string): Promise<pg.Client> {
  const server = (await findRunningPostgres(campus.place.directory)) as PostgresConnection;
  const client = new pg.Client({ connectionString: server.url.replace(/postgres$/, 'lake') });
  client.on('error', () => undefined);
  await client.connect();
  if (role) await client.query(`SET ROLE ${role}`);
  sessions.push(client);
  return client;
}
const countIn = async (client: pg.Client, table = 'campus.t') =>
  Number((await client.query(`SELECT count(*) AS n FROM ${table}`)).rows[0].n);

describe('what people made on a table', () => {
  afterAll(clear);

  it('outlives the night, whether it grants or restricts', async () => {
    await load({ ...(await t(3)), ...(await t(3, undefined, 'campus.hidden')) });
    await owner(`
      CREATE ROLE adviser; GRANT USAGE ON SCHEMA campus TO adviser; GRANT SELECT ON campus.t TO adviser WITH GRANT OPTION;
      CREATE ROLE finance; GRANT USAGE ON SCHEMA campus TO finance; GRANT SELECT (n) ON campus.t TO finance;
      REVOKE SELECT ON campus.hidden FROM dashboard;
      ALTER TABLE campus.t ENABLE ROW LEVEL SECURITY; ALTER TABLE campus.t FORCE ROW LEVEL SECURITY;
      CREATE POLICY one ON campus.t FOR SELECT TO adviser, finance, dashboard USING (mark = 's1');
      CREATE INDEX by_mark ON campus.t (mark);
      COMMENT ON COLUMN campus.t.n IS 'counted by hand';
      ALTER DEFAULT PRIVILEGES IN SCHEMA campus GRANT SELECT ON TABLES TO adviser;
      CREATE SCHEMA an; GRANT USAGE ON SCHEMA an TO adviser;
      CREATE VIEW an.guarded WITH (security_barrier = true, security_invoker = true) AS SELECT n, mark FROM campus.t;
      CREATE VIEW campus.inside AS SELECT max(n) AS n FROM campus.t;
      CREATE VIEW an.checked AS SELECT n FROM campus.t WHERE n > 0 WITH CASCADED CHECK OPTION;
      CREATE MATERIALIZED VIEW an.total AS SELECT count(*) AS n FROM campus.t;
      CREATE MATERIALIZED VIEW an.total_of_total AS SELECT n FROM an.total;
      CREATE UNIQUE INDEX ON an.total (n);
      CREATE FUNCTION an.rows_of_t() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM campus.t; END;
      CREATE TABLE an.fired (at timestamptz); GRANT ALL ON an.fired TO PUBLIC;
      CREATE FUNCTION an.fire() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO an.fired VALUES (now()); RETURN NULL; END $$;
      CREATE TRIGGER fires AFTER INSERT ON campus.t EXECUTE FUNCTION an.fire()`);
    const before = await protection();

    const { remarks } = await load({ ...(await t(5)), ...(await t(4, undefined, 'campus.hidden')) });

    expect(remarks).toEqual([]);
    expect(await protection()).toEqual(before);
    expect(await owner('SELECT count(*)::int AS n FROM campus.t')).toEqual([{ n: 5 }]);
    for (const role of ['adviser', 'finance']) expect(await countIn(await session(role))).toBe(1);
    await expect(read('SELECT * FROM campus.hidden')).rejects.toThrow('permission denied');
    expect(
      await owner(
        'SELECT (SELECT n FROM campus.inside) AS a, (SELECT n FROM an.total) AS b, (SELECT n FROM an.total_of_total) AS c, an.rows_of_t() AS d',
      ),
    ).toEqual([{ a: '5', b: '5', c: '5', d: '5' }]);
    expect(await owner('SELECT * FROM an.fired')).toEqual([]);
  });

  it('is not granted to the reader again, in mart either', async () => {
    await owner('REVOKE SELECT ON mart.lake_publication FROM dashboard');

    await load(await t(2));

    await expect(read('SELECT * FROM mart.lake_publication')).rejects.toThrow('permission denied');
    await owner('GRANT SELECT ON mart.lake_publication TO dashboard');
  });

  it('comes back with a table that was away, with its protection and without its rows', async () => {
    await owner('REVOKE SELECT ON campus.t FROM dashboard');
    await load(await t(1, undefined, 'campus.other'));

    await expect(owner('SELECT * FROM campus.t')).rejects.toThrow('campus.t');
    const [{ left }] = (await owner<{ left: string }>(
      "SELECT sum(pg_relation_size(oid)) AS left FROM pg_class WHERE relnamespace = 'lake_internal'::regnamespace AND relname LIKE 'table_%'",
    )) as [{ left: string }];
    expect(left).toBe('0');
    expect(await owner("SELECT name FROM mart.lake_set_aside WHERE name = 'an.guarded'")).toHaveLength(1);

    await load(await t(6));

    await expect(read('SELECT * FROM campus.t')).rejects.toThrow('permission denied');
    expect(await countIn(await session('adviser'))).toBe(1);
    expect(await countIn(await session('adviser'), 'campus.t')).toBe(1);
    expect(await owner('SELECT n FROM an.total')).toEqual([{ n: '6' }]);
    expect(await owner("SELECT reloptions FROM pg_class WHERE oid = 'an.guarded'::regclass")).toEqual([
      { reloptions: ['security_barrier=true', 'security_invoker=true'] },
    ]);
    expect(await owner('SELECT * FROM mart.lake_set_aside')).toEqual([]);
  });

  /** Everything on the tables that says who sees what, and how. */
  const protection = () =>
    owner(`
      SELECT c.oid::regclass::text, c.relacl::text, c.relrowsecurity, c.relforcerowsecurity, c.reloptions,
             (SELECT json_agg(row_to_json(p)) FROM pg_policies p WHERE p.tablename = c.relname) AS policies,
             (SELECT json_agg(pg_get_indexdef(indexrelid)) FROM pg_index WHERE indrelid = c.oid) AS indexes,
             (SELECT json_agg(json_build_array(attname, attacl::text, col_description(c.oid, attnum)) ORDER BY attnum)
                FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0) AS columns,
             (SELECT json_agg(tgname) FROM pg_trigger WHERE tgrelid = c.oid) AS triggers,
             (SELECT json_agg(defaclacl::text) FROM pg_default_acl WHERE defaclnamespace = 'campus'::regnamespace) AS defaults
        FROM pg_class c WHERE c.relnamespace IN ('campus'::regnamespace, 'an'::regnamespace) ORDER BY 1`);
});

/** What people made goes, with the table: the next load makes it as new. */
const clear = () =>
  owner(
    'DROP SCHEMA IF EXISTS an CASCADE; DROP TABLE IF EXISTS campus.t CASCADE; DELETE FROM mart.lake_set_aside',
  );

describe('a transaction that is open over a load', () => {
  it('sees the old rows to its end, in tables that it has read and in those that it has not', async () => {
    const both = async (n: number) => ({ ...(await t(n)), ...(await t(n, undefined, 'campus.u')) });
    await load(await both(3));
    const reading = await session();
    const fresh = await session();
    const dump = await session();
    await reading.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await fresh.query('BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1');
    await dump.query(
      'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; LOCK TABLE campus.t, campus.u IN ACCESS SHARE MODE; SELECT 1',
    );
    expect(await countIn(reading)).toBe(3);

    await load(await both(7));

    for (const client of [reading, fresh, dump]) {
      expect([await countIn(client), await countIn(client, 'campus.u')]).toEqual([3, 3]);
      const { rows } = await client.query('SELECT publication FROM mart.lake_publication');
      expect(rows).toEqual([{ publication: `p${loads - 1}` }]);
      await client.query('COMMIT');
      expect(await countIn(client)).toBe(7);
    }
  });

  it('is never shown part of a change of columns: it gets the old rows, or an error', async () => {
    for (const columns of [
      'i AS n',
      'i AS n, CAST(i AS varchar) AS mark, i AS more',
      'i AS n, i * 2 AS mark',
      "CAST(i AS varchar) AS n, 's1' AS mark",
    ]) {
      await load(await t(3));
      const old = ['1 s1', '2 s2', '3 s3'];
      const holding = await session();
      const fresh = await session();
      await holding.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT n FROM campus.t');
      await fresh.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1');

      await load(await t(5, columns));

      for (const client of [holding, fresh]) {
        const seen = await client.query("SELECT n || ' ' || mark AS row FROM campus.t ORDER BY n").then(
          ({ rows }) => rows.map(({ row }) => row),
          () => 'an error',
        );
        expect([old, 'an error'], columns).toContainEqual(seen);
      }
      expect(await owner('SELECT count(*)::int AS n FROM campus.t')).toEqual([{ n: 5 }]);
    }
  });

  it('does not hold up a load, and ends only where columns change under it', async () => {
    await load(await t(3));
    const idle = await session();
    await idle.query('BEGIN; SELECT n FROM campus.t');

    const began = Date.now();
    await load(await t(4));
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(await countIn(idle)).toBe(4);

    const { remarks } = await load(await t(4, 'i AS n'));
    expect(remarks).toContain('1 session was ended that held tables whose columns change');
  });
});

describe('what does not fit the new columns', () => {
  afterEach(clear);

  it('is set aside by itself, named with its reason, and comes back when it fits', async () => {
    await load(await t(3));
    await owner(`
      CREATE SCHEMA an; CREATE ROLE analyst; GRANT CREATE, USAGE ON SCHEMA an TO analyst; GRANT USAGE ON SCHEMA campus TO analyst;
      GRANT SELECT ON campus.t TO analyst;
      ALTER DEFAULT PRIVILEGES IN SCHEMA an GRANT SELECT ON TABLES TO dashboard;
      CREATE VIEW an.fragile WITH (security_barrier = true) AS SELECT n, mark FROM campus.t;
      COMMENT ON VIEW an.fragile IS 'mine'; COMMENT ON COLUMN an.fragile.n IS 'first';
      REVOKE ALL ON an.fragile FROM dashboard; GRANT SELECT (n) ON an.fragile TO finance;
      CREATE VIEW an.over AS SELECT count(*) AS n FROM an.fragile;
      CREATE MATERIALIZED VIEW an.kept AS SELECT mark FROM campus.t; CREATE INDEX kept_by ON an.kept (mark);
      CREATE FUNCTION an.marks() RETURNS SETOF varchar LANGUAGE sql BEGIN ATOMIC SELECT mark FROM campus.t; END;
      REVOKE ALL ON FUNCTION an.marks() FROM PUBLIC;
      CREATE VIEW an.sturdy AS SELECT n FROM campus.t;
      ALTER VIEW an.fragile OWNER TO analyst; ALTER VIEW an.over OWNER TO analyst`);
    const state = () =>
      owner(`SELECT c.oid::regclass::text, c.relacl::text, c.reloptions, pg_get_userbyid(c.relowner), obj_description(c.oid, 'pg_class'),
                    (SELECT json_agg(json_build_array(attname, attacl::text, col_description(c.oid, attnum)) ORDER BY attnum) FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0) AS columns,
                    (SELECT json_agg(pg_get_indexdef(indexrelid)) FROM pg_index WHERE indrelid = c.oid) AS indexes,
                    (SELECT proacl::text FROM pg_proc WHERE proname = 'marks') AS function
               FROM pg_class c WHERE c.relnamespace = 'an'::regnamespace AND c.relkind IN ('v', 'm') ORDER BY 1`);
    const before = await state();

    const { remarks } = await load(await t(5, 'i AS n'));

    expect(
      remarks
        .filter((remark) => remark.includes('set aside'))
        .map((remark) => remark.split(':')[0])
        .sort(),
    ).toEqual([
      'the function an.marks() was set aside',
      'the materialized view an.kept was set aside',
      'the view an.fragile was set aside',
      'the view an.over was set aside',
    ]);
    expect(remarks.join()).toContain('a column is not there (SQLSTATE 42703)');
    expect(await owner('SELECT count(*)::int AS n FROM an.sturdy')).toEqual([{ n: 5 }]);
    await expect(owner('SELECT * FROM an.fragile')).rejects.toThrow('an.fragile');
    expect(
      (
        await owner<{ definition: string }>(
          "SELECT definition FROM mart.lake_set_aside WHERE name = 'an.fragile'",
        )
      )[0]!.definition,
    ).toContain('mark');

    expect((await load(await t(6, 'i AS n, CAST(i AS varchar) AS mark'))).remarks).toEqual([]);

    expect(await state()).toEqual(before);
    expect(await owner('SELECT n FROM an.over')).toEqual([{ n: '6' }]);
    expect(await owner('SELECT count(*)::int AS n FROM an.kept')).toEqual([{ n: 6 }]);
    await expect(read('SELECT * FROM an.fragile')).rejects.toThrow('permission denied');
  });

  it('is for ever gone from the list once somebody takes it off', async () => {
    await load(await t(3));
    await owner('CREATE SCHEMA an; CREATE VIEW an.unwanted AS SELECT mark FROM campus.t');
    await load(await t(3, 'i AS n'));
    await owner("DELETE FROM mart.lake_set_aside WHERE name = 'an.unwanted'");

    await load(await t(3));

    expect(await owner("SELECT to_regclass('an.unwanted') AS view")).toEqual([{ view: null }]);
  });

  it('shows no row more where it is a policy', async () => {
    for (const kind of ['PERMISSIVE', 'RESTRICTIVE']) {
      await load(await t(3));
      await owner(`
        ALTER TABLE campus.t ENABLE ROW LEVEL SECURITY; CREATE POLICY everybody ON campus.t USING (true);
        CREATE POLICY fine ON campus.t AS ${kind} TO dashboard USING (n > 0);
        CREATE POLICY narrow ON campus.t AS RESTRICTIVE TO dashboard USING (mark = 's2')`);
      expect(await read('SELECT n FROM campus.t')).toEqual([['2']]);

      const { remarks } = await load(await t(4, 'i AS n'));

      expect(remarks.join()).toContain('policy narrow on campus.t was set aside');
      expect(await read('SELECT n FROM campus.t')).toEqual([]);

      await load(await t(4));
      expect(await read('SELECT n FROM campus.t')).toEqual([['2']]);
      await owner('DROP TABLE campus.t CASCADE');
    }
  });

  it('keeps rights, comments and indexes of a column that comes with another type', async () => {
    await load(await t(3));
    await owner(`GRANT SELECT (mark) ON campus.t TO finance; COMMENT ON COLUMN campus.t.mark IS 'by hand';
      CREATE INDEX marks ON campus.t (mark); CREATE SCHEMA an; CREATE VIEW an.v AS SELECT mark FROM campus.t`);

    expect((await load(await t(3, 'i AS n, i * 2 AS mark'))).remarks).toEqual([]);

    expect(
      await owner(`SELECT format_type(atttypid, atttypmod) AS type, attacl::text, col_description(attrelid, attnum) AS said
                     FROM pg_attribute WHERE attrelid = 'campus.t'::regclass AND attname = 'mark'`),
    ).toEqual([{ type: 'bigint', attacl: '{finance=r/lake_owner}', said: 'by hand' }]);
    expect(await owner("SELECT to_regclass('campus.marks')::text AS index")).toEqual([
      { index: 'campus.marks' },
    ]);
    expect(await owner('SELECT max(mark)::int AS n FROM an.v')).toEqual([{ n: 6 }]);
  });

  it('is moved where it has the name of a table of the lake', async () => {
    await load(await t(3));
    await owner('CREATE VIEW campus.comes AS SELECT 42 AS answer');

    const { remarks } = await load({ ...(await t(3)), ...(await t(2, undefined, 'campus.comes')) });

    expect(remarks).toEqual([
      'campus.comes is a table of the lake now: what had that name is called campus.comes_moved',
    ]);
    expect(await owner('SELECT answer FROM campus.comes_moved')).toEqual([{ answer: 42 }]);
    expect(await owner('SELECT count(*)::int AS n FROM campus.comes')).toEqual([{ n: 2 }]);
  });
});

describe('a warehouse that an earlier release has loaded', () => {
  it('is taken over with its rights, and its copies go, whatever hangs on them', async () => {
    await load(await t(2, undefined, 'campus.other'));
    await owner(`
      DROP TABLE IF EXISTS campus.t, campus.comes CASCADE; DELETE FROM lake_internal.served WHERE table_name = 't';
      COMMENT ON SCHEMA campus IS 'loaded by campus-lake';
      CREATE TABLE campus.t (n bigint, mark varchar(65535)); REVOKE ALL ON campus.t FROM dashboard;
      CREATE SCHEMA campus__old_123; COMMENT ON SCHEMA campus__old_123 IS 'loaded by campus-lake';
      CREATE TABLE campus__old_123.t AS SELECT 1::bigint AS n, 'old'::varchar AS mark;
      CREATE SCHEMA an; CREATE MATERIALIZED VIEW an.mv AS SELECT max(n) AS n FROM campus__old_123.t`);

    await load(await t(9));

    expect(await owner('SELECT n FROM an.mv')).toEqual([{ n: '9' }]);
    await expect(read('SELECT * FROM campus.t')).rejects.toThrow('permission denied');
    expect(await owner("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'campus%'")).toEqual([
      { nspname: 'campus' },
    ]);
  });
});
