import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeState, readState } from '../../src/loads/dataset-state.ts';
import type { LoadManifest } from '../../src/loads/load.ts';
import { manifestText } from '../../src/loads/manifest-document.ts';
import { listModelRecords, writeModelRecord } from '../../src/pipeline/model-record.ts';
import { currentPublicationId, publish, readPublication } from '../../src/pipeline/publication.ts';
import { applyRemedy } from '../../src/pipeline/repair/apply-remedy.ts';
import type { Damage } from '../../src/pipeline/repair/damage.ts';
import { findDamage } from '../../src/pipeline/repair/find-damage.ts';
import { openLocalEngine } from '../../src/platform/local/duckdb/engine.ts';
import { filesOf } from '../../src/platform/local/duckdb/storage.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import type { Uses } from '../../src/ports/step.ts';
import type { TableVersion } from '../../src/ports/tables.ts';
import { lakeOf } from '../lake-of.ts';
import { committedUpTo, withPassed } from '../loads/states.ts';

const COLUMNS = [{ name: 'id', type: 'bigint' }] as const;
const RAW = 'raw/canvas/canvas/users/load-2/';

let root: string;
let engine: Awaited<ReturnType<typeof openLocalEngine>>;
let lake: Uses<'session' | 'signal' | 'report' | 'campus' | 'catalog' | 'ledger' | 'objects' | 'engine'>;
let users: TableVersion;
let students: TableVersion;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lake-repair-'));
  engine = await openLocalEngine({ root });
  const ledger = openLocalLedger(join(root, 'ledger'));
  const objects = openLocalObjects(root);
  const platform = { ledger, objects, engine };
  lake = lakeOf({
    campus: { sources: { canvas: { kind: 'canvas' } } },
    catalog: { datasets: [{ id: 'canvas.users' }, { id: 'canvas.terms' }] },
    platform,
  });

  const made = (table: string, id: string) => engine.literalTable(table, COLUMNS, [[1], [2], [3]], id);
  users = await made('canvas.users', 'load-1');
  students = await made('campus.students', 'run-1');
  const terms = await made('canvas.terms', 'load-1');
  const file = await objects.putText(`${RAW}part-00000.jsonl`, '{"key":{"id":1}}\n');
  const manifest: LoadManifest = {
    load: 'load-2',
    dataset: 'canvas.users',
    kind: 'increment',
    layout: 'dap',
    format: 'jsonl',
    watermark: '2026-11-02T00:00:00Z',
    startedAt: '2026-11-02T00:00:00Z',
    files: [file],
  };
  await objects.putText(`${RAW}manifest.json`, manifestText(manifest));
  for (const [dataset, version] of Object.entries({ 'canvas.users': users, 'canvas.terms': terms })) {
    await changeState(ledger, dataset, (state) => ({
      ...withPassed(state, version, 'load-1'),
      ...committedUpTo('2026-11-01T00:00:00Z'),
    }));
  }
  await writeModelRecord(ledger, { model: 'students', run: 'run-1', version: students });
  const tables = { 'canvas.users': users, 'canvas.terms': terms, 'campus.students': students };
  for (const [id, at] of [
    ['run-1', '2026-11-01T00:00:00Z'],
    ['run-2', '2026-11-02T00:00:00Z'],
  ] as const) {
    await publish(platform, { id, run: id, at, asOf: at, tables, facts: {} });
  }
});
afterEach(async () => {
  await engine.close();
  await rm(root, { recursive: true, force: true });
});

const find = (thorough = true) => findDamage(lake, { thorough });
const spoil = (...parts: string[]) => truncate(join(root, ...parts), 0);
const record = (key: string) => spoil('ledger/state', `${encodeURIComponent(key)}.json`);
const fileOf = (version: TableVersion) => filesOf(version)[0]!;

/** What is found, and what is left after its remedies. */
async function repaired(): Promise<{ found: Damage[]; left: Damage[] }> {
  const found = await find();
  for (const { remedy } of found) await applyRemedy(lake, remedy);
  return { found, left: await find() };
}

const brief = (damages: readonly Damage[]) =>
  damages.map(({ kind, about, remedy }) => `${kind} ${about}: ${remedy.do}`);

