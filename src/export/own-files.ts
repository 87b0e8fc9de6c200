import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ExportError } from './errors.ts';

/** Texts by path within a folder, with `/` between parts. */
export type Files = ReadonlyMap<string, string>;

/** The list of what an export has written, in its folder: by path the digests that a file of ours may have. */
const LIST = '.lake-export.json';
const listSchema = z.record(z.string(), z.array(z.string()));
/** What a folder for an export may hold already: a new repository, the marks of a file manager. */
const OF_NO_ACCOUNT = new Set(['.git', '.gitignore', '.gitattributes', '.gitkeep', '.DS_Store']);

type List = z.infer<typeof listSchema>;

/**
 * Makes a folder hold these files, and none of an earlier export besides. Only what an export wrote itself and nobody
 * has changed since is replaced or removed; what others have put there stays as it is. A killed export is completed by
 * the next one.
 * @throws ExportError before anything is written: the folder holds other things and no export, or a file was changed
 */
export async function writeOwnFiles(folder: string, files: Files): Promise<void> {
  const before = await readList(folder);
  await refuseStrangers(folder, files, before);
  const wanted: List = Object.fromEntries([...files].map(([path, text]) => [path, [sha256Of(text)]]));
  const gone = Object.keys(before).filter((path) => !files.has(path));
  // Until the last file is written each may be the old one or the new one.
  const either = { ...before, ...wanted };
  for (const path of Object.keys(wanted)) either[path] = [...(before[path] ?? []), ...wanted[path]!];
  await writeList(folder, either);
  for (const [path, text] of files) await writeWhole(join(folder, path), text);
  for (const path of gone) await rm(join(folder, path), { force: true });
  await writeList(folder, wanted);
}

async function refuseStrangers(folder: string, files: Files, ours: List): Promise<void> {
  const others = (await readdir(folder).catch(() => [])).filter((name) => !OF_NO_ACCOUNT.has(name));
  if (Object.keys(ours).length === 0 && others.length > 0) {
    throw new ExportError(`The folder ${folder} holds other things, and nothing was written.`, {
      about: folder,
      hint: 'name an empty folder, or one that does not exist yet, with --out',
    });
  }
  const changed: string[] = [];
  for (const path of new Set([...files.keys(), ...Object.keys(ours)])) {
    const text = await readFile(join(folder, path), 'utf8').catch(ifMissing);
    // Git may have checked it out with the line ends of Windows: what it says is the same.
    const asWritten = text?.replaceAll('\r\n', '\n');
    if (asWritten === undefined) continue;
    if (![text!, asWritten].some((one) => ours[path]?.includes(sha256Of(one)))) changed.push(path);
  }
  if (changed.length === 0) return;
  throw new ExportError(
    `In ${folder} these files are not as the last export wrote them, and nothing was written: ${changed.join(', ')}.`,
    {
      about: folder,
      hint: 'move your changes to a file of another name (or into models/ and the catalog), and delete these',
    },
  );
}

async function readList(folder: string): Promise<List> {
  const path = join(folder, LIST);
  const text = await readFile(path, 'utf8').catch(ifMissing);
  if (text === undefined) return {};
  try {
    return listSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ExportError(`${path} is no list of exported files, and nothing was written.`, {
      about: path,
      hint: 'delete the folder, or name another one with --out',
      cause,
    });
  }
}

const writeList = (folder: string, list: List): Promise<void> =>
  writeWhole(join(folder, LIST), `${JSON.stringify(list, null, 2)}\n`);

/** The file has the old text or the new one, never a part. */
async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.part`, text);
  await rename(`${path}.part`, path);
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}

const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');
