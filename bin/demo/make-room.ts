import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from '../../src/errors.ts';
import { holderOf, holderWords, tryLock } from '../../src/platform/local/files/file-lock.ts';
import { knownData } from '../../src/platform/local/postgres/data-place.ts';
import { runningServer } from '../../src/platform/local/postgres/running.ts';

/** Tells a lake that the demo made, and may make again, from one that somebody keeps. */
const MARK = 'made-by-demo';

/**
 * An empty folder for the demo's lake, which is this demo's alone until it is given back. One that a demo made before
 * is removed, unless somebody uses it; any other is left alone.
 * @returns how it is given back
 * @throws InputError when the folder is in use, or was not made by a demo
 */
export async function makeRoom(root: string): Promise<() => Promise<void>> {
  await mkdir(dirname(root), { recursive: true });
  // Beside the folder, which is removed and made again.
  const lock = await tryLock(`${root}.demo.lock`, 'lake demo');
  if (!lock.taken) throw inUse(root, `another demo: ${holderWords(lock.holder).who}`);
  try {
    if (existsSync(root)) {
      if (!existsSync(join(root, MARK))) {
        throw new InputError(`${root} holds a lake that the demo did not make.`, {
          hint: 'move it away, or name another folder: lake demo --lake <folder>',
        });
      }
      await refuseWhereUsed(root);
      await rm(root, { recursive: true, force: true });
    }
    await mkdir(join(root, 'simulator'), { recursive: true });
    await writeFile(
      join(root, MARK),
      'Made by `lake demo`, which replaces this folder when it is run again.\n',
    );
    return lock.release;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function refuseWhereUsed(root: string): Promise<void> {
  const run = await holderOf(join(root, 'ledger', 'run.lock'));
  if (run) throw inUse(root, `a run: ${holderWords(run).who}`);
  for (const [folder, what] of [
    ['warehouse', 'its warehouse is served, by `lake warehouse` perhaps'],
    ['simulator', 'its simulated student information system is running'],
  ] as const) {
    if (await runningServer(await knownData(join(root, folder)))) throw inUse(root, what);
  }
}

const inUse = (root: string, by: string): InputError =>
  new InputError(`The lake in ${root} is in use (${by}), and the demo would replace it.`, {
    hint: 'end that first, or name another folder: lake demo --lake <folder>',
  });
