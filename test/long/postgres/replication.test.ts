import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocalObjects } from '../../../src/platform/local/objects.ts';
import { SisConnectionError } from '../../../src/sis/errors.ts';
import { replicationContract } from '../../contract/replication.ts';
import {
  allOf,
  askFiles,
  LAKE_PASSWORD,
  openReplication,
  replicate,
  type SisFixture,
  startSisFixture,
  waitFor,
} from '../../platform/local/replication/sis-fixture.ts';

let sis: SisFixture;

beforeAll(async () => {
  sis = await startSisFixture();
});
afterAll(() => sis?.stop());

const keysOf = (table: { files?: readonly { key: string }[] } | undefined) =>
  table!.files!.map((file) => file.key);
const include = (schema: string, table: string, more: object = {}) => ({
  'rule-type': 'selection',
  'rule-action': 'include',
  'object-locator': { 'schema-name': schema, 'table-name': table },
  ...more,
});

/** One row to a page: many pages with few rows. */
const PAGED = (schema: string) => `
  CREATE SCHEMA ${schema};
  CREATE TABLE ${schema}.paged (id int PRIMARY KEY, filler text);
  ALTER TABLE ${schema}.paged ALTER filler SET STORAGE PLAIN;
  INSERT INTO ${schema}.paged SELECT g, repeat('x', 4500) FROM generate_series(1, 6000) g;
  DELETE FROM ${schema}.paged WHERE id > 5900;`;

replicationContract({
  sql: (text) => sis.admin.query(text),
  async open() {
    const root = await sis.lake();
    const replication = openReplication(root, sis.source);
    return { replication, list: openLocalObjects(root).list, close: () => replication.close() };
  },
});

