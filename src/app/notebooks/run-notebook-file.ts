import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type CellDifference, compareRuns } from '../../notebooks/compare.ts';
import { lakeOf, type Notebook } from '../../notebooks/format.ts';
import { type CellStatus, runNotebook } from '../../notebooks/run.ts';
import type { AppLake } from '../app-lake.ts';
import { notebookAnswer } from './notebook-answer.ts';
import { nextRun, readNotebookFile, writeNotebookFile } from './notebook-files.ts';

/** What a run of a notebook has given. */
export interface NotebookRun {
  /** The copy with the results. */
  readonly file: string;
  /** The notebook that it was compared with. */
  readonly comparedWith: string;
  /** Of each cell of code, in order. */
  readonly cells: readonly { readonly id: string; readonly status: CellStatus }[];
  /** What is otherwise than in the run before. */
  readonly differences: readonly CellDifference[];
}

export interface RunFileOptions {
  /** Where the copy goes. Default: beside the original, `<name>.run-<n>.ipynb`. */
  readonly out?: string;
  /** Values for names in the cell of parameters. Default: none. */
  readonly values?: Readonly<Record<string, string>>;
  /** Default: one part in a thousand million. */
  readonly tolerance?: number;
}

/**
 * Runs the cells of a notebook that the lake knows and writes a copy; the original stays as it is. The copy is compared
 * with the newest run beside it, or with the original.
 * @throws InputError where the file is no notebook, or the copy is there already
 */
export async function runNotebookFile(
  lake: AppLake,
  path: string,
  { out, values, tolerance }: RunFileOptions = {},
): Promise<NotebookRun> {
  const original = await readNotebookFile(path);
  const folder = dirname(path);
  const files = await readdir(folder);
  const { notebook, cells } = await runNotebook(original, {
    ask: (asked) => notebookAnswer(lake, asked),
    ...(values === undefined ? {} : { values }),
  });
  const copy = out ?? join(folder, nextRun(basename(path), files));
  const earlier = await newestRun(folder, basename(path), files);
  const comparedWith = earlier?.path ?? path;
  await writeNotebookFile(copy, {
    ...notebook,
    metadata: { ...notebook.metadata, lake: { ...lakeOf(notebook), runOf: basename(path) } },
  });
  const differences = compareRuns(earlier?.notebook ?? original, notebook, { tolerance });
  return { file: copy, comparedWith, cells, differences };
}

async function newestRun(
  folder: string,
  file: string,
  files: readonly string[],
): Promise<{ path: string; notebook: Notebook } | undefined> {
  const stem = file.replace(/\.ipynb$/, '');
  const numbers = files
    .filter((name) => name.startsWith(`${stem}.run-`))
    .flatMap((name) => /^\d+(?=\.ipynb$)/.exec(name.slice(stem.length + '.run-'.length)) ?? [])
    .map(Number);
  if (numbers.length === 0) return undefined;
  const path = join(folder, `${stem}.run-${Math.max(...numbers)}.ipynb`);
  return { path, notebook: await readNotebookFile(path) };
}
