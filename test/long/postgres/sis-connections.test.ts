import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COPYING, copyWhile, slowView } from '../../platform/local/replication/copy-while.ts';
import {
  allOf,
  askFiles,
  replicate,
  type SisFixture,
  startSisFixture,
} from '../../platform/local/replication/sis-fixture.ts';

let sis: SisFixture;

beforeAll(async () => {
  sis = await startSisFixture();
});
afterAll(() => sis?.stop());

describe('Connections that are cut', () => {
  it('all at once: everything is copied again in a new snapshot', async () => {
    await sis.admin.query(`CREATE SCHEMA cut; ${slowView('cut')} CREATE TABLE cut.t AS SELECT 1 AS id;`);

    const { byName, remarks, rows } = await copyWhile(sis, 'cut', async () => {
      await sis.admin.query(`UPDATE cut.t SET id = 2;
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'lake'`);
    });

    expect(Object.values(byName).map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
    expect(await rows('t', 'id')).toEqual([[2]]);
    expect(remarks).toEqual([expect.stringMatching(/copied again, in a new snapshot$/)]);
  });

  it('the one that holds the locks: what is read without it does not count', async () => {
    await sis.admin.query(
      `CREATE SCHEMA unheld; ${slowView('unheld')} CREATE TABLE unheld.t AS SELECT 1 AS id;`,
    );

    const { byName, rows } = await copyWhile(sis, 'unheld', async () => {
      await sis.admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE usename = 'lake' AND NOT (${COPYING})`);
      await sis.admin.query('BEGIN; TRUNCATE unheld.t; INSERT INTO unheld.t VALUES (5), (6); COMMIT');
    });

    expect(byName.t).toMatchObject({ rows: 2 });
    expect(await rows('t', 'sum(id)::INT')).toEqual([[11]]);
  });

  it('again and again: the copy ends, with one cause and no connection left', async () => {
    await sis.admin.query(
      `CREATE SCHEMA always; ${slowView('always', 5)} CREATE TABLE always.t AS SELECT 1 AS id;`,
    );
    const cutting = setInterval(() => {
      sis.admin
        .query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${COPYING}
                  OR usename = 'lake' AND query LIKE 'SELECT 1%'`)
        .catch(() => undefined);
    }, 100);

    const copy = copyWhile(sis, 'always', async () => {
      await sis.admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'lake'`);
    });

    await expect(copy).rejects.toThrow(/The SIS cut the connection|session that holds the snapshot/);
    clearInterval(cutting);
    const { rows } = await sis.admin.query(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'lake'`,
    );
    expect(rows[0].n).toBe(0);
  });

  it('fewer than are wanted are let in: the copy goes on with those', async () => {
    await sis.admin.query(`CREATE SCHEMA limited; CREATE TABLE limited.a AS SELECT 1 AS id;
      CREATE TABLE limited.b AS SELECT 1 AS id; ALTER ROLE lake CONNECTION LIMIT 2`);
    try {
      const { tables, remarks } = await replicate(
        await sis.lake(),
        { ...sis.source, maxConnections: 2 },
        allOf('limited'),
      );
      expect(tables.map(({ rows }) => rows)).toEqual([1, 1]);
      expect(remarks).toEqual([expect.stringMatching(/let in 1 of 2 readers/)]);
    } finally {
      await sis.admin.query('ALTER ROLE lake CONNECTION LIMIT -1');
    }
  });
});

describe('Long rows', () => {
  it('of up to 96 MB are read, wherever they are in their table', async () => {
    await sis.admin.query(`CREATE SCHEMA long;
      CREATE TABLE long.first (id int, t text); CREATE TABLE long.last (id int, t text); CREATE TABLE long.bytes (id int, b bytea);
      CREATE TABLE long.longest (id int, t text);
      INSERT INTO long.first VALUES (1, repeat('b', 34000000)), (2, 'x');
      INSERT INTO long.last SELECT g, 'x' FROM generate_series(1, 5000) g;
      INSERT INTO long.last VALUES (5001, repeat('b', 34000000));
      INSERT INTO long.longest VALUES (1, repeat('b', 90000000)), (2, 'x');
      INSERT INTO long.bytes VALUES (1, decode(repeat('ff', 20000000), 'hex')), (2, '');`);
    const root = await sis.lake();

    const { byName } = await replicate(root, { ...sis.source, maxConnections: 2 }, allOf('long'));

    const lengths = (table: string, column: string) =>
      askFiles(
        root,
        byName[table]!.files!.map((file) => file.key),
        `SELECT count(*)::INT, max(${column})::INT FROM $files`,
      );
    expect(Object.values(byName).map(({ error }) => error)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(await lengths('first', 'length(t)')).toEqual([[2, 34_000_000]]);
    expect(await lengths('last', 'length(t)')).toEqual([[5001, 34_000_000]]);
    expect(await lengths('longest', 'length(t)')).toEqual([[2, 90_000_000]]);
    expect(await lengths('bytes', 'octet_length(b)')).toEqual([[2, 20_000_000]]);
  });
});