describe('a lake', () => {
  it('that is whole has nothing to repair', async () => {
    expect(await find()).toEqual([]);
  });

  it('whose dataset has lost its record serves what is published, and loads all of it next', async () => {
    await record('dataset/canvas.users');

    const { found, left } = await repaired();

    expect(brief(found)).toEqual(['record dataset/canvas.users: recover-dataset']);
    expect(left).toEqual([]);
    const { state } = await readState(lake.platform.ledger, 'canvas.users');
    expect(state).toMatchObject({
      snapshotNext: true,
      table: { phase: 'passed', staged: { version: users } },
      pending: [],
    });
  });

  it('whose model has lost its record serves what is published', async () => {
    await record('model/students');

    const { found, left } = await repaired();

    expect(brief(found)).toEqual(['record model/students: recover-model']);
    expect(left).toEqual([]);
    expect(await listModelRecords(lake.platform.ledger)).toMatchObject([
      { model: 'students', version: students },
    ]);
  });

  it('whose pointer is lost shows the newest publication that can be read', async () => {
    await record('publication/current');
    await spoil('publications/run-2.json');

    const { found, left } = await repaired();

    expect(brief(found).sort()).toEqual([
      'publication publication/current: point-to',
      'publication run-2: drop-publication',
    ]);
    expect(left).toEqual([]);
    expect(await currentPublicationId(lake.platform.ledger)).toBe('run-1');
    expect(await readPublication(lake.platform)).toMatchObject({ id: 'run-1' });
  });

  it('whose current publication is damaged goes back to the one before', async () => {
    await spoil('publications/run-2.json');

    expect((await repaired()).left).toEqual([]);

    expect(await currentPublicationId(lake.platform.ledger)).toBe('run-1');
  });

  it.each(['missing', 'cut short', 'changed'])(
    'whose staged file is %s makes the table again',
    async (what) => {
      const file = join(root, fileOf(users));
      if (what === 'missing') await rm(file);
      else if (what === 'cut short') await spoil(fileOf(users));
      else await writeFile(file, 'xx', { flag: 'r+' }).then(() => writeFile(file, 'PAR1xx', { flag: 'r+' }));

      const found = await find();

      expect(brief(found)).toEqual(['table canvas.users: restage']);
      expect(found[0]!.found).toContain(`${fileOf(users)} is ${what}`);
      for (const { remedy } of found) await applyRemedy(lake, remedy);
      expect((await readState(lake.platform.ledger, 'canvas.users')).state).toMatchObject({ restage: true });
      // Without reading files whole, a byte that has changed is not seen.
      expect(await find(false)).toHaveLength(what === 'changed' ? 0 : 1);
    },
  );

  it('whose raw files are damaged too loads the dataset again', async () => {
    await changeState(lake.platform.ledger, 'canvas.users', (state) => ({
      ...state,
      pending: [{ load: 'load-2', kind: 'increment', manifest: `${RAW}manifest.json` }],
    }));
    await spoil(fileOf(users));
    await spoil(`${RAW}part-00000.jsonl`);

    const { found } = await repaired();

    expect(brief(found)).toEqual(['table canvas.users: reload', 'raw canvas.users: reload']);
    const { state } = await readState(lake.platform.ledger, 'canvas.users');
    expect(state).toMatchObject({ snapshotNext: true, pending: [] });
  });

  it('whose manifest is damaged says so, and does nothing where its rows are staged', async () => {
    await spoil(`${RAW}manifest.json`);

    expect(brief(await find())).toEqual([`raw ${RAW}manifest.json: nothing`]);
  });

  it('whose curated file is damaged leaves it to the next run', async () => {
    await spoil(fileOf(students));

    expect(brief(await find())).toEqual(['table campus.students: nothing']);
  });

  it('in which only an older publication is concerned needs nothing', async () => {
    const old = await engine.literalTable('canvas.users', COLUMNS, [[1]], 'load-0');
    const tables = { 'canvas.users': old };
    await publish(lake.platform, {
      id: 'run-0',
      run: 'run-0',
      at: '2026-10-01T00:00:00Z',
      asOf: '',
      tables,
      facts: {},
    });
    await spoil(fileOf(old));

    expect(brief(await find())).toEqual(['table canvas.users: nothing']);
  });

  it('whose other records are damaged drops them', async () => {
    await lake.platform.ledger.write('run/current', { run: 'r' }, undefined);
    await record('run/current');

    const { found, left } = await repaired();

    expect(brief(found)).toEqual(['record run/current: drop-record']);
    expect(left).toEqual([]);
  });
});
