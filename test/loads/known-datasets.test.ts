import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Campus, Catalog } from '../../src/campus/campus.ts';
import { changeState } from '../../src/loads/dataset-state.ts';
import { knownDatasets } from '../../src/loads/known-datasets.ts';
import type { DatasetState } from '../../src/loads/state.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import type { LedgerStore } from '../../src/ports/ledger.ts';
import { committedUpTo, withPassed, withStaged } from './states.ts';

const at = (day: number, hour = 2) => new Date(Date.UTC(2026, 9, day, hour)).toISOString();
const VERSION = { table: 't', columns: [], rows: 1, storage: {} };

const campus = {
  sources: { canvas: { kind: 'canvas' }, sis: { kind: 'postgres' } },
} as unknown as Campus;
const catalogOf = (...ids: (string | { id: string; load?: string; freshness?: string; owner?: string })[]) =>
  ({
    datasets: ids.map((entry) => {
      const dataset = typeof entry === 'string' ? { id: entry } : entry;
      return { ...dataset, source: dataset.id.split('.')[0] };
    }),
  }) as unknown as Catalog;

describe('What is known of a dataset', () => {
  let folder: string;
  let ledger: LedgerStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'known-'));
    ledger = openLocalLedger(folder);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const set = (dataset: string, change: (state: DatasetState) => DatasetState) =>
    changeState(ledger, dataset, change);
  const passed = (dataset: string, run: string, asOf: string, loadedAt = asOf) =>
    set(dataset, (state) => ({
      ...withPassed(state, VERSION, run, { time: { asOf, loadedAt } }),
      ...committedUpTo(asOf, loadedAt),
    }));
  const known = (catalog: Catalog, now: string, run = 'r2') =>
    knownDatasets({ campus, catalog, ledger, now: Date.parse(now), run });

  it('is how far the version goes that has passed, not the load that waits or was kept back', async () => {
    await passed('canvas.users', 'r1', at(1));
    await set('canvas.users', (state) => ({ ...state, ...committedUpTo(at(2)) }));
    await passed('canvas.courses', 'r1', at(1));
    await set('canvas.courses', (state) => ({
      ...withStaged(state, VERSION, 'r2', { time: { asOf: at(2), loadedAt: at(2) } }),
      ...committedUpTo(at(2)),
    }));

    const found = await known(catalogOf('canvas.users', 'canvas.courses'), at(2));

    expect(found.get('canvas.users')).toMatchObject({ asOf: at(1), load: 'r1', isStale: false });
    expect(found.get('canvas.courses')).toMatchObject({
      asOf: at(1),
      whyOld: 'its newer rows did not pass their checks',
    });
  });

  it('is stale when it is further behind its source than promised, whatever the clock of the lake says', async () => {
    await passed('canvas.submissions', 'r1', at(1), at(20));
    await passed('canvas.users', 'r2', at(15), at(20, 3));
    await passed('canvas.courses', 'r2', at(14, 1), at(20, 3));

    const found = await known(
      catalogOf('canvas.submissions', 'canvas.users', 'canvas.courses', {
        id: 'canvas.terms',
        freshness: '1d',
      }),
      at(20, 4),
    );

    expect([...found.values()].filter(({ isStale }) => isStale).map(({ dataset }) => dataset)).toEqual([
      'canvas.submissions',
      'canvas.terms',
    ]);
  });

  it('is stale when its load was asked for longer ago than promised, unless it is of this run', async () => {
    await passed('canvas.users', 'r1', at(1));
    await passed('sis.students', 'r1', at(1));
    const catalog = catalogOf('canvas.users', { id: 'sis.students', freshness: '3d' });

    const later = await known(catalog, at(3));
    const inItsRun = await known(catalog, at(3), 'r1');

    expect(later.get('canvas.users')).toMatchObject({ isStale: true, whyOld: 'its load failed' });
    expect(later.get('sis.students')!.isStale).toBe(false);
    expect(inItsRun.get('canvas.users')!.isStale).toBe(false);
    expect(inItsRun.get('canvas.users')!.whyOld).toBeUndefined();
  });

  it('takes a dataset that was never loaded for stale, and one that is switched off for empty by decision', async () => {
    const found = await known(
      catalogOf({ id: 'canvas.users', owner: 'IT' }, { id: 'canvas.x', load: 'off' }),
      at(1),
    );

    expect(found.get('canvas.users')).toEqual({
      dataset: 'canvas.users',
      owner: 'IT',
      whyOld: 'it was never loaded',
      isStale: true,
    });
    expect(found.get('canvas.x')).toMatchObject({ isStale: false, whyOld: 'the catalog says load: off' });
  });

  it('knows a dataset that was switched off up to its last load, and no further', async () => {
    await passed('canvas.users', 'r1', at(1));
    await passed('canvas.courses', 'r2', at(9));

    const found = await known(catalogOf({ id: 'canvas.users', load: 'off' }, 'canvas.courses'), at(9));

    expect(found.get('canvas.users')).toMatchObject({ asOf: at(1), modelAsOf: at(1), isStale: true });
  });

  it('tells the instant of a copy of the SIS by the clock of the LMS, where that is ahead of the lake', async () => {
    await passed('canvas.users', 'r2', at(20), at(3));
    await passed('sis.students', 'r2', at(3));
    await passed('sis.holds', 'r1', at(2));

    const ahead = await known(catalogOf('canvas.users', 'sis.students', 'sis.holds'), at(3));
    await passed('canvas.users', 'r2', at(1), at(3));
    const behind = await known(catalogOf('canvas.users', 'sis.students'), at(3));

    expect(ahead.get('sis.students')).toMatchObject({ asOf: at(3), modelAsOf: at(20) });
    expect(ahead.get('sis.holds')).toMatchObject({ asOf: at(2), modelAsOf: at(19) });
    expect(behind.get('sis.students')!.modelAsOf).toBe(at(3));
  });

  it('leaves the instant of a copy alone where the clock of the SIS is right and only that of the lake is slow', async () => {
    await passed('canvas.users', 'r2', at(20), at(19));
    await passed('canvas.courses', 'r2', at(20), at(19));
    await passed('sis.students', 'r2', at(20));

    const found = await known(catalogOf('canvas.users', 'canvas.courses', 'sis.students'), at(19));

    expect(found.get('sis.students')).toMatchObject({ asOf: at(20), modelAsOf: at(20) });
  });

  it('goes by the watermark where a record is of an older version of the lake', async () => {
    const file = join(folder, 'state', `${encodeURIComponent('dataset/canvas.users')}.json`);
    await set('canvas.users', (state) => state);
    const old = { watermark: at(1), passed: VERSION, passedLoad: 'r1', staged: VERSION, stagedLoad: 'r1' };
    const value = { dataset: 'canvas.users', pending: [], ...old };
    await writeFile(file, JSON.stringify({ value, version: 1 }));

    const found = await known(catalogOf('canvas.users'), at(1, 5));

    expect(found.get('canvas.users')).toMatchObject({ asOf: at(1), loadedAt: at(1), isStale: false });
  });
});
