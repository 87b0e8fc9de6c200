import { isUtf8 } from 'node:buffer';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { CampusFileError, CampusUnreadableError } from './errors.ts';

/** The text of a file; undefined where there is none. */
export async function readText(path: string): Promise<string | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw new CampusUnreadableError(nameOf(path), { cause });
  }
  return decoded(path, bytes);
}

/** @throws CampusFileError where the bytes are no UTF-8: read as such, letters would turn into question marks */
function decoded(path: string, bytes: Buffer): string {
  const refuse = (line: number, text: string): never => {
    throw new CampusFileError([{ file: nameOf(path), line, column: 1, text }]);
  };
  if (/^(?:fffe|feff)/.test(bytes.subarray(0, 2).toString('hex')))
    refuse(1, 'the file is in UTF-16, expected UTF-8; save it in that encoding');
  if (!isUtf8(bytes)) {
    let line = 1;
    for (let from = 0; ; line++) {
      const end = bytes.indexOf(10, from);
      if (!isUtf8(bytes.subarray(from, end === -1 ? undefined : end))) break;
      from = end + 1;
    }
    refuse(line, 'the line is not in UTF-8 (Latin-1, perhaps); save the file in that encoding');
  }
  return new TextDecoder().decode(bytes);
}

/** Writes a text file whole or not at all; its folder is made where it is missing. */
export async function writeText(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}.unfinished`;
  await writeFile(unfinished, text);
  await rename(unfinished, path);
}

/** The YAML files of a catalog folder and of the folders in it, in order of their paths. Links to folders are not followed. */
export async function findCatalogFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await findCatalogFiles(path)));
    else if (isYaml(entry.name)) found.push(path);
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

const isYaml = (name: string) => /\.ya?ml$/i.test(name) && !name.startsWith('.');
const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';
