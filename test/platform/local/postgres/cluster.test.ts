import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeCluster } from '../../../../src/platform/local/postgres/cluster.ts';
import { PostgresStartError } from '../../../../src/ports/errors.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cluster-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** An initdb that prints this and fails. */
async function failing(said: string) {
  const initdb = path.join(folder, 'initdb');
  await writeFile(initdb, `#!/bin/sh\ncat >&2 <<'END'\n${said}\nEND\nexit 1\n`);
  await chmod(initdb, 0o700);
  const binaries = { initdb, postgres: initdb, version: '18' };
  const options = { user: 'lake', password: 'secret', sync: false };
  return makeCluster(path.join(folder, 'data'), binaries, undefined, options).catch(
    (error: unknown) => error,
  );
}

const PAGES = Array.from({ length: 60 }, (_, i) => `running bootstrap script ${i} ...`).join('\n');

it.each([
  [
    `${PAGES}\n2026-01-01 FATAL:  could not write to file "pg_wal/xlogtemp.29": No space left on device\nchild process exited with exit code 1\ninitdb: removing contents of data directory`,
    /could not be made: the disk is full\.$/,
  ],
  [
    `${PAGES}\ninitdb: error: could not create directory "x": Permission denied`,
    /made: permission was denied\.$/,
  ],
  [
    `${PAGES}\ninitdb: error: invalid locale name "xx"\ninitdb: hint: ask`,
    /made: invalid locale name "xx"\.$/,
  ],
])('a data directory that cannot be made says why in one line, and leaves nothing', async (said, message) => {
  const error = await failing(said);

  expect(error).toBeInstanceOf(PostgresStartError);
  expect((error as Error).message).toMatch(message);
  expect((error as Error).message.split('\n')).toHaveLength(1);
  expect((error as Error).message.length).toBeLessThan(300);
  expect(await readdir(folder)).toEqual(['initdb']);
});
