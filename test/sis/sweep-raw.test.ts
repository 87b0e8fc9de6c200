import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CatalogDataset } from '../../src/campus/campus.ts';
import { changeState } from '../../src/loads/dataset-state.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import { sweepRawLoads } from '../../src/sis/sweep-raw.ts';
import { committedUpTo, withPassed, withStaged } from '../loads/states.ts';

const night = (n: number) => `202601${String(n).padStart(2, '0')}T023000Z-abcd`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sweep-raw-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('keeps the newest seven loads of a SIS and what its datasets name, and nothing of others is touched', async () => {
  const objects = openLocalObjects(folder);
  const ledger = openLocalLedger(path.join(folder, 'ledger'));
  const lake = { catalog: { datasets: [] }, platform: { objects, ledger } };
  for (let n = 0; n <= 12; n++) {
    for (const table of ['PERSON', 'GRADE']) {
      await objects.putText(`raw/sis/${night(n)}/REG/${table}/LOAD00000001.parquet`, 'rows');
    }
  }
  for (const n of [1, 5, 12]) {
    await objects.putText(`raw/sis-changes/${night(n)}/REG/FEE/20260101-000000000.parquet`, 'rows');
  }
  await objects.putText(`raw/sis2/${night(1)}/REG/PERSON/LOAD00000001.parquet`, 'rows');
  await objects.putText(`raw/canvas/canvas/users/${night(1)}/part.jsonl.gz`, 'rows');
  const version = { table: 'sis.any', columns: [], rows: 1, storage: {} };
  // A table that has failed ever since is still shown from its old load; another waits to be staged.
  await changeState(ledger, 'sis.reg_grade', (state) => withStaged(state, version, night(2)));
  const pending = [{ load: night(4), kind: 'snapshot', manifest: 'm' }] as const;
  // What passed its checks is read where it lies, however many loads have failed them since.
  await changeState(ledger, 'sis.reg_room', (state) =>
    withStaged(withPassed(state, version, night(3)), version, night(11)),
  );
  // Its changes follow an old full load.
  const feed = { generation: night(5), taken: [], make: 'm' };
  await changeState(ledger, 'sis.reg_fee', (state) => ({
    ...withStaged(state, version, night(12)),
    committed: { ...committedUpTo('2026-01-01T00:00:00Z').committed!, feed },
  }));
  await changeState(ledger, 'sis.reg_person', (state) => ({ ...state, pending: [...pending] }));

  const gone = await sweepRawLoads(lake, 'sis', [night(0)]);

  expect(gone).toEqual([night(1)]);
  const loads = new Set((await objects.list('raw/sis/')).map((key) => key.split('/')[2]));
  expect([...loads]).toEqual([0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map(night));
  const generations = (await objects.list('raw/sis-changes/')).map((key) => key.split('/')[2]);
  expect(generations).toEqual([5, 12].map(night));
  expect(await objects.list('raw/sis2/')).toHaveLength(1);
  expect(await objects.list('raw/canvas/')).toHaveLength(1);
  expect(await sweepRawLoads(lake, 'sis', [night(0)])).toEqual([]);
});

it('counts no load between two runs, and removes changes that were staged more than a week before the newest', async () => {
  const objects = openLocalObjects(path.join(folder, 'live'));
  const ledger = openLocalLedger(path.join(folder, 'live-ledger'));
  const live = (n: number) => `20260109T0300${String(n).padStart(2, '0')}Z-live-abcd`;
  for (let n = 1; n <= 8; n++) await objects.putText(`raw/sis/${night(n)}/REG/FEE/_manifest.json`, '{}');
  for (let n = 0; n < 20; n++) await objects.putText(`raw/sis/${live(n)}/REG/FEE/_manifest.json`, '{}');
  const files = ['20260101-000000000', '20260102-010000000', '20260110-030000000', '20260110-040000000'];
  for (const table of ['FEE', 'ROOM']) {
    for (const file of files) {
      await objects.putText(`raw/sis-changes/${night(1)}/REG/${table}/${file}.parquet`, 'rows');
    }
  }
  const feed = { generation: night(1), taken: ['20260110-030000000.parquet'], make: 'm' };
  const version = { table: 'sis.reg_fee', columns: [], rows: 1, storage: {} };
  await changeState(ledger, 'sis.reg_fee', (state) => ({
    ...withStaged(state, version, live(19)),
    committed: { ...committedUpTo('2026-01-10T00:00:00Z').committed!, feed },
  }));
  const dataset = { id: 'sis.reg_fee', source: 'sis', namespace: 'REG', table: 'FEE' } as CatalogDataset;
  await sweepRawLoads({ catalog: { datasets: [dataset] }, platform: { objects, ledger } }, 'sis');
  const loads = (await objects.list('raw/sis/')).map((key) => key.split('/')[2]);
  expect(loads).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map(night).concat(live(19)));
  const left = (await objects.list('raw/sis-changes/')).map((key) => key.split('/').slice(4).join('/'));
  // What was never taken stays however old it is; of a table that is in no catalog nobody knows.
  expect(left).toEqual([
    ...files.slice(1).map((file) => `FEE/${file}.parquet`),
    ...files.map((file) => `ROOM/${file}.parquet`),
  ]);
});
