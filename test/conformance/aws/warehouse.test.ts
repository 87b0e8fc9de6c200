import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openS3Objects } from '../../../src/platform/aws/objects.ts';
import { openRedshiftWarehouse } from '../../../src/platform/aws/warehouse.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { type LocalEngine, openLocalEngine } from '../../../src/platform/local/duckdb/engine.ts';
import { StillRunningError } from '../../../src/ports/errors.ts';
import type { ObjectStore } from '../../../src/ports/objects.ts';
import type { TableSet, TableVersion } from '../../../src/ports/tables.ts';
import { warehouseContract } from '../../contract/warehouse.ts';
import { granted } from '../../granted.ts';
import { clientConfig } from './clients.ts';
import { type Ministack, startMinistack } from './ministack.ts';
import { type RedshiftData, startRedshiftData } from './redshift-data.ts';

const READER = { user: 'dashboard', password: `pa55-${randomUUID()}` };
const PLACE = {
  workgroup: 'lake',
  database: 'lake',
  host: 'lake.0000.us-east-1.redshift-serverless.amazonaws.com',
  port: 5439,
  copyRoleArn: 'arn:aws:iam::000000000000:role/lake-copy',
  reader: { user: READER.user, secretArn: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:reader' },
};

let ministack: Ministack;
let redshift: RedshiftData;
let root: string;
let engine: LocalEngine;
let objects: ObjectStore;
beforeAll(async () => {
  ministack = await startMinistack();
  const s3 = new S3Client(clientConfig(ministack.endpoint));
  await s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
  const buckets = { raw: 'lake', staged: 'lake', curated: 'lake', records: 'lake', results: 'lake' };
  objects = openS3Objects({ s3, buckets });
  redshift = await startRedshiftData(s3);
  root = await mkdtemp('/tmp/warehouse-');
  await mkdir(path.join(root, 'procedures'));
  engine = await openLocalEngine({ root });
});
afterAll(async () => {
  await engine.close();
  await redshift.stop();
  await ministack.stop();
  await rm(root, { recursive: true });
});

const open = () =>
  openRedshiftWarehouse({
    redshift: new RedshiftDataClient(clientConfig(redshift.endpoint)),
    place: PLACE,
    objects,
    secrets: {
      get: async (ref) => ('field' in ref && ref.field ? READER.password : JSON.stringify({ password: '…' })),
    },
    clock: systemClock,
    procedures: path.join(root, 'procedures'),
  });

/** A curated table as AWS keeps it: Parquet files in a folder of the curated bucket. */
async function table(name: string, select: string): Promise<TableVersion> {
  const made = await engine.create(name, select, {}, `v${randomUUID()}`);
  const file = path.join(root, `${randomUUID()}.parquet`);
  await engine.exportParquet(`SELECT * FROM ${name}`, granted({ [name]: made }), file);
  const folder = `curated/${name}/${randomUUID()}`;
  if (made.rows > 0) await objects.put(`${folder}/part-0`, createReadStream(file));
  await rm(file);
  return { ...made, storage: { kind: 'files', location: `${objects.uri(folder)}/` } };
}

async function asUser(user: string, password: string, sql: string): Promise<(string | null)[][]> {
  const { host, port } = redshift.server;
  const types = { getTypeParser: () => String };
  const client = new pg.Client({ host, port, user, password, database: 'postgres', types });
  await client.connect();
  try {
    const answer = await client.query({ text: sql, rowMode: 'array' });
    return ([answer].flat().at(-1) as unknown as { rows: (string | null)[][] }).rows;
  } finally {
    await client.end();
  }
}
const ask = (sql: string) => asUser(READER.user, READER.password, sql);
const asOwner = (sql: string) => asUser(redshift.server.user, redshift.server.password, sql);

warehouseContract({ open: async () => open(), close: async () => undefined, table, ask });

describe('the warehouse of AWS', () => {
  let id: string;
  beforeEach(() => {
    id = randomUUID();
  });
  const setOf = (...tables: TableVersion[]): TableSet => Object.fromEntries(tables.map((t) => [t.table, t]));

  it('hands no password to the server, in no statement', async () => {
    await open().load(id, granted(setOf(await table('campus.t', 'SELECT 1 AS n'))));

    expect(redshift.statements.filter((sql) => sql.includes(READER.password))).toEqual([]);
    expect(redshift.statements.some((sql) => /PASSWORD 'md5[0-9a-f]{32}'/.test(sql))).toBe(true);
    expect((await open().describe()).passwordAt).toBe(PLACE.reader.secretArn);
    expect((await open().describe()).jdbc).toBe(`jdbc:redshift://${PLACE.host}:5439/lake`);
  });

  it('loads more tables than one call takes statements', async () => {
    const tables = [];
    for (let i = 0; i < 45; i++) tables.push(await table(`campus.t${i}`, `SELECT ${i} AS n`));

    expect(await open().load(id, granted(setOf(...tables)))).toMatchObject({ rows: 45 });
    expect(await ask('SELECT n FROM campus.t44')).toEqual([['44']]);
  });

  it('is loaded by many processes one after another where Redshift takes its time, and nothing is done twice', async () => {
    const tables = granted(
      setOf(await table('campus.long', 'SELECT 7 AS n'), await table('campus.more', 'SELECT 8 AS n')),
    );
    const before = redshift.statements.length;
    let processes = 0;
    redshift.slow = true;
    const budget = { resumeToken: id.slice(0, 8), waitMs: 0, startedAt: Date.now() };
    for (let rows: number | undefined; rows === undefined; processes++) {
      rows = await open()
        .load(id, tables, [], {}, budget)
        .then((loaded) => loaded.rows)
        .catch((error: unknown) => {
          if (error instanceof StillRunningError) return undefined;
          throw error;
        });
      expect(rows ?? 2).toBe(2);
    }
    redshift.slow = false;

    expect(processes).toBeGreaterThan(15);
    expect(await ask('SELECT n FROM campus.long UNION ALL SELECT n FROM campus.more ORDER BY 1')).toEqual([
      ['7'],
      ['8'],
    ]);
    const copies = redshift.statements
      .slice(before)
      .filter((sql) => /^(COPY|CALL|CREATE TABLE "campus__new)/.test(sql));
    expect(copies.length).toBeGreaterThan(2);
    expect(copies.filter((sql, i) => copies.indexOf(sql) !== i)).toEqual([]);
  });

  it('keeps what people made on a table: rights given and taken away, row security, comments, views', async () => {
    const both = async (n: number) =>
      setOf(
        await table('campus.people', `SELECT ${n} AS n, 'x' AS mark`),
        await table('campus.seats', `SELECT ${n} AS n`),
      );
    await open().load(id, granted(await both(1)), [], {
      'campus.people': {
        description: 'T',
        columns: { n: 'a number', mark: 'a mark' },
        key: [],
        filled: [],
        references: [],
      },
    });
    await asOwner(`CREATE USER advisor PASSWORD 'advisor'; GRANT USAGE ON SCHEMA campus TO advisor;
      GRANT SELECT (n) ON campus.people TO advisor; REVOKE SELECT ON campus.seats FROM ${READER.user};
      REVOKE SELECT ON mart.lake_publication FROM ${READER.user};
      ALTER TABLE campus.people ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON campus.people USING (n < 3);
      COMMENT ON COLUMN campus.people.n IS 'by hand'; CREATE VIEW public.bound AS SELECT n FROM campus.seats;
      CREATE VIEW campus.inside AS SELECT n FROM campus.seats`);

    const { remarks = [] } = await open().load(`${id} 2`, granted(await both(2)), [], {
      'campus.people': { columns: { n: 'another number' }, key: [], filled: [], references: [] },
    });

    expect(remarks).toEqual([]);
    expect(await asUser('advisor', 'advisor', 'SELECT n FROM campus.people')).toEqual([['2']]);
    await expect(asUser('advisor', 'advisor', 'SELECT mark FROM campus.people')).rejects.toThrow(
      'permission denied',
    );
    await expect(ask('SELECT n FROM campus.seats')).rejects.toThrow('permission denied');
    await expect(ask('SELECT publication FROM mart.lake_publication')).rejects.toThrow('permission denied');
    expect(await asOwner('SELECT b.n, i.n FROM public.bound b, campus.inside i')).toEqual([['2', '2']]);
    expect(
      await asOwner(
        "SELECT col_description('campus.people'::regclass, 1), col_description('campus.people'::regclass, 2)",
      ),
    ).toEqual([['by hand', 'a mark']]);
    await open().load(`${id} 3`, granted(await both(3)));
    expect(await asUser('advisor', 'advisor', 'SELECT n FROM campus.people')).toEqual([]);
    expect(await asOwner("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'campus\\_\\_%'")).toEqual([]);
    await asOwner(`DROP VIEW public.bound; DROP VIEW campus.inside; DROP TABLE campus.people; GRANT SELECT ON campus.seats TO ${READER.user};
      GRANT SELECT ON mart.lake_publication TO ${READER.user}`);
  });

  it('changes columns in place, and names a view that reads one that went', async () => {
    await open().load(id, granted(setOf(await table('campus.c', "SELECT 1 AS n, 'x' AS mark, 2 AS other"))));
    await asOwner('CREATE VIEW public.reads AS SELECT mark FROM campus.c');

    const { remarks = [] } = await open().load(
      `${id} 2`,
      granted(setOf(await table('campus.c', "SELECT DATE '2026-01-31' AS n, 5 AS more"))),
    );

    expect(remarks).toEqual([expect.stringMatching(/campus\.c has no mark .*mark__away/)]);
    expect(await ask('SELECT n, more FROM campus.c')).toEqual([['2026-01-31', '5']]);
    expect(await asOwner('SELECT mark FROM public.reads')).toEqual([[null]]);
    await asOwner('DROP VIEW public.reads');
    expect(
      (await open().load(`${id} 3`, granted(setOf(await table('campus.c', 'SELECT 6 AS n'))))).remarks,
    ).toEqual([]);
    expect(await asOwner('SELECT * FROM campus.c')).toEqual([['6']]);
  });

  it('brings a table that was away back with its protection, and shows its rows to nobody meanwhile', async () => {
    const stays = await table('campus.stays', 'SELECT 1 AS n');
    await open().load(id, granted(setOf(stays, await table('campus.comes', 'SELECT 1 AS n'))));
    await asOwner(`REVOKE SELECT ON campus.comes FROM ${READER.user}`);

    const { remarks = [] } = await open().load(`${id} 2`, granted(setOf(stays)));
    expect(remarks).toEqual([expect.stringContaining('campus.comes is in no publication any more')]);
    expect(await asOwner('SELECT * FROM campus.comes__away')).toEqual([]);

    await open().load(`${id} 3`, granted(setOf(stays, await table('campus.comes', 'SELECT 2 AS n'))));
    await expect(ask('SELECT n FROM campus.comes')).rejects.toThrow('permission denied');
    expect(await asOwner('SELECT n FROM campus.comes')).toEqual([['2']]);
  });

  it('moves what has the name of a table of the lake', async () => {
    await open().load(id, granted(setOf(await table('campus.v', 'SELECT 1 AS n'))));
    await asOwner('CREATE VIEW campus.wanted AS SELECT 42 AS answer');

    const { remarks = [] } = await open().load(
      `${id} 2`,
      granted(setOf(await table('campus.wanted', 'SELECT 1 AS n'))),
    );

    expect(remarks.join()).toContain('called campus.wanted_moved');
    expect(await asOwner('SELECT answer FROM campus.wanted_moved')).toEqual([['42']]);
    await asOwner('DROP VIEW campus.wanted_moved');
  });

  it('deploys procedures whose tables are there, and calls them with the publication before anybody sees it', async () => {
    await writeFile(
      path.join(root, 'procedures/count.sql'),
      `-- call: mart.count_t
       -- reads: campus.t (n)
       CREATE TABLE IF NOT EXISTS mart.t_count (n bigint, publication varchar(256));
       CREATE OR REPLACE PROCEDURE mart.count_t(p_publication varchar) AS $$
       BEGIN
         DELETE FROM mart.t_count;
         INSERT INTO mart.t_count SELECT count(*), p_publication FROM campus.t;
       END;
       $$ LANGUAGE plpgsql;`.replaceAll(/^ +/gm, ''),
    );
    await writeFile(
      path.join(root, 'procedures/other.sql'),
      '-- call: mart.other\n-- reads: campus.none (n)\nCREATE PROCEDURE mart.other(p_publication varchar) AS $$ BEGIN END; $$ LANGUAGE plpgsql;',
    );

    const loaded = await open().load(
      id,
      granted(setOf(await table('campus.t', 'SELECT i AS n FROM UNNEST(SEQUENCE(1, 7)) AS s(i)'))),
    );

    expect(loaded.remarks).toContain('mart.other was not called: there is no table campus.none');
    expect(await ask('SELECT n, publication FROM mart.t_count')).toEqual([['7', id]]);
    await rm(path.join(root, 'procedures/count.sql'));
    await rm(path.join(root, 'procedures/other.sql'));
  });

  it('refuses a load whose files hold other rows than the lake says, and keeps the old', async () => {
    const good = await table('campus.t', 'SELECT 1 AS n');
    await open().load(`${id} good`, granted(setOf(good)));

    await expect(open().load(id, granted(setOf({ ...good, rows: 2 })))).rejects.toThrow(
      'campus.t has 2 rows in the lake, and 1 were loaded',
    );
    const iceberg = { ...good, storage: { kind: 'iceberg' } };
    await expect(open().load(id, granted(setOf(iceberg)))).rejects.toThrow(
      'not kept as Parquet files (iceberg)',
    );

    expect(await ask('SELECT publication FROM mart.lake_publication')).toEqual([[`${id} good`]]);
  });

  it('hands on what users have asked, as the history of Redshift has it, and each once', async () => {
    const asked = (id: number, at: string, sql: string) =>
      asOwner(
        `INSERT INTO public.sys_query_history SELECT CAST(usesysid AS integer), ${id}, current_database(), 'success', '${at}', '${at}', '${sql}' FROM pg_user WHERE usename = '${READER.user}'`,
      );
    const taken: string[] = [];
    const take = () =>
      open().takeStatements!(
        async (found) => void taken.push(...found.map(({ login, sql }) => `${login}: ${sql}`)),
      );
    await asked(1, '2026-11-30 08:00:00', 'SELECT 1');
    await take();
    await asked(2, '2026-11-30 09:00:00', 'SELECT 2');
    await take();
    await take();
    expect(taken).toEqual([`${READER.user}: SELECT 1`, `${READER.user}: SELECT 2`]);
  });

  it('writes its tables again, so that nothing stays of rows that were replaced', async () => {
    const warehouse = open();
    const students = (id: number) => table('campus.students', `SELECT ${id} AS student_id`);
    await warehouse.load('forget-1', granted({ 'campus.students': await students(1) }));
    await warehouse.load('forget-2', granted({ 'campus.students': await students(2) }));
    const before = redshift.statements.length;

    await warehouse.forgetReplaced!();

    expect(redshift.statements.slice(before).filter((sql) => /^(VACUUM|ANALYZE)/.test(sql))).toEqual([
      'VACUUM FULL "campus"."students" TO 100 PERCENT',
      'ANALYZE "campus"."students"',
    ]);
  });

  it('loads nothing where there is none, and says how to get one', async () => {
    const without = openRedshiftWarehouse({
      redshift: new RedshiftDataClient(clientConfig('http://127.0.0.1:9')),
      place: undefined,
      objects,
      secrets: { get: async () => '' },
      clock: systemClock,
    });

    expect(await without.load(id, granted(setOf()))).toEqual({ rows: 0 });
    await expect(without.describe()).rejects.toThrow('no warehouse');
  });
});
