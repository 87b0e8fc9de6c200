import { type LoadedCampus, loadCampus as load } from '../src/campus/load.ts';
import { formatProblem } from '../src/campus/problem.ts';
import { rememberedCatalog } from './remembered-catalog.ts';

const shown = new Set<string>();

/** The environment that the command line, or the machine, chooses: `--environment`, `LAKE_ENVIRONMENT`. */
export const chosenEnvironment = (): string | undefined => process.env.LAKE_ENVIRONMENT || undefined;

/**
 * As `loadCampus` of the lake, in the chosen environment; old names in the files are shown on standard error, each once
 * a run of the program.
 */
export async function loadCampus(path: string, pending?: ReadonlyMap<string, string>): Promise<LoadedCampus> {
  const loaded = await load(path, pending, chosenEnvironment(), rememberedCatalog);
  for (const problem of loaded.oldNames) {
    const line = formatProblem(problem);
    if (!shown.has(line)) process.stderr.write(`warning: ${line}\n`);
    shown.add(line);
  }
  return loaded;
}
