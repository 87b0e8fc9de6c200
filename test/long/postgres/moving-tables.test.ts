import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocalReplication } from '../../../src/platform/local/replication/replication.ts';
import { copyWhile, reading, slowView } from '../../platform/local/replication/copy-while.ts';
import {
  allOf,
  LAKE_PASSWORD,
  replicate,
  type SisFixture,
  startSisFixture,
  waitFor,
} from '../../platform/local/replication/sis-fixture.ts';

let sis: SisFixture;
const others: pg.Client[] = [];

beforeAll(async () => {
  sis = await startSisFixture();
});
afterAll(async () => {
  await Promise.all(others.map((client) => client.end().catch(() => undefined)));
  await sis?.stop();
});

async function another(application: string): Promise<pg.Client> {
  const client = await sis.connect(application);
  others.push(client);
  return client;
}

describe('Tables that the SIS changes while they are copied', () => {
  it('come out as of the snapshot, whether they are rewritten, emptied, refilled or swapped', async () => {
    await sis.admin.query(`CREATE SCHEMA moving; ${slowView('moving', 1)}
      CREATE TABLE moving.rewritten AS SELECT g AS id, g AS n FROM generate_series(1, 90) g;
      CREATE TABLE moving.emptied AS SELECT g AS id FROM generate_series(1, 5) g;
      CREATE TABLE moving.swapped AS SELECT 1 AS id, 'old' AS v;
      CREATE TABLE moving.parted (id int, term text) PARTITION BY LIST (term);
      CREATE TABLE moving.parted_a PARTITION OF moving.parted FOR VALUES IN ('a');
      INSERT INTO moving.parted VALUES (1, 'a'), (2, 'a');`);
    const changes = [
      'ALTER TABLE moving.rewritten ALTER n TYPE bigint',
      'BEGIN; TRUNCATE moving.emptied; INSERT INTO moving.emptied VALUES (7); COMMIT',
      `BEGIN; CREATE TABLE moving.made AS SELECT 1 AS id, 'new' AS v UNION ALL SELECT 2, 'new';
       DROP TABLE moving.swapped; ALTER TABLE moving.made RENAME TO swapped; COMMIT`,
      'ALTER TABLE moving.parted DETACH PARTITION moving.parted_a',
    ];
    let waiting: Promise<unknown>[] = [];

    const { byName, rows } = await copyWhile(sis, 'moving', async () => {
      for (const change of changes) waiting = [...waiting, (await another('registrar')).query(change)];
    });
    await Promise.all(waiting);

    expect(Object.values(byName).map(({ table, rows: n, error }) => [table, error ?? n])).toEqual(
      expect.arrayContaining([
        ['rewritten', 90],
        ['emptied', 5],
        ['swapped', 1],
        ['parted', 2],
      ]),
    );
    expect(await rows('rewritten', 'sum(n)::INT')).toEqual([[4095]]);
    expect(await rows('swapped', 'v')).toEqual([['old']]);
    expect(await rows('emptied', 'max(id)')).toEqual([[5]]);
  });

  it('are found out where the rights do not allow a lock on them', async () => {
    await sis.admin.query(`CREATE SCHEMA narrow; ${slowView('narrow', 0.5)}
      CREATE TABLE narrow.quiet (id int, hidden text); INSERT INTO narrow.quiet VALUES (1, 'x');
      CREATE TABLE narrow.emptied (id int, hidden text); INSERT INTO narrow.emptied VALUES (1, 'x');
      REVOKE pg_read_all_data FROM lake;
      GRANT USAGE ON SCHEMA narrow TO lake; GRANT SELECT ON narrow.few, narrow.slowly TO lake;
      GRANT SELECT (id) ON narrow.quiet, narrow.emptied TO lake;`);
    const leave = {
      'rule-type': 'transformation',
      'rule-target': 'column',
      'rule-action': 'remove-column',
      'object-locator': { 'schema-name': 'narrow', 'table-name': '%', 'column-name': 'hidden' },
    };
    const root = await sis.lake();

    const replication = openLocalReplication({
      root,
      sources: { sis: { ...sis.source, maxConnections: 1 } },
      secrets: { get: async () => LAKE_PASSWORD },
    });
    const mappings = allOf('narrow', leave, {
      'rule-type': 'selection',
      'rule-action': 'include',
      'object-locator': { 'schema-name': 'narrow', 'table-name': 'slowly', 'table-type': 'view' },
      'load-order': 9,
    });
    const { task } = await replication.start({ source: 'sis', load: 'l', prefix: 'raw/sis/l', mappings });
    await reading(sis);
    await sis.admin.query('TRUNCATE narrow.emptied');
    const { tables } = await waitFor(replication, task);
    await replication.close();
    await sis.admin.query('GRANT pg_read_all_data TO lake');

    const byName = Object.fromEntries(tables.map((table) => [table.table, table]));
    expect(byName.quiet).toMatchObject({ rows: 1 });
    expect(byName.emptied!.error).toMatch(/^narrow\.emptied: it was emptied, rewritten or replaced/);
    expect(byName.emptied!.files).toBeUndefined();
  });
});

describe('A table that another session has locked', () => {
  it('fails alone, with who holds it, and the others are copied', async () => {
    await sis.admin.query(`CREATE SCHEMA held;
      CREATE TABLE held.locked AS SELECT 1 AS id; CREATE TABLE held.free AS SELECT 1 AS id;`);
    const holder = await another('registrar desk');
    await holder.query('BEGIN; LOCK TABLE held.locked IN ACCESS EXCLUSIVE MODE');
    const replication = openLocalReplication({
      root: await sis.lake(),
      sources: { sis: sis.source },
      secrets: { get: async () => LAKE_PASSWORD },
      lockWaitMs: 400,
    });

    const { task } = await replication.start({
      source: 'sis',
      load: 'l',
      prefix: 'raw/sis/l',
      mappings: allOf('held'),
    });
    const { tables } = await waitFor(replication, task);
    await replication.close();
    await holder.query('ROLLBACK');

    const byName = Object.fromEntries(tables.map((table) => [table.table, table]));
    expect(byName.free).toMatchObject({ rows: 1 });
    expect(byName.locked!.error).toMatch(
      /another session has locked it for more than 0\.4 seconds \(held by process \d+, user \w+, application registrar desk\)/,
    );
  });

  it('is copied when it is let go within the wait', async () => {
    await sis.admin.query('CREATE SCHEMA soon; CREATE TABLE soon.locked AS SELECT 1 AS id');
    const holder = await another('registrar');
    await holder.query('BEGIN; LOCK TABLE soon.locked IN ACCESS EXCLUSIVE MODE');
    const copy = replicate(await sis.lake(), sis.source, allOf('soon'));
    await expect
      .poll(async () => {
        const { rows } = await sis.admin.query(
          `SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND relation = 'soon.locked'::regclass`,
        );
        return rows[0].n;
      })
      .toBe(1);

    await holder.query('INSERT INTO soon.locked VALUES (2); COMMIT');

    expect((await copy).byName.locked).toMatchObject({ rows: 2 });
  });
});
