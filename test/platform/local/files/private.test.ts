import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolder, writeSynced } from '../../../../src/platform/local/files/durable.ts';
import { keepPrivate } from '../../../../src/platform/local/files/private.ts';

let root: string;
let umask: number;
beforeEach(async () => {
  umask = process.umask(0);
  root = await mkdtemp(path.join(os.tmpdir(), 'lake-private-'));
});
afterEach(async () => {
  process.umask(umask);
  await rm(root, { recursive: true, force: true });
});

const modeOf = async (...parts: string[]) => (await stat(path.join(root, ...parts))).mode & 0o777;

it('files and folders are made for their owner alone, whatever the umask', async () => {
  await makeFolder(path.join(root, 'a/b'));
  await writeSynced(path.join(root, 'a/b/file'), 'text');

  expect([await modeOf('a'), await modeOf('a/b'), await modeOf('a/b/file')]).toEqual([0o700, 0o700, 0o600]);
});

it('a lake of an older version is closed to others; what belongs to the server of the warehouse stays', async () => {
  await mkdir(path.join(root, 'raw/canvas'), { recursive: true });
  await mkdir(path.join(root, 'warehouse/data'), { recursive: true, mode: 0o750 });
  await writeFile(path.join(root, 'raw/canvas/users.jsonl'), '{}');
  await writeFile(path.join(root, 'warehouse/port'), '5432');
  await chmod(root, 0o755);
  const way = process.getuid?.() === 0 ? 0o711 : 0o700;

  await keepPrivate(root, path.join(root, 'warehouse'));

  expect(await modeOf('raw/canvas/users.jsonl')).toBe(0o600);
  expect(await modeOf('raw/canvas')).toBe(0o700);
  expect(await modeOf('warehouse/port')).toBe(0o600);
  expect(await modeOf('warehouse/data')).toBe(0o750);
  expect([await modeOf(), await modeOf('warehouse')]).toEqual([way, way]);
});
