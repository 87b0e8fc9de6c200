import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { installed } from '../tools.ts';

const run = promisify(execFile);

/**
 * Prometheus and promtool, from the package of Debian that this machine's sources have, unpacked and not installed.
 * @returns the folder of the programs; undefined where this machine has no such package
 */
export async function installPrometheus(): Promise<string | undefined> {
  const candidate = await run('apt-cache', ['policy', 'prometheus']).then(
    ({ stdout }) => /Candidate: (\d\S*)/.exec(stdout)?.[1],
    () => undefined,
  );
  if (candidate === undefined) return undefined;
  const folder = await installed('prometheus', candidate, async (home) => {
    const parts = path.join(home, 'parts');
    await mkdir(parts);
    await run('apt-get', ['download', 'prometheus'], { cwd: parts });
    const [deb] = await readdir(parts);
    await run('dpkg-deb', ['-x', path.join(parts, deb!), home]);
  });
  return path.join(folder, 'usr/bin');
}
