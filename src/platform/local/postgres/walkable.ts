import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { SystemUser } from './system-user.ts';

const X = 0o1;

/**
 * The first folder on the way to `target` (itself included) that the user may not enter; undefined where the way
 * is free. Only permission bits are looked at: access lists could allow more, never less here.
 */
export async function firstClosedFolder(
  target: string,
  user: SystemUser | undefined,
): Promise<string | undefined> {
  if (!user) return undefined;
  for (const folder of wayTo(target)) {
    const found = await stat(folder).catch(() => undefined);
    if (!found) return undefined; // Not made yet: its maker opens it.
    const shift = found.uid === user.uid ? 6 : found.gid === user.gid ? 3 : 0;
    if (((found.mode >> shift) & X) === 0) return folder;
  }
  return undefined;
}

function wayTo(target: string): string[] {
  const way: string[] = [];
  for (let at = path.resolve(target); ; at = path.dirname(at)) {
    way.unshift(at);
    if (path.dirname(at) === at) return way;
  }
}
