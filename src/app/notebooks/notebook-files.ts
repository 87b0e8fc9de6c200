import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../../errors.ts';
import { lakeOf, type Notebook, notebookText, readNotebook } from '../../notebooks/format.ts';
import type { Uses } from '../../ports/step.ts';
import { systemError } from '../../system-error.ts';

/** The folder of notebooks, beside campus.yaml. */
export const NOTEBOOKS_FOLDER = 'notebooks';

/** A notebook beside campus.yaml. */
export interface KeptNotebook {
  /** The file's name. */
  readonly file: string;
  /** The id of the incident that it is attached to. Absent: it is of none. */
  readonly incident?: string;
  readonly title: string;
  /** The publication that it reads. */
  readonly publication?: string;
  /** The role that has written it. Absent: it is not known. */
  readonly role?: string;
  /** The notebook of which it is a run. Absent: it is an original. */
  readonly runOf?: string;
}

export const notebooksFolder = ({ campus }: Uses<'campus'>): string => join(campus.root, NOTEBOOKS_FOLDER);

/** @throws InputError where it cannot be read or is no notebook */
export async function readNotebookFile(path: string): Promise<Notebook> {
  const text = await readFile(path, 'utf8').catch((error) => {
    throw new InputError(`${path} cannot be read: ${systemError(error)?.message ?? 'unknown cause'}`, {
      cause: error,
    });
  });
  return readNotebook(text, path);
}

/**
 * Writes a file that is not there yet. It appears whole or not at all, and one that is there stays as it is.
 * @throws InputError where it is there
 */
export async function writeNew(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  await writeFile(draft, text);
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new InputError(`${path} is there already, and somebody may have written in it.`, {
      hint: 'give another name with --out',
    });
  } finally {
    await rm(draft, { force: true });
  }
}

export const writeNotebookFile = (path: string, notebook: Notebook): Promise<void> =>
  writeNew(path, notebookText(notebook));

/** `a.ipynb` becomes `a.2.ipynb`, `a.3.ipynb`, …: the first that is not there among `files`. */
export function nextRun(file: string, files: readonly string[]): string {
  const stem = file.replace(/\.ipynb$/, '');
  for (let n = 2; ; n++) if (!files.includes(`${stem}.run-${n}.ipynb`)) return `${stem}.run-${n}.ipynb`;
}

/** The notebooks beside campus.yaml, by name; files that are none are left out. */
export async function listNotebooks(
  lake: Uses<'campus'>,
  { incident }: { readonly incident?: string } = {},
): Promise<KeptNotebook[]> {
  const folder = notebooksFolder(lake);
  const files = (await readdir(folder).catch(() => [])).filter((file) => /^[^.].*\.ipynb$/.test(file)).sort();
  const found: KeptNotebook[] = [];
  for (const file of files) {
    const notebook = await readNotebookFile(join(folder, file)).catch((error) => {
      if (error instanceof InputError) return undefined;
      throw error;
    });
    if (notebook !== undefined) found.push(keptAs(file, notebook));
  }
  return incident === undefined
    ? found
    : found.filter((one) => one.incident === incident || one.incident?.endsWith(`/${incident}`));
}

function keptAs(file: string, notebook: Notebook): KeptNotebook {
  const { incident, title, publication, role, runOf } = lakeOf(notebook);
  const text = (value: unknown): value is string => typeof value === 'string';
  return {
    file,
    title: text(title) ? title : text(incident) ? incident : file,
    ...(text(incident) ? { incident } : {}),
    ...(text(publication) ? { publication } : {}),
    ...(text(role) ? { role } : {}),
    ...(text(runOf) ? { runOf } : {}),
  };
}
