import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CatalogDataset } from '../../../src/campus/campus.ts';
import type { CatalogColumn } from '../../../src/campus/catalog-schema.ts';
import { commitLoad, readState } from '../../../src/loads/dataset-state.ts';
import type { LoadManifest } from '../../../src/loads/load.ts';
import { listPublications, readPublication } from '../../../src/pipeline/publication.ts';
import { applyCatalog } from '../../../src/pipeline/steps/apply-catalog.ts';
import { buildModelStep } from '../../../src/pipeline/steps/build-model.ts';
import { publishStep } from '../../../src/pipeline/steps/publish.ts';
import { sweep } from '../../../src/pipeline/steps/sweep.ts';
import { type LocalEngine, openLocalEngine } from '../../../src/platform/local/duckdb/engine.ts';
import { filesOf } from '../../../src/platform/local/duckdb/storage.ts';
import { openLocalLedger } from '../../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../../src/platform/local/objects.ts';
import type { Uses } from '../../../src/ports/step.ts';
import type { TableVersion } from '../../../src/ports/tables.ts';
import { checkDataset } from '../../../src/quality/steps.ts';
import { restagePlan } from '../../../src/staging/restage-plan.ts';
import { stage } from '../../../src/staging/stage.ts';
import { lakeOf } from '../../lake-of.ts';
import { toJsonLines } from '../../platform/local/duckdb/lake-folder.ts';

const NOW = Date.UTC(2026, 9, 1);
const at = (hour: number) => new Date(NOW + hour * 3_600_000).toISOString();

const MODELS = {
  names: 'SELECT name FROM canvas.users',
  name_count: 'SELECT count(*) AS people FROM campus.names',
  courses_shown: 'SELECT title FROM canvas.courses',
};

const table = (name: string, text: string): CatalogDataset => ({
  id: `canvas.${name}`,
  source: 'canvas',
  name,
  namespace: 'canvas',
  table: name,
  key: ['id'],
  columns: [
    { name: 'id', type: 'bigint', privacy: 'quasi' },
    { name: text, type: 'varchar', privacy: 'direct' },
  ],
});

