import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CACHE = path.resolve(import.meta.dirname, '../../.conformance');

/**
 * Programs from PyPI in a virtual environment `.conformance/<name>`, made once for a list of pinned versions.
 * @returns the folder of its programs
 * @throws Error when there is no Python 3.11 or newer
 */
export async function pythonVenv(name: string, requirementsFile: string): Promise<string> {
  const home = path.join(CACHE, name);
  const programs = path.join(home, 'bin');
  const wanted = await readFile(requirementsFile, 'utf8');
  // Written last, so that an installation that broke off is begun again.
  const done = path.join(home, 'installed.txt');
  const present = await readFile(done, 'utf8').catch(() => undefined);
  if (present === wanted) return programs;
  await mkdir(CACHE, { recursive: true });
  await run(await python(), ['-m', 'venv', '--clear', home]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  await run(path.join(programs, 'python'), [...pip, '-r', requirementsFile]);
  await writeFile(done, wanted);
  return programs;
}

async function python(): Promise<string> {
  for (const name of ['python3.11', 'python3.12', 'python3.13', 'python3']) {
    const check = 'import sys; sys.exit(sys.version_info < (3, 11))';
    if (
      await run(name, ['-c', check]).then(
        () => true,
        () => false,
      )
    )
      return name;
  }
  throw new Error('The conformance suites need Python 3.11 or newer on the PATH.');
}
