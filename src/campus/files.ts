import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { CampusUnreadableError } from './errors.ts';

/** The text of a file; undefined where there is none. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw new CampusUnreadableError(nameOf(path), { cause });
  }
}

/** Writes a text file whole or not at all; its folder is made where it is missing. */
export async function writeText(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}.unfinished`;
  await writeFile(unfinished, text);
  await rename(unfinished, path);
}

/** The YAML files of a catalog folder and of its direct subfolders, in order of their paths. */
export async function findCatalogFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      for (const inner of await entriesOf(path)) if (isYaml(inner.name)) found.push(join(path, inner.name));
    if (!entry.isDirectory() && isYaml(entry.name)) found.push(path);
  }
  return found.sort();
}

/** A path as a person would type it: relative where the file lies below the current folder. */
export function nameOf(path: string): string {
  const short = relative(process.cwd(), path);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short;
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    if (isMissing(cause)) return [];
    throw new CampusUnreadableError(nameOf(folder), { cause });
  }
}

const isYaml = (name: string) => /\.ya?ml$/.test(name) && !name.startsWith('.');
const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';
