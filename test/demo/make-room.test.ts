import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeRoom } from '../../bin/demo/make-room.ts';
import { InputError } from '../../src/errors.ts';
import { tryLock } from '../../src/platform/local/files/file-lock.ts';

let root: string;
beforeEach(async () => {
  root = join(await mkdtemp(join(tmpdir(), 'room-')), 'lake');
});
afterEach(() => rm(join(root, '..'), { recursive: true, force: true }));

it('makes the folder of a demo, and replaces it for the next one', async () => {
  const giveBack = await makeRoom(root);
  await writeFile(join(root, 'old'), '');
  await giveBack();
  await (await makeRoom(root))();
  expect(existsSync(join(root, 'old'))).toBe(false);
});

it('leaves the lake of a demo alone that is still going', async () => {
  const giveBack = await makeRoom(root);
  await writeFile(join(root, 'kept'), '');
  await expect(makeRoom(root)).rejects.toThrow(/is in use \(another demo: process \d+/);
  expect(existsSync(join(root, 'kept'))).toBe(true);
  await giveBack();
  await (await makeRoom(root))();
});

it('leaves it alone while a run loads it, and gives its own claim back', async () => {
  await (await makeRoom(root))();
  await mkdir(join(root, 'ledger'), { recursive: true });
  const run = await tryLock(join(root, 'ledger/run.lock'), 'a run');
  await expect(makeRoom(root)).rejects.toThrow(/is in use \(a run: process \d+/);
  if (run.taken) await run.release();
  await (await makeRoom(root))();
});

it('leaves a lake alone that no demo made', async () => {
  await mkdir(root, { recursive: true });
  await expect(makeRoom(root)).rejects.toThrow(InputError);
  await expect(makeRoom(root)).rejects.toThrow('holds a lake that the demo did not make');
});
