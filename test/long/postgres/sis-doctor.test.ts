import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { withLake } from '../../../bin/with-lake.ts';
import { discovery } from '../../../src/app/discover/discovery.ts';
import { checkSources } from '../../../src/app/doctor/check-sources.ts';
import type { Finding } from '../../../src/app/doctor/finding.ts';
import { writeText } from '../../../src/campus/files.ts';
import { loadCampus } from '../../../src/campus/load.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { openLocalRateLimits } from '../../../src/platform/local/rate-limits.ts';
import { readersOf } from '../../../src/platform/local/replication/replication.ts';
import { openSecrets } from '../../../src/platform/secrets.ts';
import { tablesWanted } from '../../../src/sis/mappings-of.ts';
import {
  LAKE_PASSWORD,
  replicate,
  type SisFixture,
  startSisFixture,
} from '../../platform/local/replication/sis-fixture.ts';

/** A user with rights on what the test grants, and no others. */
const NARROW = { user: 'narrow', password: 'narrow-password' };

let sis: SisFixture;
let admin: pg.Client;
let folder: string;
let databases = 0;
let database: string;

beforeAll(async () => {
  sis = await startSisFixture();
  await sis.admin.query(`CREATE ROLE narrow LOGIN PASSWORD '${NARROW.password}'`);
});
afterAll(() => sis?.stop());

beforeEach(async () => {
  database = `college_${++databases}`;
  await sis.admin.query(`CREATE DATABASE ${database}`);
  admin = await sis.connect('registrar', database);
  folder = await mkdtemp(path.join(tmpdir(), 'doctor-'));
  await mkdir(path.join(folder, 'catalog'));
  vi.stubEnv('SIS_PASSWORD', LAKE_PASSWORD);
  await configure();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await admin.end();
  await rm(folder, { recursive: true });
});

async function configure(more: Record<string, unknown> = {}): Promise<void> {
  const source = { ...sis.source, database, ...more };
  const campus = { name: 'College', timeZone: 'America/Chicago', lake: './lake', sources: { sis: source } };
  await writeFile(path.join(folder, 'campus.yaml'), JSON.stringify(campus));
}

const loaded = () => loadCampus(folder);

async function discover(options: { views?: boolean; sample?: number } = {}) {
  const { campus } = await loaded();
  const found = await discovery(campus, 'sis', { limits: openLocalRateLimits(systemClock), ...options });
  for (const [file, text] of found.texts) await writeText(file, text);
  return found;
}

async function doctor(signal?: AbortSignal): Promise<Finding[]> {
  const patient = {
    ...(await loaded()),
    secrets: openSecrets({ root: folder }),
    limits: openLocalRateLimits(systemClock),
    open: withLake,
    readersOf,
    expectedBytes: 0,
    signal,
  };
  const findings: Finding[] = [];
  for await (const finding of await checkSources(patient)) findings.push(finding);
  return findings;
}
const failures = (findings: readonly Finding[]) =>
  findings.filter(({ status }) => status === 'fail').map(({ text }) => text);

/** What a run copies by this catalog. */
async function copied() {
  const { campus, catalog } = await loaded();
  const wanted = await tablesWanted({ campus, catalog, platform: {} as never }, 'sis');
  const source = campus.sources.sis as typeof sis.source;
  return replicate(await sis.lake(), source, wanted.mappings!);
}

