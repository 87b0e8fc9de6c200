import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CatalogDataset } from '../../src/campus/campus.ts';
import { createCatalog } from '../../src/campus/catalog.ts';
import { changeState, commitLoad, readState } from '../../src/loads/dataset-state.ts';
import type { LoadManifest } from '../../src/loads/load.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import type { Uses } from '../../src/ports/step.ts';
import { requestReload } from '../../src/staging/reload.ts';
import { lakeOf } from '../lake-of.ts';
import { committedUpTo } from '../loads/states.ts';

const dataset = (id: string, more: Partial<CatalogDataset> = {}): CatalogDataset => {
  const [source, name] = id.split('.') as [string, string];
  const columns = [{ name: 'id', type: 'bigint', privacy: 'quasi' } as const];
  return { id, source, name, namespace: 'canvas', table: name, key: ['id'], columns, ...more };
};

describe('requestReload', () => {
  let root: string;
  let lake: Uses<'session' | 'signal' | 'report' | 'campus' | 'catalog' | 'objects' | 'ledger' | 'secrets'>;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'campus-lake-reload-'));
    lake = lakeOf({
      campus: {
        privacy: { defaults: {} },
        sources: { canvas: { kind: 'canvas' }, sis: { kind: 'postgres' } },
      },
      catalog: createCatalog([
        dataset('canvas.users'),
        dataset('canvas.courses'),
        dataset('canvas.web_logs', { namespace: 'canvas_logs' }),
        dataset('canvas.parked', { load: 'off' }),
        dataset('sis.people', { namespace: 'registrar' }),
      ]),
      platform: {
        objects: openLocalObjects(root),
        ledger: openLocalLedger(join(root, 'ledger')),
        secrets: {},
      },
    });
    for (const id of ['canvas.users', 'canvas.web_logs', 'sis.people']) {
      await changeState(lake.platform.ledger, id, (state) => ({
        ...state,
        ...committedUpTo('2026-01-01T00:00:00Z'),
      }));
    }
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const stateOf = async (id: string) => (await readState(lake.platform.ledger, id)).state;

  const increment: LoadManifest = {
    load: 'l2',
    dataset: 'canvas.users',
    kind: 'increment',
    layout: 'dap',
    format: 'jsonl',
    since: '2026-01-01T00:00:00Z',
    watermark: '2026-01-02T00:00:00Z',
    files: [],
    startedAt: '2026-01-02T00:00:00Z',
  };

  it('has the next load be a snapshot, and says what a person should know of it', async () => {
    const done = await requestReload(lake, [
      'canvas.users',
      'canvas.courses',
      'canvas.web_logs',
      'sis.people',
    ]);

    expect(done.map(({ note }) => note)).toEqual([
      undefined,
      expect.stringContaining('never loaded'),
      expect.stringContaining('what is older stays'),
      expect.stringContaining('copied whole'),
    ]);
    expect(await stateOf('canvas.users')).toMatchObject({ snapshotNext: true });
  });

  it('is not forgotten when a load that was under way is committed, and is done with a snapshot', async () => {
    await requestReload(lake, ['canvas.users']);

    expect(await commitLoad(lake.platform.ledger, increment, 'm2')).toMatchObject({ snapshotNext: true });

    const { since: _none, ...rest } = increment;
    const after = await commitLoad(lake.platform.ledger, { ...rest, load: 'l3', kind: 'snapshot' }, 'm3');
    expect(after.snapshotNext).toBeUndefined();
  });

  it('is done with a snapshot of a table that keeps its last days, though that adds to it', async () => {
    await requestReload(lake, ['canvas.web_logs']);

    const { since: _none, ...rest } = increment;
    const after = await commitLoad(lake.platform.ledger, { ...rest, dataset: 'canvas.web_logs' }, 'm2');

    expect(after.snapshotNext).toBeUndefined();
  });

  it('asks for nothing where one of the names is wrong, and suggests the nearest', async () => {
    await expect(requestReload(lake, ['canvas.users', 'canvas.corses'])).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('did you mean "canvas.courses"?'),
    });
    await expect(requestReload(lake, ['canvas.users', 'canvas.parked'])).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('its load is off'),
    });
    expect((await stateOf('canvas.users')).snapshotNext).toBeUndefined();
  });

  it('stages again from raw where all loads are there, and refuses where they are not', async () => {
    const { objects, ledger } = lake.platform;
    const prefix = 'raw/canvas/canvas/users/l1';
    const file = await objects.put(`${prefix}/part-0.jsonl`, Readable.from(['']));
    const { since: _none, ...rest } = increment;
    const manifest: LoadManifest = { ...rest, load: 'l1', kind: 'snapshot', files: [file] };
    await objects.putText(`${prefix}/manifest.json`, JSON.stringify(manifest));
    await commitLoad(ledger, manifest, `${prefix}/manifest.json`);

    expect(await requestReload(lake, ['canvas.users'], { from: 'raw' })).toEqual([
      { dataset: 'canvas.users', from: 'raw', loads: 1 },
    ]);
    expect(await stateOf('canvas.users')).toMatchObject({ restage: true });

    await objects.delete([file.key]);
    await expect(requestReload(lake, ['canvas.users'], { from: 'raw' })).rejects.toMatchObject({
      exitCode: 1,
      hint: expect.stringContaining('lake reload canvas.users'),
    });
  });
});
