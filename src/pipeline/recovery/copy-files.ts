import PQueue from 'p-queue';
import type { ObjectStore } from '../../ports/objects.ts';

/** Staged tables are made again. Records of the other lake's own work: what its runs hand on, its tasks at DMS, long texts of its ledger. */
const OWN = /^(staged|raw\/lake-staging|replication|runs|ledger|warehouse|drift)\//;
/** Written once, under a name of its own. */
const NEVER_CHANGES = /^(raw|curated|publications)\//;
const AT_ONCE = 8;

/**
 * Copies files of a lake that another one does not have yet: what was there before S3 began to copy, and what it has not
 * copied yet. Interrupted, the next call goes on.
 * @returns how many were copied
 */
export async function copyFiles(
  from: ObjectStore,
  to: ObjectStore,
  { signal, tell }: { readonly signal: AbortSignal; readonly tell: (done: number, of: number) => void },
): Promise<number> {
  const there = new Set(await to.list(''));
  const all = await from.list('');
  const wanted = all.filter((key) => !OWN.test(key) && !(there.has(key) && NEVER_CHANGES.test(key)));
  const queue = new PQueue({ concurrency: AT_ONCE });
  let done = 0;
  const copy = async (key: string) => {
    signal.throwIfAborted();
    await to.put(key, await from.get(key), { signal });
    tell(++done, wanted.length);
  };
  await queue.addAll(wanted.map((key) => () => copy(key)));
  return wanted.length;
}
