import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { type HeldLock, holderOf, SILENCE_MS } from './files/file-lock.ts';

/** A lock file of a ledger. */
export interface LedgerLock {
  /** Its path within the ledger's folder, e.g. `run.lock`. */
  readonly name: string;
  /** Who holds it. Absent: a process that is gone. */
  readonly holder?: HeldLock;
}

/** A draft of a lock, named for one taking of it; its maker removes it at once, unless it is killed. */
const DRAFT = /\.lock(\.break-[\w-]+)?\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LOCK = /\.lock(\.break-[\w-]+)?$/;

/** Every lock file of a ledger, in the order of their names. */
export async function listLocks(ledger: string): Promise<LedgerLock[]> {
  const names = await lockFiles(ledger, LOCK);
  return Promise.all(
    names.map(async (name) => {
      const holder = await holderOf(path.join(ledger, name));
      return { name, ...(holder ? { holder } : {}) };
    }),
  );
}

/** Breaks locks, no matter who holds them. A holder that is alive after all writes on only what nobody changed meanwhile. */
export async function removeLocks(ledger: string, locks: readonly LedgerLock[]): Promise<void> {
  for (const { name } of locks) await rm(path.join(ledger, name), { force: true });
}

/** Removes what killed processes have left of taking locks. */
export async function removeLockDrafts(ledger: string): Promise<void> {
  for (const name of await lockFiles(ledger, DRAFT)) {
    const place = path.join(ledger, name);
    const found = await stat(place).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > SILENCE_MS) await rm(place, { force: true });
  }
}

async function lockFiles(ledger: string, pattern: RegExp): Promise<string[]> {
  const names = async (folder: string) =>
    (await readdir(path.join(ledger, folder)).catch(() => [])).map((name) => path.join(folder, name));
  return [...(await names('')), ...(await names('ops'))].filter((name) => pattern.test(name)).sort();
}
