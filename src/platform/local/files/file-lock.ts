import { randomUUID } from 'node:crypto';
import { link, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LedgerLockedError } from '../../../ports/errors.ts';
import { lifeOf, ownIdentity, type ProcessIdentity } from './process-identity.ts';

/** What a lock file says of who holds it. */
interface LockHolder extends ProcessIdentity {
  /** Unique to one taking of the lock. */
  readonly nonce: string;
  readonly owner: string;
  /** ISO 8601 UTC. */
  readonly since: string;
}

/** Who holds a lock, and whether it can still be at work. */
export interface HeldLock extends LockHolder {
  /** When its holder was last heard from, ISO 8601 UTC. */
  readonly lastSign: string;
  /**
   * `silent`: it is out of sight (another machine, a container) and gives no more signs of life, so that it is most
   * likely gone; a person decides.
   */
  readonly state: 'alive' | 'silent';
}

export type LockAttempt =
  | { readonly taken: true; release(): Promise<void> }
  | { readonly taken: false; readonly holder: HeldLock };

/** How often a holder touches its lock file, and after how long without it is taken for gone. */
const BEAT_MS = 15_000;
export const SILENCE_MS = 5 * 60_000;

/**
 * Takes a lock between processes, without waiting. A lock whose holder is dead is broken.
 *
 * The lock is a file made by a hard link, so that it appears with all its content or not at all, for one process
 * only. Breaking needs care: between seeing a dead holder and removing its file, somebody else can have done so
 * and taken the lock. So a process that breaks one taking of the lock first takes a second lock, named for that taking, and
 * looks again. The second lock is broken in the same way should its holder die.
 */
export async function tryLock(file: string, owner: string): Promise<LockAttempt> {
  const nonce = randomUUID();
  const me: LockHolder = { ...ownIdentity(), nonce, owner, since: new Date().toISOString() };
  const draft = `${file}.${nonce}`;
  try {
    await writeFile(draft, JSON.stringify(me), { mode: 0o600 });
    for (;;) {
      if (await linked(draft, file)) return { taken: true, release: holding(file, nonce) };
      const holder = await readHolder(file);
      if (holder === 'none') continue;
      if (holder !== 'unreadable' && holder.state !== 'dead') {
        return { taken: false, holder: { ...holder, state: holder.state } };
      }
      await breakLock(file, nonceOf(holder));
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** Takes a lock that others hold only for moments. @throws LedgerLockedError when it is not free in time */
export async function waitForLock(file: string, owner: string, ms = 30_000): Promise<() => Promise<void>> {
  const deadline = Date.now() + ms;
  for (let pause = 1; ; pause = Math.min(pause * 2, 50)) {
    const attempt = await tryLock(file, owner);
    if (attempt.taken) return attempt.release;
    // Nobody can be waited for who gives no sign of life.
    if (attempt.holder.state === 'silent' || Date.now() > deadline) throw heldError(file, attempt.holder);
    await sleep(pause * (0.5 + Math.random()));
  }
}

/** Who holds a lock, in words, and what to do about it. */
export function holderWords({ pid, host, since, lastSign, state }: HeldLock): { who: string; hint: string } {
  return {
    who: `process ${pid} on ${host}, since ${since}, last heard from at ${lastSign}`,
    hint:
      state === 'alive'
        ? 'Wait until it has ended.'
        : 'It gives no more signs of life. If that machine or container is gone, `lake unlock` frees what it held.',
  };
}

/** The holder of a lock file; undefined where nobody alive holds it. */
export async function holderOf(file: string): Promise<HeldLock | undefined> {
  const holder = await readHolder(file);
  return typeof holder === 'string' || holder.state === 'dead'
    ? undefined
    : { ...holder, state: holder.state };
}

function heldError(file: string, holder: HeldLock): LedgerLockedError {
  const { who, hint } = holderWords(holder);
  return new LedgerLockedError(`The ledger cannot be written: ${path.basename(file)} is held by ${who}.`, {
    about: 'ledger',
    hint,
  });
}

/** Shows signs of life for as long as the lock is held. @returns how it is given back */
function holding(file: string, nonce: string): () => Promise<void> {
  // Does not keep a process alive that has nothing else to do.
  const beating = setInterval(() => {
    const now = new Date();
    // A sign that is lost is made up for by the next.
    utimes(file, now, now).catch(() => undefined);
  }, BEAT_MS).unref();
  return async () => {
    clearInterval(beating);
    // It may have been taken away from us, and be another's by now.
    if (nonceOf(await readHolder(file)) === nonce) await rm(file, { force: true });
  };
}

type Found = (LockHolder & { lastSign: string; state: HeldLock['state'] | 'dead' }) | 'none' | 'unreadable';

const nonceOf = (holder: Found): string => (typeof holder === 'string' ? holder : holder.nonce);

async function breakLock(file: string, nonce: string): Promise<void> {
  const breaking = await tryLock(`${file}.break-${nonce}`, 'breaks a dead lock');
  if (!breaking.taken) {
    await sleep(1);
    return;
  }
  try {
    if (nonceOf(await readHolder(file)) === nonce) await rm(file, { force: true });
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
async function readHolder(file: string): Promise<Found> {
  try {
    const holder = JSON.parse(await readFile(file, 'utf8')) as LockHolder;
    const { mtimeMs } = await stat(file);
    return {
      ...holder,
      lastSign: new Date(mtimeMs).toISOString(),
      state: stateOf(holder, Date.now() - mtimeMs),
    };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'none' : 'unreadable';
  }
}

/**
 * Where the process cannot be looked for by its number, its signs of life decide. Of one on this machine, in a
 * container, they are enough: both go by the same clock. Of one elsewhere, a person has the last word.
 */
function stateOf(holder: LockHolder, silentMs: number): HeldLock['state'] | 'dead' {
  const life = lifeOf(holder);
  if (life !== 'unknown') return life;
  if (silentMs <= SILENCE_MS) return 'alive';
  const { boot } = ownIdentity();
  return boot !== '' && holder.boot === boot ? 'dead' : 'silent';
}
