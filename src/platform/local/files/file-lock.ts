import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts';

/** What a lock file says of who holds it. */
interface LockHolder extends ProcessIdentity {
  /** Unique to one taking of the lock. */
  readonly nonce: string;
  readonly owner: string;
  /** ISO 8601 UTC. */
  readonly since: string;
}

export type LockAttempt =
  | { readonly taken: true; release(): Promise<void> }
  | { readonly taken: false; readonly holder: LockHolder };

/**
 * Takes a lock between processes of one machine, without waiting. A lock whose holder is dead is broken.
 *
 * The lock is a file made by a hard link, so that it appears with all its content or not at all, for one process
 * only. Breaking needs care: between seeing a dead holder and removing its file, somebody else can have done so
 * and taken the lock anew. So whoever breaks one taking of the lock first takes a second lock, named for that
 * taking, and looks again. The second lock is broken in the same way should its holder die.
 */
export async function tryLock(file: string, owner: string): Promise<LockAttempt> {
  const nonce = randomUUID();
  const me: LockHolder = { ...ownIdentity(), nonce, owner, since: new Date().toISOString() };
  const draft = `${file}.${nonce}`;
  await writeFile(draft, JSON.stringify(me));
  try {
    for (;;) {
      if (await linked(draft, file)) return { taken: true, release: () => rm(file, { force: true }) };
      const holder = await readHolder(file);
      if (holder === 'none') continue;
      if (holder !== 'unreadable' && isAlive(holder)) return { taken: false, holder };
      await breakLock(file, holder);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** Takes a lock that others hold only for moments. @throws Error when it is not free in time */
export async function waitForLock(file: string, owner: string, ms = 30_000): Promise<() => Promise<void>> {
  const deadline = Date.now() + ms;
  for (let pause = 1; ; pause = Math.min(pause * 2, 50)) {
    const attempt = await tryLock(file, owner);
    if (attempt.taken) return attempt.release;
    if (Date.now() > deadline) {
      throw new Error(`${file} is held by process ${attempt.holder.pid} since ${attempt.holder.since}`);
    }
    await sleep(pause * (0.5 + Math.random()));
  }
}

async function breakLock(file: string, dead: LockHolder | 'unreadable'): Promise<void> {
  const nonceOf = (holder: LockHolder | 'unreadable' | 'none') =>
    typeof holder === 'string' ? holder : holder.nonce;
  const breaking = await tryLock(`${file}.break-${nonceOf(dead)}`, 'breaks a dead lock');
  if (!breaking.taken) {
    await sleep(1);
    return;
  }
  try {
    if (nonceOf(await readHolder(file)) === nonceOf(dead)) await rm(file, { force: true });
  } finally {
    await breaking.release();
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** A file without sense can only be what a loss of power has left: links are made of whole files. */
async function readHolder(file: string): Promise<LockHolder | 'none' | 'unreadable'> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as LockHolder;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'none' : 'unreadable';
  }
}
