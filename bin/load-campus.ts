import { type LoadedCampus, loadCampus as load } from '../src/campus/load.ts';
import { formatProblem } from '../src/campus/problem.ts';

const shown = new Set<string>();

/** As `loadCampus` of the lake; old names in the files are shown on standard error, each once a run of the program. */
export async function loadCampus(...about: Parameters<typeof load>): Promise<LoadedCampus> {
  const loaded = await load(...about);
  for (const problem of loaded.oldNames) {
    const line = formatProblem(problem);
    if (!shown.has(line)) process.stderr.write(`warning: ${line}\n`);
    shown.add(line);
  }
  return loaded;
}
