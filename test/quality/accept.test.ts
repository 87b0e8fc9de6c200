import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeState, readState } from '../../src/loads/dataset-state.ts';
import { holdOf } from '../../src/loads/state.ts';
import { rejected } from '../../src/loads/table-state.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import type { LedgerStore } from '../../src/ports/ledger.ts';
import type { TableVersion } from '../../src/ports/tables.ts';
import { acceptRows } from '../../src/quality/accept.ts';
import { NothingHeldBackError } from '../../src/quality/errors.ts';
import { withPassed, withStaged } from '../loads/states.ts';

const THINGS = 'canvas.things';
const version = (rows: number): TableVersion => ({ table: THINGS, columns: [], rows, storage: {} });

describe('The rows of a dataset can be accepted', () => {
  let root: string;
  let ledger: LedgerStore;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'accept-'));
    ledger = openLocalLedger(root);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  /** Accepts a second load that has so many rows, of a dataset of which 10 are published. */
  async function accept(rows: number, held?: 'newest' | 'earlier') {
    await changeState(ledger, THINGS, (state) => {
      const before = withPassed(state, version(10), 'l1');
      const earlier =
        held === 'earlier' ? rejected(withStaged(before, version(1), 'l0'), 'l0', true) : before;
      const newest = withStaged(earlier, version(rows), 'l2');
      return held === 'newest' ? rejected(newest, 'l2', rows === 0) : newest;
    });
    const catalog = { get: (id: string) => ({ id }) };
    return acceptRows({ catalog, platform: { ledger } }, THINGS);
  }
  const accepted = async () => holdOf((await readState(ledger, THINGS)).state)?.acceptedRows;

  it('where its newest load is held back and has fewer', async () => {
    expect(await accept(0, 'newest')).toEqual({ dataset: THINGS, load: 'l2', rows: 0, rowsBefore: 10 });
    expect(await accepted()).toBe(0);
  });

  it.each<[string, number, ('newest' | 'earlier')?]>([
    ['is held back for something else than its rows', 10, 'newest'],
    ['has not been checked', 0],
    ['came after the one that was held back', 0, 'earlier'],
  ])('but not where its newest load %s', async (_what, rows, held) => {
    await expect(accept(rows, held)).rejects.toBeInstanceOf(NothingHeldBackError);
    expect(await accepted()).toBeUndefined();
  });
});
