import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SILENCE_MS } from '../../../src/platform/local/files/file-lock.ts';
import { ownIdentity } from '../../../src/platform/local/files/process-identity.ts';
import { listLocks, removeLockDrafts, removeLocks } from '../../../src/platform/local/ledger-locks.ts';

let ledger: string;
beforeEach(async () => {
  ledger = await mkdtemp(path.join(os.tmpdir(), 'lake-locks-'));
  await mkdir(path.join(ledger, 'ops'));
});
afterEach(() => rm(ledger, { recursive: true, force: true }));

async function put(name: string, difference: object, silentMs = 0): Promise<void> {
  const holder = { ...ownIdentity(), nonce: 'n', owner: 'another', since: 'then', ...difference };
  const file = path.join(ledger, name);
  await writeFile(file, JSON.stringify(holder));
  const at = new Date(Date.now() - silentMs);
  await utimes(file, at, at);
}

it('lists the locks of a ledger with what is known of their holders, and removes those that it is given', async () => {
  await put('run.lock', { host: 'far', boot: 'other' }, SILENCE_MS * 2);
  await put('ops/steps.jsonl.lock', {});
  await put('state.lock', { pid: 2 ** 22 + 1 });
  await writeFile(path.join(ledger, 'ops/steps.jsonl'), '');

  const locks = await listLocks(ledger);

  expect(locks.map(({ name, holder }) => [name, holder?.state])).toEqual([
    ['ops/steps.jsonl.lock', 'alive'],
    ['run.lock', 'silent'],
    ['state.lock', undefined],
  ]);
  await removeLocks(ledger, locks.slice(1));
  expect((await listLocks(ledger)).map(({ name }) => name)).toEqual(['ops/steps.jsonl.lock']);
});

it('drafts of locks that killed processes have left are removed, those of a moment ago are not', async () => {
  const draft = (digit: string) => `state.lock.${digit.repeat(8)}-0000-4000-8000-${digit.repeat(12)}`;
  await put(draft('a'), {}, SILENCE_MS * 2);
  await put(draft('b'), {});

  await removeLockDrafts(ledger);

  expect((await readdir(ledger)).sort()).toEqual(['ops', draft('b')]);
});