describe('The replicator', () => {
  it('reads a big table in ranges of pages, every row once, in the layout of DMS', async () => {
    await sis.admin.query(PAGED('big'));
    const root = await sis.lake();

    const { byName } = await replicate(root, { ...sis.source, maxConnections: 2 }, allOf('big'));

    expect(keysOf(byName.paged)).toEqual([
      'raw/sis/load1/big/paged/LOAD00000001.parquet',
      'raw/sis/load1/big/paged/LOAD00000002.parquet',
    ]);
    expect(byName.paged!.rows).toBe(5900);
    expect(
      await askFiles(
        root,
        keysOf(byName.paged),
        'SELECT count(*), count(DISTINCT id), min(id), max(id) FROM $files',
      ),
    ).toEqual([['5900', '5900', 1, 5900]]);
  });

  it('shows every table as it was at one instant, while the SIS goes on', async () => {
    await sis.admin.query(`
      ${PAGED('live')}
      CREATE TABLE live.debit (id int, amount int); INSERT INTO live.debit SELECT g, 100 FROM generate_series(1, 50) g;
      CREATE TABLE live.credit (id int, amount int); INSERT INTO live.credit SELECT g, 100 FROM generate_series(1, 50) g;
      CREATE PROCEDURE live.pay() LANGUAGE sql AS $$
        UPDATE live.debit SET amount = amount - 1; UPDATE live.credit SET amount = amount + 1;
        UPDATE live.paged SET filler = repeat('y', 4500) WHERE id % 97 = 0;
      $$;`);
    let busy = true;
    const payments = (async () => {
      while (busy) await sis.admin.query('CALL live.pay()');
    })();
    const root = await sis.lake();

    const { byName } = await replicate(root, { ...sis.source, maxConnections: 2 }, allOf('live'));
    busy = false;
    await payments;

    const [[debit], [credit]] = (await askFiles(
      root,
      [],
      ['debit', 'credit']
        .map((name) => `SELECT sum(amount)::INT FROM '${path.join(root, keysOf(byName[name])[0]!)}'`)
        .join(' UNION ALL '),
    )) as [[number], [number]];
    expect(debit + credit).toBe(10_000);
    expect(
      await askFiles(root, keysOf(byName.paged), 'SELECT count(*), count(DISTINCT id) FROM $files'),
    ).toEqual([['5900', '5900']]);
  });

  it('asks the server for what the mappings let through and for nothing else', async () => {
    await sis.admin.query(`
      CREATE SCHEMA private;
      CREATE TABLE private.student (id int, ssn text, name text, campus text);
      INSERT INTO private.student SELECT g, 'secret-' || g, 'n' || g, CASE WHEN g % 2 = 0 THEN 'North''s' END
      FROM generate_series(1, 10) g;`);
    const root = await sis.lake();
    const before = sis.statements.length;

    const { byName } = await replicate(root, sis.source, {
      rules: [
        include('private', 'student', {
          'rule-id': '1',
          'rule-name': 'a',
          filters: [
            {
              'filter-type': 'source',
              'column-name': 'campus',
              'filter-conditions': [{ 'filter-operator': 'eq', value: "North's" }],
            },
            {
              'filter-type': 'source',
              'column-name': 'id',
              'filter-conditions': [{ 'filter-operator': 'between', 'start-value': '3', 'end-value': '8' }],
            },
          ],
        }),
        ...[
          { 'rule-action': 'remove-column', column: 'ssn' },
          { 'rule-action': 'rename', column: 'name', value: 'full_name' },
        ].map(({ column, ...rule }, i) => ({
          'rule-type': 'transformation',
          'rule-id': String(i + 2),
          'rule-name': column,
          'rule-target': 'column',
          'object-locator': { 'schema-name': 'private', 'table-name': '%', 'column-name': column },
          ...rule,
        })),
        {
          'rule-type': 'transformation',
          'rule-id': '9',
          'rule-name': 'schema',
          'rule-target': 'schema',
          'object-locator': { 'schema-name': 'private' },
          'rule-action': 'add-prefix',
          value: 'sis_',
        },
      ],
    });

    expect(keysOf(byName.student)).toEqual(['raw/sis/load1/sis_private/student/LOAD00000001.parquet']);
    expect(await askFiles(root, keysOf(byName.student), 'SELECT * FROM $files ORDER BY id')).toEqual(
      [4, 6, 8].map((id) => [id, `n${id}`, "North's"]),
    );
    expect(byName.student!.columns!.map((column) => column.name)).toEqual(['id', 'full_name', 'campus']);
    const copies = sis.statements.slice(before).filter((line) => line.includes('COPY (SELECT'));
    expect(copies).toHaveLength(1);
    expect(copies[0]).not.toContain('ssn');
  });

  it('names a table that fails, with its cause and without its data, and copies the others', async () => {
    await sis.admin.query(`
      CREATE SCHEMA bad;
      CREATE TABLE bad.good (id int); INSERT INTO bad.good VALUES (1);
      CREATE TABLE bad.too_wide (id int, n numeric PRIMARY KEY); INSERT INTO bad.too_wide VALUES (1, 1e30);
      CREATE TABLE bad.beyond (id int, n numeric); INSERT INTO bad.beyond VALUES (1, 1e30), (2, 3);
      CREATE TABLE bad.hidden (id int); INSERT INTO bad.hidden VALUES (1), (2);
      ALTER TABLE bad.hidden ENABLE ROW LEVEL SECURITY;
      CREATE VIEW bad.breaks AS SELECT g, 1 / (50000 - g) AS x FROM generate_series(1, 60000) g;
      CREATE VIEW bad.cast_breaks AS SELECT ('Jane Roe' || g)::int AS x FROM generate_series(1, 2) g;`);
    const root = await sis.lake();

    const { byName } = await replicate(root, sis.source, allOf('bad'));

    expect(byName.good).toMatchObject({ rows: 1 });
    expect(byName.too_wide!.error).toMatch(
      /bad.too_wide: a value of column n \(numeric\) does not fit decimal\(28,6\)/,
    );
    expect(byName.beyond).toMatchObject({ rows: 2, setAside: { n: 1 } });
    expect(byName.hidden!.error).toMatch(/bad.hidden: row-level security would hide rows/);
    expect(byName.breaks!.error).toMatch(/bad.breaks: the SIS answered: a division by zero/);
    expect(byName.cast_breaks!.error).toMatch(/bad.cast_breaks: the SIS answered: a text is not of the type/);
    expect(JSON.stringify(byName)).not.toMatch(/Jane|1e\+?30|1000000000000/);
    expect((await readdir(path.join(root, 'raw/sis/load1/bad'))).sort()).toEqual(['beyond', 'good']);
  });

  it('goes on over a new connection, in the same snapshot, when one breaks', async () => {
    await sis.admin.query(`
      CREATE SCHEMA broken;
      CREATE TABLE broken.t AS SELECT g AS id FROM generate_series(1, 40) g;
      CREATE VIEW broken.slowly AS SELECT id, pg_sleep(0.02)::text AS nothing FROM broken.t;`);
    const root = await sis.lake();
    const replication = openReplication(root, sis.source);

    const { task } = await replication.start({
      source: 'sis',
      load: 'a',
      prefix: 'raw/sis/a',
      mappings: allOf('broken'),
    });
    const active = `usename = 'lake' AND state = 'active' AND query LIKE '%slowly%'`;
    for (let pids: unknown[] = []; pids.length === 0; ) {
      const { rows } = await sis.admin.query(`SELECT pid FROM pg_stat_activity WHERE ${active}`);
      pids = rows;
    }
    await sis.admin.query('UPDATE broken.t SET id = -id');
    const { rows: ended } = await sis.admin.query(
      `SELECT pg_terminate_backend(pid) AS done FROM pg_stat_activity WHERE ${active}`,
    );
    const { tables } = await waitFor(replication, task);
    await replication.close();

    expect(ended).toEqual([{ done: true }]);
    const slowly = tables.find((table) => table.table === 'slowly');
    expect(slowly!.error).toBeUndefined();
    expect(await askFiles(root, keysOf(slowly), 'SELECT count(*), min(id) FROM $files')).toEqual([['40', 1]]);
  });

  it('does a load once, however often it is started', async () => {
    await sis.admin.query('CREATE SCHEMA once; CREATE TABLE once.t AS SELECT 1 AS id');
    const root = await sis.lake();
    const request = { source: 'sis', load: 'l', prefix: 'raw/sis/l', mappings: allOf('once') };
    const first = openReplication(root, sis.source);
    const [{ task }, again] = await Promise.all([first.start(request), first.start(request)]);
    const done = await waitFor(first, task);
    await first.close();

    await sis.admin.query('INSERT INTO once.t VALUES (2)');
    const second = openReplication(root, sis.source);
    const { task: later } = await second.start(request);

    expect([again.task, later]).toEqual([task, task]);
    expect(await second.poll(later)).toEqual(done);
    await second.close();
  });

  it('begins again, in a new snapshot, what a closed or dead process has left', async () => {
    await sis.admin.query(PAGED('"left"'));
    const root = await sis.lake();
    const request = { source: 'sis', load: 'l', prefix: 'raw/sis/l', mappings: allOf('left') };
    const first = openReplication(root, { ...sis.source, maxConnections: 2 });
    const { task } = await first.start(request);
    await first.close();
    await sis.admin.query('DELETE FROM "left".paged WHERE id > 10');

    const second = openReplication(root, sis.source);
    const { tables } = await waitFor(second, task);
    await second.close();

    expect(tables.map((table) => table.rows)).toEqual([10]);
    expect(await readdir(path.join(root, 'raw/sis/l/left/paged'))).toEqual(['LOAD00000001.parquet']);
  });

  it('forgets the states of old tasks', async () => {
    const root = await sis.lake();
    for (let night = 1; night <= 7; night++)
      await replicate(root, sis.source, allOf('once'), `night${night}`);

    const states = await readdir(path.join(root, '.replication'));

    expect(states.sort()).toEqual([3, 4, 5, 6, 7].map((night) => `sis%2Fnight${night}.json`));
  });

  it('says where it could not connect, never with what password', async () => {
    const wrong = openReplication(await sis.lake(), { ...sis.source, user: 'nobody' });
    const start = wrong.start({ source: 'sis', load: 'l', prefix: 'raw/sis/l', mappings: allOf('x') });

    await expect(start).rejects.toThrow(SisConnectionError);
    await expect(start).rejects.toThrow(/127.0.0.1:\d+, database postgres, as nobody/);
    await expect(start).rejects.not.toThrow(LAKE_PASSWORD);
    await wrong.close();
  });

  it('leaves no connection, pipe or draft behind', async () => {
    const root = await sis.lake();
    await replicate(root, sis.source, allOf('bad'));
    const { rows } = await sis.admin.query(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'lake'`,
    );
    const drafts = (await readdir(path.join(root, '.unfinished'), { recursive: true })).filter((name) =>
      /[\\/]/.test(name),
    );

    expect(rows[0].n).toBe(0);
    expect(drafts.filter((name) => !name.endsWith('writer.json'))).toEqual([]);
  });
});
