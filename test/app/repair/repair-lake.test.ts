import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isRepaired, repairLake } from '../../../src/app/repair/repair-lake.ts';
import { refuseHeld } from '../../../src/app/repair/work-held.ts';
import { LakeError } from '../../../src/errors.ts';
import { openLocalLedger } from '../../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../../src/platform/local/objects.ts';
import { RunLockedError } from '../../../src/ports/errors.ts';
import type { LedgerStore } from '../../../src/ports/ledger.ts';
import { lakeOf } from '../../lake-of.ts';

const KEYS = ['dataset/canvas.terms', 'dataset/canvas.users'];
let root: string;
let ledger: LedgerStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lake-repair-'));
  ledger = openLocalLedger(join(root, 'ledger'));
  for (const key of KEYS) {
    await ledger.write(key, { dataset: key.slice('dataset/'.length), pending: [] }, undefined);
    await writeFile(join(root, 'ledger/state', `${encodeURIComponent(key)}.json`), '');
  }
});
afterEach(() => rm(root, { recursive: true, force: true }));

const lakeWith = (own: LedgerStore = ledger) =>
  lakeOf({
    campus: { sources: {} },
    catalog: { datasets: [] },
    platform: { ledger: own, objects: openLocalObjects(root), engine: {} },
  });

it('proposes and changes nothing unless it is to be applied', async () => {
  const outcomes = await repairLake(lakeWith());

  expect(outcomes).toMatchObject(
    KEYS.map((about) => ({
      kind: 'record',
      about,
      remedyInWords: 'drop the record; the next run makes it again',
      done: false,
    })),
  );
  expect(isRepaired(outcomes)).toBe(false);
  expect(await ledger.damaged('')).toEqual(KEYS);
});

it('applies what it proposes, and then nothing is damaged', async () => {
  const outcomes = await repairLake(lakeWith(), { apply: true });

  expect(outcomes.map(({ done }) => done)).toEqual([true, true]);
  expect(isRepaired(outcomes)).toBe(true);
  expect(await repairLake(lakeWith())).toEqual([]);
  await (await ledger.lock('a run')).release();
});

it('goes on with the others where one remedy fails, and says why it did', async () => {
  const refusing: LedgerStore = {
    ...ledger,
    delete: async (key) => {
      if (key === KEYS[0]) throw new LakeError('The disk is full.');
      return ledger.delete(key);
    },
  };

  const outcomes = await repairLake(lakeWith(refusing), { apply: true });

  expect(outcomes).toMatchObject([
    { about: KEYS[0], done: false, error: 'The disk is full.' },
    { about: KEYS[1], done: true },
  ]);
  expect(isRepaired(outcomes)).toBe(false);
});

it('applies nothing while a run works on the lake', async () => {
  const lock = await ledger.lock('a run');
  await expect(repairLake(lakeWith(), { apply: true })).rejects.toThrow(RunLockedError);
  await lock.release();
  expect(await ledger.damaged('')).toEqual(KEYS);
});

it('asks for no new load while such work has to wait, and says why', async () => {
  const lake = { ...lakeWith(), held: async () => ({ because: 'a budget is spent', hint: 'approve it' }) };
  await expect(refuseHeld(lake, { work: 'reload', about: ['canvas.users'] })).rejects.toMatchObject({
    message: 'This has to wait: a budget is spent.',
    hint: 'approve it',
    about: 'canvas.users',
    exitCode: 1,
  });
  await expect(refuseHeld({}, { work: 'reload' })).resolves.toBeUndefined();
});
