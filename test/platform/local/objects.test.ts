import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLocalObjects } from '../../../src/platform/local/objects.ts';
import { objectStoreContract } from '../../contract/object-store.ts';

let directory: string;
const temporary = async () => mkdtemp(path.join(os.tmpdir(), 'lake-objects-'));

objectStoreContract({
  open: async () => {
    directory = await temporary();
    return openLocalObjects(directory);
  },
  close: () => rm(directory, { recursive: true, force: true }),
});

describe('objects on one machine', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await temporary();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are files where the query engine can read them', async () => {
    const store = openLocalObjects(folder);

    await store.putText('staged/canvas.users/base.parquet', 'PAR1');

    expect(store.uri('staged/canvas.users/base.parquet')).toBe(
      path.join(folder, 'staged/canvas.users/base.parquet'),
    );
  });

  it('says so when a key would be both an object and a folder of objects', async () => {
    const store = openLocalObjects(folder);
    await store.putText('a/b', 'x');

    await expect(store.putText('a', 'y')).rejects.toThrow('another key');
    await expect(store.putText('a/b/c', 'y')).rejects.toThrow('another key');

    expect(await store.list('')).toEqual(['a/b']);
  });

  it('keeps out keys of its own folder for drafts, and does not list what lies there', async () => {
    const store = openLocalObjects(folder);

    await expect(store.putText('.unfinished/x', 'y')).rejects.toThrow('not a key');
    await store.putText('a', 'y');

    expect(await store.list('.')).toEqual([]);
    expect(await readdir(path.join(folder, '.unfinished'))).toHaveLength(1);
  });

  it('lists no links to other places', async () => {
    await mkdir(path.join(folder, 'real'), { recursive: true });
    await writeFile(path.join(folder, 'real', 'file'), 'x');
    await symlink('/etc', path.join(folder, 'linked'));

    expect(await openLocalObjects(folder).list('')).toEqual(['real/file']);
  });

  it('of a writer killed in the middle leave nothing, and the next writer sweeps the draft', async () => {
    const writer = await startWriter(folder);
    await writer.line();
    writer.child.kill('SIGKILL');
    await once(writer.child, 'exit');
    const store = openLocalObjects(folder);
    const draftsOf = async () => (await readdir(path.join(folder, '.unfinished'))).length;

    expect(await store.list('')).toEqual([]);
    expect(await draftsOf()).toBe(1);
    await store.put('next', Readable.from(['x']));

    expect(await store.list('')).toEqual(['next']);
    expect(await readdir(path.join(folder, '.unfinished'))).toHaveLength(1);
    const [own] = await readdir(path.join(folder, '.unfinished'));
    expect(await readdir(path.join(folder, '.unfinished', own!))).toEqual(['writer.json']);
  });
});

/** A process that begins to write an object, says so, and never ends it. */
async function startWriter(folder: string): Promise<{ child: ChildProcess; line: () => Promise<unknown> }> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', path.join(import.meta.dirname, 'half-writer.ts'), folder],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  return { child, line: () => once(child.stdout!, 'data') };
}
