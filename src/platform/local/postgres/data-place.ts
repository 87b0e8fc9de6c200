import { randomUUID } from 'node:crypto';
import { chown, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SystemUser } from './system-user.ts';
import { firstClosedFolder } from './walkable.ts';

const NOTE = 'data-elsewhere';
/** Data directories whose home the server's user cannot reach, as when root works under /root. */
const ELSEWHERE = '/var/lib/campus-lake/postgres';

/**
 * The data directory of a home folder: `data` in it where the server's user can walk there, otherwise a folder of
 * its own under /var/lib, named in the home's file `data-elsewhere`. Such a folder is removed at a later start
 * once its home no longer names it.
 */
export async function reachableData(home: string, user: SystemUser | undefined): Promise<string> {
  const known = await knownData(home);
  const exists = await stat(known).catch(() => undefined);
  if (exists || !user || !(await firstClosedFolder(home, user))) return known;

  await removeForgotten();
  const far = path.join(ELSEWHERE, randomUUID());
  // The note comes first: a folder whose home does not name it can be removed by any other start.
  await writeFile(path.join(home, NOTE), `${far}\n`, { mode: 0o600 });
  await mkdir(far, { recursive: true, mode: 0o755 });
  await chown(far, user.uid, user.gid);
  await writeFile(path.join(far, 'home'), home);
  return path.join(far, 'data');
}

/** Where the data directory of a home folder lies, or would lie if the way is free. */
export async function knownData(home: string): Promise<string> {
  const noted = await readFile(path.join(home, NOTE), 'utf8').catch(() => undefined);
  return path.join(noted?.trim() ?? home, 'data');
}

async function removeForgotten(): Promise<void> {
  for (const name of await readdir(ELSEWHERE).catch(() => [])) {
    const far = path.join(ELSEWHERE, name);
    const home = await readFile(path.join(far, 'home'), 'utf8').catch(() => undefined);
    if (home === undefined) continue;
    const noted = await readFile(path.join(home, NOTE), 'utf8').catch(() => '');
    if (noted.trim() !== far) await rm(far, { recursive: true, force: true });
  }
}
