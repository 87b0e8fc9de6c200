import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';

/** What the lake writes holds data of people: nobody else of the machine may read it, whatever the umask. */
export const PRIVATE_FILE = 0o600;
export const PRIVATE_FOLDER = 0o700;

/** Writes a new file and forces its bytes to the disk. */
export async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', PRIVATE_FILE);
  try {
    await handle.writeFile(text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** Forces the names in a folder, or the bytes of a file, to the disk: without it, they can be lost with the power. */
export async function syncPath(place: string): Promise<void> {
  const handle = await open(place, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder and those above it, and forces the new names to the disk. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
  if (first === undefined) return;
  for (let at = path.resolve(folder); at.length >= first.length; at = path.dirname(at)) {
    await syncPath(path.dirname(at));
  }
}
