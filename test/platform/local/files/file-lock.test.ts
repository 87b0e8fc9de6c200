import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  holderOf,
  SILENCE_MS,
  tryLock,
  waitForLock,
} from '../../../../src/platform/local/files/file-lock.ts';
import { lifeOf, ownIdentity } from '../../../../src/platform/local/files/process-identity.ts';
import { LedgerLockedError } from '../../../../src/ports/errors.ts';

const GONE = 2 ** 22 + 1;

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lake-lock-'));
  file = path.join(folder, 'some.lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A lock file of another holder, last touched so long ago. */
async function heldBy(difference: object, silentMs = 0): Promise<void> {
  const holder = {
    ...ownIdentity(),
    nonce: 'n',
    owner: 'another',
    since: '2026-01-01T00:00:00.000Z',
    ...difference,
  };
  await writeFile(file, JSON.stringify(holder));
  const at = new Date(Date.now() - silentMs);
  await utimes(file, at, at);
}

describe('whether the holder of a lock lives', () => {
  const here = ownIdentity();

  it.each([
    ['itself', {}, 'alive'],
    ['a process that is gone', { pid: GONE }, 'dead'],
    ['a process of another host name on this start of the machine', { host: 'c0ffee01' }, 'alive'],
    ['a process that is gone, of another host name', { host: 'c0ffee01', pid: GONE }, 'dead'],
    ['one from before the machine started', { boot: 'earlier' }, 'dead'],
    ['one of another machine', { host: 'far', boot: 'other' }, 'unknown'],
    ['one in a container of this machine', { host: 'c0ffee01', pids: 'pid:[1]' }, 'unknown'],
    ['one of an older version elsewhere', { host: 'far', pids: undefined }, 'unknown'],
  ] as const)('%s', (_who, difference, life) => {
    expect(lifeOf({ ...here, ...difference }, here)).toBe(life);
  });
});

describe('a lock', () => {
  it('of a killed process is taken, whatever the host was called then', async () => {
    await heldBy({ host: 'c0ffee01', pid: GONE });

    expect(await tryLock(file, 'heir')).toMatchObject({ taken: true });
  });

  it('of a container of this machine is taken once it gives no signs of life', async () => {
    const container = { host: 'c0ffee01', pids: 'pid:[1]' };
    await heldBy(container, SILENCE_MS / 2);
    expect(await tryLock(file, 'heir')).toMatchObject({ taken: false, holder: { state: 'alive' } });

    await heldBy(container, SILENCE_MS * 2);
    expect(await tryLock(file, 'heir')).toMatchObject({ taken: true });
  });

  it('of another machine without signs of life is not waited for: the error names it and the way out', async () => {
    await heldBy({ host: 'far', boot: 'other', pid: 7 }, SILENCE_MS * 2);
    const began = Date.now();

    const error = await waitForLock(file, 'heir').catch((e: unknown) => e);

    expect(Date.now() - began).toBeLessThan(5_000);
    expect(error).toBeInstanceOf(LedgerLockedError);
    expect((error as LedgerLockedError).message).toMatch(
      /some\.lock is held by process 7 on far, since 2026-01-01/,
    );
    expect((error as LedgerLockedError).hint).toContain('lake unlock');
  });

  it('of another machine that is at work is waited for a while, and no longer', async () => {
    await heldBy({ host: 'far', boot: 'other' });

    await expect(waitForLock(file, 'heir', 20)).rejects.toThrow(LedgerLockedError);
  });

  it('that was taken away from its holder is not given back by it', async () => {
    const attempt = await tryLock(file, 'first');
    await heldBy({ nonce: 'second' });

    if (attempt.taken) await attempt.release();

    expect(await holderOf(file)).toMatchObject({ nonce: 'second' });
  });

  it('leaves nothing but itself', async () => {
    const attempt = await tryLock(file, 'first');
    await tryLock(file, 'second');

    expect(await readdir(folder)).toEqual(['some.lock']);
    if (attempt.taken) await attempt.release();
    expect(await readdir(folder)).toEqual([]);
  });
});