describe('The doctor of a SIS', () => {
  it('fails on a database without the tables of the catalog, a whole schema or one of them, and on an empty catalog', async () => {
    expect(failures(await doctor())).toEqual([expect.stringMatching(/lists no table/)]);
    await admin.query(`CREATE SCHEMA reg; CREATE TABLE reg.a (id int PRIMARY KEY); CREATE TABLE reg.b (id int);
      CREATE SCHEMA aid; CREATE TABLE aid.c (id int);`);
    await discover();
    expect(failures(await doctor())).toEqual([]);

    await admin.query('DROP TABLE reg.b; DROP SCHEMA aid CASCADE');
    expect(failures(await doctor())).toEqual([
      `the database ${database} has no table in aid, where the catalog has 1 table`,
      'sis.reg_b: in the catalog, and not at the source',
    ]);

    await configure({ database: 'postgres' });
    expect(failures(await doctor())).toEqual([
      'the database postgres has no table in aid, reg, where the catalog has 3 tables',
    ]);
    // Nothing is taken to be gone where nothing at all is seen.
    expect((await discover()).changes.goneTables).toEqual([]);
  });

  it('tells rights by column and row security as a run meets them', async () => {
    await admin.query(`CREATE SCHEMA reg; GRANT USAGE ON SCHEMA reg TO narrow;
      CREATE TABLE reg.some (id int PRIMARY KEY, ok text, ssn text); GRANT SELECT (id, ok) ON reg.some TO narrow;
      CREATE TABLE reg.less (id int PRIMARY KEY, ok text); GRANT SELECT (id) ON reg.less TO narrow;
      CREATE TABLE reg.rows (id int PRIMARY KEY); GRANT SELECT ON reg.rows TO narrow;
      ALTER TABLE reg.rows ENABLE ROW LEVEL SECURITY;
      INSERT INTO reg.some VALUES (1, 'x', 'y'); INSERT INTO reg.rows VALUES (1);`);
    vi.stubEnv('SIS_PASSWORD', NARROW.password);
    await configure({ user: NARROW.user });
    await discover();

    expect(failures(await doctor())).toEqual([
      'the user narrow may not read reg.less (ok)',
      'row security hides rows of reg.rows from the user narrow: a run does not load them',
    ]);
    const { campus, catalog } = await loaded();
    const wanted = await tablesWanted({ campus, catalog, platform: {} as never }, 'sis');
    expect(JSON.stringify(wanted)).toContain('ssn');
  });

  it('says where connections are too few, by the limits of role, database and server', async () => {
    await admin.query('CREATE TABLE public.t (id int)');
    await configure({ maxConnections: 2 });
    await discover();
    await sis.admin.query('ALTER ROLE lake CONNECTION LIMIT 2');
    const few = (await doctor()).find(({ text }) => /connection/.test(text));
    await sis.admin.query('ALTER ROLE lake CONNECTION LIMIT 1');
    const none = (await doctor()).find(({ text }) => /connection/.test(text));
    await sis.admin.query('ALTER ROLE lake CONNECTION LIMIT -1');

    expect(few).toMatchObject({
      status: 'warn',
      text: expect.stringMatching(/^the user lake has 2 .* takes 3/),
    });
    expect(none).toMatchObject({ status: 'fail', text: expect.stringMatching(/^the user lake has 1 /) });
  });

  it('and discovery do not wait for a locked table, and stop when they are told to', async () => {
    await admin.query(
      'CREATE TABLE public.locked (id int PRIMARY KEY, name text); CREATE TABLE public.free (id int)',
    );
    await admin.query('BEGIN; LOCK TABLE public.locked IN ACCESS EXCLUSIVE MODE');
    const begun = Date.now();
    const { changes } = await discover();
    await doctor();
    expect(changes.newTables).toHaveLength(2);
    expect(Date.now() - begun).toBeLessThan(5_000);

    // A lock on the catalog itself holds up every question.
    await admin.query('LOCK TABLE pg_class IN ACCESS EXCLUSIVE MODE');
    const stopped = new AbortController();
    setTimeout(() => stopped.abort(new Error('stopped')), 300);
    await expect(doctor(stopped.signal)).rejects.toThrow('stopped');
    await admin.query('ROLLBACK');
  });

  it('passes views that the catalog lists, which a run copies, whatever kind of view', async () => {
    await admin.query(`CREATE TABLE public.t (id int PRIMARY KEY); INSERT INTO public.t VALUES (1), (2);
      CREATE VIEW public.v AS SELECT * FROM public.t; CREATE MATERIALIZED VIEW public.m AS SELECT * FROM public.t;`);
    await discover({ views: true });
    // Later discoveries look at the views that are listed, without being asked for views.
    expect((await discover()).changes).toMatchObject({ goneTables: [], newTables: [] });

    expect(failures(await doctor())).toEqual([]);
    expect((await copied()).tables.map(({ table, rows, error }) => [table, error ?? rows]).sort()).toEqual([
      ['m', 2],
      ['t', 2],
      ['v', 2],
    ]);

    await admin.query(
      'DROP MATERIALIZED VIEW public.m; DROP VIEW public.v; CREATE TABLE public.v AS SELECT 7 AS id',
    );
    await admin.query('CREATE TABLE public.m (id int)');
    expect(failures(await doctor())).toEqual([
      expect.stringMatching(/sis\.public_m \(a table at the source\)/),
    ]);
    await discover();
    expect(failures(await doctor())).toEqual([]);
  });

  it('names tables that cannot be loaded as they are made; discovery leaves them off', async () => {
    await admin.query(`CREATE TABLE public.twice ("Name" text, name text); CREATE TABLE public.none ();
      CREATE TABLE public."..\\up" (id int); CREATE TABLE public.good (id int)`);
    const { reading, changes } = await discover();

    expect(reading.remarks.sort()).toEqual([
      expect.stringMatching(/^public\.\.\.\\up cannot be loaded: its name/),
      'public.none cannot be loaded: it has no columns',
      'public.twice cannot be loaded: its columns "Name" and "name" differ in case only',
    ]);
    expect(changes.heldBack).toHaveLength(2);
    expect((await loaded()).catalog.of('sis').map(({ table }) => table)).toEqual(['good']);
    const file = path.join(folder, 'catalog', 'sis.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replace(/ {4}load: off .*\n/g, ''));
    expect(failures(await doctor())).toEqual([
      expect.stringMatching(
        /^cannot be loaded as they are made: public\.twice: its columns .*; public\.\.\.\\up: its name/,
      ),
    ]);
    const { byName } = await copied();
    expect(byName.twice!.error).toMatch(/differ in case only/);
    expect(byName.good!.error).toBeUndefined();
  });

  it('sees the same types whatever the role has set', async () => {
    await admin.query('CREATE TABLE public.t (d date, m money, b bytea, at timestamptz)');
    await sis.admin.query('ALTER ROLE lake SET quote_all_identifiers = on');
    await discover();
    await sis.admin.query('ALTER ROLE lake RESET quote_all_identifiers');

    const [t] = (await loaded()).catalog.of('sis');
    expect(t!.columns.map(({ type }) => type)).toEqual(['date', 'decimal(38,4)', 'varbinary', 'timestamp']);
  });
});