describe('A table whose catalog entry is narrowed', () => {
  let root: string;
  let lake: Uses<
    | 'session'
    | 'signal'
    | 'report'
    | 'campus'
    | 'target'
    | 'clock'
    | 'objects'
    | 'ledger'
    | 'engine'
    | 'secrets'
    | 'catalog'
  >;
  let notes: string[];
  let engine: LocalEngine;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'campus-lake-withdraw-'));
    await mkdir(join(root, 'models'));
    for (const [name, sql] of Object.entries(MODELS)) {
      const column = /AS people/.test(sql) ? 'people' : sql.split(' ')[1];
      const header = `-- description: ${name}\n-- grain: ${column}\n-- owner: Registrar\n-- column ${column} (none): it\n`;
      await writeFile(join(root, 'models', `${name}.sql`), `${header}${sql}\n`);
    }
    engine = await openLocalEngine({ root, threads: 2 });
    notes = [];
    lake = lakeOf({
      campus: {
        root,
        models: 'models',
        timeZone: 'UTC',
        privacy: { defaults: {} },
        sources: { canvas: { kind: 'canvas' } },
        ledger: { stepRetentionDays: 400 },
        raw: { retentionDays: 90, rebuildFrom: 'raw' },
      },
      catalog: {},
      platform: {
        target: 'local',
        clock: { now: () => NOW },
        objects: openLocalObjects(root),
        ledger: openLocalLedger(join(root, 'ledger')),
        engine,
        secrets: {},
      },
      report: { note: (about: string, text: string) => notes.push(`${about}: ${text}`), progress: () => {} },
      signal: new AbortController().signal,
    });
    useCatalog({});
    for (const name of ['users', 'courses']) await deliver(name, 'l1', 'snapshot', 0);
    await load('r1');
    await deliver('users', 'l2', 'increment', 1);
    await load('r2');
  });
  afterEach(async () => {
    await engine.close();
    await rm(root, { recursive: true, force: true });
  });

  function useCatalog(name: Partial<CatalogColumn>): void {
    const users = table('users', 'name');
    const datasets = [
      { ...users, columns: [users.columns[0]!, { ...users.columns[1]!, ...name }] },
      table('courses', 'title'),
    ];
    const get = (id: string) => datasets.find((dataset) => dataset.id === id)!;
    Object.assign(lake, { catalog: { datasets, get, of: () => datasets } });
  }

  async function deliver(name: string, loadId: string, kind: 'snapshot' | 'increment', hour: number) {
    const { objects, ledger } = lake.platform;
    const prefix = `raw/canvas/canvas/${name}/${loadId}`;
    const value = { [name === 'users' ? 'name' : 'title']: `${loadId} of ${name}` };
    const records = [{ ts: at(hour), key: { id: BigInt(hour) }, value }];
    const file = await objects.put(
      `${prefix}/part-0.jsonl.gz`,
      Readable.from([gzipSync(toJsonLines(records))]),
    );
    const manifest: LoadManifest = {
      load: loadId,
      dataset: `canvas.${name}`,
      kind,
      layout: 'dap',
      format: 'jsonl',
      ...(kind === 'increment' ? { since: at(hour - 1) } : {}),
      watermark: at(hour),
      files: [file],
      startedAt: at(hour),
    };
    await objects.putText(`${prefix}/manifest.json`, JSON.stringify(manifest));
    await commitLoad(ledger, manifest, `${prefix}/manifest.json`);
  }

  /** What a run does after its loads, with a source that delivers nothing more. Models that fail are left out. */
  async function load(run: string, models: readonly string[] = Object.keys(MODELS)): Promise<void> {
    await applyCatalog.run({ run }, lake);
    for (const { id } of lake.catalog.datasets) {
      const { state } = await readState(lake.platform.ledger, id);
      if (state.pending.length > 0) await stage.run({ run, dataset: id }, lake);
    }
    for (const { dataset } of (await restagePlan.run({ run }, lake)).datasets) {
      await stage.run({ run, dataset }, lake).catch((error: Error) => notes.push(`failed: ${error.message}`));
    }
    for (const { id } of lake.catalog.datasets) await checkDataset.run({ run, dataset: id }, lake);
    for (const model of models) await buildModelStep.run({ run, model }, lake).catch(() => undefined);
    await publishStep.run({ run }, lake);
    await sweep.run({ run }, lake);
  }

  const tablesOf = async (id?: string) =>
    Object.keys((await readPublication(lake.platform, id))!.tables).sort();
  const versionsOf = async (id: string) => Object.values((await readPublication(lake.platform, id))!.tables);
  const thereOf = (versions: readonly TableVersion[]) =>
    versions.flatMap(filesOf).filter((key) => existsSync(join(root, key)));
  async function columnsShown(name: string): Promise<string[]> {
    const { tables } = (await readPublication(lake.platform))!;
    return tables[name]!.columns.map((column) => column.name);
  }

  it('is withdrawn at once, from every publication, with all that was made of it', async () => {
    useCatalog({ privacy: 'secret' });

    const { withdrawn, snapshots } = await applyCatalog.run({ run: 'r3' }, lake);

    expect(withdrawn).toEqual(['campus.name_count', 'campus.names', 'canvas.users']);
    expect(snapshots).toEqual([]);
    expect(await listPublications(lake.platform.objects)).toEqual(['r1', 'r2']);
    for (const id of [undefined, 'r1', 'r2']) {
      expect(await tablesOf(id)).toEqual(['campus.courses_shown', 'canvas.courses']);
    }
  });

  describe('leaves in sight what its columns have not gone into', () => {
    const MORE = {
      people: 'SELECT count(*) AS n FROM canvas.users',
      cities: 'SELECT city FROM canvas.users',
      everything: 'SELECT * FROM canvas.users',
      those_named: 'SELECT id FROM canvas.users WHERE name IS NOT NULL',
      city_count: 'SELECT count(city) AS n FROM campus.cities',
    };
    const narrow = (column: string) => {
      const users = table('users', 'name');
      const columns = [...users.columns, { name: 'city', type: 'varchar', privacy: 'none' } as const].map(
        (own) => (column.split(' ').includes(own.name) ? { ...own, privacy: 'secret' as const } : own),
      );
      const datasets = [{ ...users, columns }, table('courses', 'title')];
      const get = (id: string) => datasets.find((dataset) => dataset.id === id)!;
      Object.assign(lake, { catalog: { datasets, get, of: () => datasets } });
    };
    beforeEach(async () => {
      for (const [name, sql] of Object.entries(MORE)) {
        const header = `-- description: ${name}\n-- grain: all\n-- owner: Registrar\n`;
        await writeFile(join(root, 'models', `${name}.sql`), `${header}${sql}\n`);
      }
      narrow('');
      await deliver('users', 'l3', 'snapshot', 2);
      await load('r3', [...Object.keys(MODELS), ...Object.keys(MORE)]);
      expect((await tablesOf()).filter((name) => name.startsWith('campus.'))).toHaveLength(8);
    });

    it('where the SQL tells', async () => {
      narrow('name');
      const { withdrawn } = await applyCatalog.run({ run: 'r4' }, lake);
      expect(withdrawn).toEqual([
        'campus.everything',
        'campus.name_count',
        'campus.names',
        'campus.those_named',
        'canvas.users',
      ]);
      expect(await tablesOf()).toEqual([
        'campus.cities',
        'campus.city_count',
        'campus.courses_shown',
        'campus.people',
        'canvas.courses',
      ]);
    });

    it('until one of theirs is narrowed too, when the table itself is gone already', async () => {
      narrow('name');
      await load('r4', []);
      expect(await tablesOf()).toContain('campus.city_count');
      narrow('name city');
      const { withdrawn } = await applyCatalog.run({ run: 'r5' }, lake);
      expect(withdrawn).toEqual(['campus.cities', 'campus.city_count', 'canvas.users']);
      expect(await tablesOf()).toEqual(['campus.courses_shown', 'campus.people', 'canvas.courses']);
    });
  });

  it('is not published by a run that began before the catalog was edited', async () => {
    useCatalog({ privacy: 'secret' });

    await publishStep.run({ run: 'r3' }, lake);

    for (const id of ['r1', 'r2', 'r3']) {
      expect(await tablesOf(id)).toEqual(['campus.courses_shown', 'canvas.courses']);
    }
  });

  it('is made again in the same run, and nothing that showed more is left on disk', async () => {
    const before = (await versionsOf('r2')).filter(({ table }) => !/course/.test(table));
    const others = (await versionsOf('r2')).filter(({ table }) => /course/.test(table));
    expect(thereOf(before)).not.toEqual([]);
    useCatalog({ privacy: 'secret' });

    await load('r3', ['courses_shown']);

    expect(await columnsShown('canvas.users')).toEqual(['id']);
    expect(await tablesOf()).toEqual(['campus.courses_shown', 'canvas.courses', 'canvas.users']);
    expect(thereOf(before)).toEqual([]);
    expect(thereOf(others)).toEqual(others.flatMap(filesOf));
  });

  it('has the models over it built again, and theirs', async () => {
    useCatalog({ treatment: 'keep', privacy: 'none', type: 'varchar', name: 'name', source: 'other' });
    await deliver('users', 'l3', 'snapshot', 2);

    await load('r3');

    // `other` is nowhere in what was delivered, so the column is there, and empty.
    expect(await tablesOf()).toEqual([
      'campus.courses_shown',
      'campus.name_count',
      'campus.names',
      'canvas.courses',
      'canvas.users',
    ]);
    expect(await tablesOf('r2')).toEqual(['campus.courses_shown', 'canvas.courses']);
  });

  it('stays away, and says why, until a snapshot is there where the raw zone has lost files', async () => {
    const before = (await versionsOf('r2')).filter(({ table }) => table === 'canvas.users');
    await lake.platform.objects.delete(['raw/canvas/canvas/users/l1/part-0.jsonl.gz']);
    useCatalog({ privacy: 'secret' });

    await load('r3');

    expect(await tablesOf()).toEqual(['campus.courses_shown', 'canvas.courses']);
    expect(notes.filter((note) => note.startsWith('failed'))).toEqual([
      expect.stringContaining('canvas.users has to be staged again (name is no longer kept)'),
    ]);
    expect(thereOf(before)).toEqual([]);
    const { state } = await readState(lake.platform.ledger, 'canvas.users');
    expect(state).toMatchObject({ snapshotNext: true });
    expect(state.table).toMatchObject({ phase: 'withdrawn' });
    expect(state.table).not.toHaveProperty('good');

    // Not shown by a catalog that is put back either: its files are gone.
    useCatalog({});
    await load('r4');
    expect(await tablesOf()).not.toContain('canvas.users');

    await deliver('users', 'l3', 'snapshot', 2);
    await load('r5');
    expect(await columnsShown('canvas.users')).toEqual(['id', 'name']);
    expect(await tablesOf()).toContain('campus.name_count');
  });

  it('may stay while the catalog only lets more be seen', async () => {
    useCatalog({ privacy: 'secret' });
    await load('r3', ['courses_shown']);
    await lake.platform.objects.delete(['raw/canvas/canvas/users/l1/part-0.jsonl.gz']);
    useCatalog({});

    const { withdrawn, snapshots } = await applyCatalog.run({ run: 'r4' }, lake);

    expect([withdrawn, snapshots]).toEqual([[], ['canvas.users']]);
    expect((await readState(lake.platform.ledger, 'canvas.users')).state.snapshotNext).toBe(true);
    expect(await tablesOf()).toContain('canvas.users');
    expect(notes.at(-1)).toContain('new column name');
  });

  it('does nothing where nothing changed', async () => {
    const before = await readPublication(lake.platform);

    const done = await applyCatalog.run({ run: 'r3' }, lake);

    expect(done).toEqual({ withdrawn: [], snapshots: [] });
    expect(await restagePlan.run({ run: 'r3' }, lake)).toEqual({ datasets: [] });
    expect(await readPublication(lake.platform)).toEqual(before);
  });
});
