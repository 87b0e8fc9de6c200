import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { installed } from './tools.ts';

const run = promisify(execFile);

/**
 * Programs from PyPI in a virtual environment, installed once for a list of pinned versions.
 * @returns the folder of its programs
 * @throws Error when there is no Python 3.11 or newer
 */
export async function pythonVenv(name: string, requirementsFile: string): Promise<string> {
  const requirements = await readFile(requirementsFile, 'utf8');
  const home = await installed(name, requirements, async (folder) => {
    await run(await python(), ['-m', 'venv', folder]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await run(path.join(folder, 'bin/python'), [...pip, '-r', requirementsFile]);
  });
  return path.join(home, 'bin');
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
