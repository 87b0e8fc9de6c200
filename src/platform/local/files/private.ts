import { chmod as changeMode, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { PRIVATE_FILE, PRIVATE_FOLDER } from './durable.ts';

const OTHERS = 0o077;

/**
 * Mode of the two folders on the way to the warehouse's data. A PostgreSQL that root starts runs as another user, who
 * must get through, and can list nothing on the way.
 */
const wayMode = (): number => (process.getuid?.() === 0 ? 0o711 : PRIVATE_FOLDER);

/** Some file systems keep no modes, and some files are another user's: `lake doctor` says what stays open. */
async function chmod(place: string, mode: number): Promise<void> {
  await changeMode(place, mode).catch((error: NodeJS.ErrnoException) => {
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EROFS'].includes(error.code ?? '')) throw error;
  });
}

/** Opens the way to a folder of the lake in which the warehouse's server works, as far as it must be open. */
export async function openWay(root: string, folder: string): Promise<void> {
  for (const place of [root, folder]) await chmod(place, wayMode());
}

/**
 * Takes from others of the machine what they may do with a lake of an older version, or one that was copied by a
 * loose umask. Whatever is made since is private from the start, so a lake that is private is only looked at.
 * @param way the folder of the warehouse; its server's own folders are the server's affair
 */
export async function keepPrivate(root: string, way: string): Promise<void> {
  const found = await stat(root).catch(() => undefined);
  if (!found || (found.mode & 0o777) === wayMode()) return;
  await tighten(root, way);
  await openWay(root, (await stat(way).catch(() => undefined)) ? way : root);
}

async function tighten(folder: string, way: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (folder === way) continue;
      await tighten(place, way);
      if (place !== way) await chmod(place, PRIVATE_FOLDER);
    } else if (entry.isFile()) {
      const { mode } = await stat(place);
      if (mode & OTHERS) await chmod(place, mode & PRIVATE_FILE);
    }
  }
}
