import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { didYouMean } from '../campus/nearest.ts';
import { InputError } from '../errors.ts';
import { parseProcedure } from './language/parse.ts';
import { type Problem, ProcedureError } from './language/problem.ts';
import type { Procedure } from './language/tree.ts';

/** The procedures that come with the program. */
const SHIPPED = fileURLToPath(new URL('../../procedures/', import.meta.url));
const FOLDER = 'procedures';
const ENDING = '.sop';

/** The procedures of a college, those that come with the program among them. */
export interface Library {
  /** By name, those that could be read. */
  readonly procedures: ReadonlyMap<string, Procedure>;
  /** Mistakes of grammar, by file. */
  readonly problems: readonly Problem[];
}

/**
 * Reads `procedures/*.sop` beside campus.yaml and those that come with the program. Of two of one name, the college's
 * counts.
 * @param root the folder of campus.yaml
 */
export async function readLibrary(root: string): Promise<Library> {
  const procedures = new Map<string, Procedure>();
  const problems: Problem[] = [];
  for (const folder of [SHIPPED, join(root, FOLDER)])
    for (const name of await filesIn(folder)) {
      const file = `${FOLDER}/${name}`;
      const read = parseProcedure(await readFile(join(folder, name), 'utf8'), file);
      const named = name.slice(0, -ENDING.length);
      // A file of the college takes the place of the shipped one with its mistakes.
      for (const old of problems.filter((one) => one.file === file))
        problems.splice(problems.indexOf(old), 1);
      problems.push(...read.problems);
      procedures.delete(named);
      if (!read.procedure) continue;
      if (read.procedure.name !== named) {
        const { at } = read.procedure;
        const message = `The procedure is named \`${read.procedure.name}\`, and its file ${name}: the names must be the same.`;
        problems.push({ file, ...at, severity: 'error', code: 'file-name', message });
      } else procedures.set(named, read.procedure);
    }
  return { procedures, problems };
}

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  return names.filter((name) => name.endsWith(ENDING)).sort();
}

/** @throws InputError where there is none of that name; ProcedureError where its first lines cannot be read */
export function procedureOf({ procedures, problems }: Library, name: string): Procedure {
  const found = procedures.get(name);
  if (found) return found;
  const own = problems.filter(({ file }) => file === `${FOLDER}/${name}${ENDING}`);
  if (own.length > 0) throw new ProcedureError(own);
  throw new InputError(`There is no procedure "${name}"${didYouMean(name, procedures.keys())}.`, {
    hint: '`lake procedure list` shows them',
  });
}
