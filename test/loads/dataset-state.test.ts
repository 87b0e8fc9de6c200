import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeState, commitLoad, readState } from '../../src/loads/dataset-state.ts';
import type { LoadManifest } from '../../src/loads/load.ts';
import { requested } from '../../src/loads/loading.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import type { LedgerStore } from '../../src/ports/ledger.ts';
import { withStaged } from './states.ts';

const USERS = 'canvas.users';
const VERSION = { table: USERS, columns: [], rows: 1, storage: {} };

describe('A load that is committed', () => {
  let root: string;
  let ledger: LedgerStore;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'dataset-state-'));
    ledger = openLocalLedger(join(root, 'ledger'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const commit = (load: string, kind: LoadManifest['kind'], more: Partial<LoadManifest> = {}) => {
    const manifest: LoadManifest = {
      load,
      dataset: USERS,
      kind,
      layout: 'dap',
      format: 'jsonl',
      ...(kind === 'increment' ? { since: '2026-01-01T00:00:00Z' } : {}),
      watermark: `2026-01-02T00:00:00Z`,
      files: [],
      startedAt: '2026-01-02T00:01:00Z',
      ...more,
    };
    return commitLoad(ledger, manifest, `raw/${load}/manifest.json`);
  };
  const waiting = async () =>
    (await readState(ledger, USERS)).state.pending.map(({ load, manifest }) => `${load} at ${manifest}`);

  it('waits once, however often it is committed, in the order in which loads came', async () => {
    for (const load of ['l1', 'l2', 'l2', 'l3']) await commit(load, 'increment');

    expect(await waiting()).toEqual(['l1', 'l2', 'l3'].map((load) => `${load} at raw/${load}/manifest.json`));
  });

  it('does not wait again once it is staged', async () => {
    await commit('l1', 'increment');
    const staged = await changeState(ledger, USERS, (state) => withStaged(state, VERSION, 'l1'));

    await commit('l1', 'increment', { watermark: '2026-01-09T00:00:00Z' });

    expect((await readState(ledger, USERS)).state).toEqual(staged);
  });

  it('makes older ones superfluous where it is a snapshot', async () => {
    await commit('l1', 'increment');
    await commit('l2', 'snapshot');
    await commit('l3', 'increment');

    expect(await waiting()).toEqual(['l2 at raw/l2/manifest.json', 'l3 at raw/l3/manifest.json']);
  });

  it('is followed by a snapshot where the source had no data yet, until it has', async () => {
    const next = async () => (await readState(ledger, USERS)).state.snapshotNext;

    await commit('l1', 'snapshot', { provisional: true });
    expect(await next()).toBe(true);
    await commit('l2', 'snapshot');
    expect(await next()).toBeUndefined();
  });

  it('is no longer under way, and says how far the dataset goes', async () => {
    await changeState(ledger, USERS, (state) =>
      requested(state, {
        phase: 'requested',
        load: 'l1',
        job: 'j1',
        question: { kind: 'snapshot' },
        startedAt: '2026-01-02T00:01:00Z',
      }),
    );

    await commit('l1', 'increment', { schemaVersion: 3 });

    const { state } = await readState(ledger, USERS);
    expect(state.loading).toEqual({ phase: 'idle' });
    expect(state.committed).toEqual({
      watermark: '2026-01-02T00:00:00Z',
      loadedAt: '2026-01-02T00:01:00Z',
      schemaVersion: 3,
    });
  });
});
