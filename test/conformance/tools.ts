import { createHash } from 'node:crypto';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { waitForLock } from '../../src/platform/local/files/file-lock.ts';

/**
 * Where the conformance suites and the benchmarks keep the programs they install, outside of the checkout so that
 * every checkout on a machine shares them: `campus-lake` in `XDG_CACHE_HOME` (default: `~/.cache`). It can be deleted
 * at any time.
 */
export const TOOLS = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'campus-lake');

const INSTALL_MS = 20 * 60_000;

/**
 * The folder of a tool, which is installed on first use.
 * @param name of the tool, for people who look into the folder
 * @param contents what decides what is installed: versions, a list of requirements. A change installs another copy.
 * @param install installs into an empty folder. The path is final: programs may write it into their scripts.
 * @throws whatever `install` throws; the next call starts again
 */
export async function installed(
  name: string,
  contents: string,
  install: (folder: string) => Promise<void>,
): Promise<string> {
  const digest = createHash('sha256').update(contents).digest('hex').slice(0, 12);
  const folder = path.join(TOOLS, `${name}-${digest}`);
  // Written last: an installation that was interrupted starts again.
  const done = path.join(folder, 'installed.txt');
  if (await exists(done)) return folder;
  await mkdir(TOOLS, { recursive: true });
  const release = await waitForLock(`${folder}.lock`, `installs ${name}`, INSTALL_MS);
  try {
    if (await exists(done)) return folder;
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    await install(folder);
    await writeFile(done, contents);
    return folder;
  } finally {
    await release();
  }
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );
