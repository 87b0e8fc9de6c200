import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';

/** Writes a new file and forces its bytes to the disk. */
export async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** Forces the names in a folder to the disk: without it, a rename can be lost with the power. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder and those above it, and forces the new names to the disk. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let at = path.resolve(folder); at.length >= first.length; at = path.dirname(at)) {
    await syncFolder(path.dirname(at));
  }
}
