import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { FEATURES } from '../../src/features.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** The commands as their files are named, apart from what they share, and those of features. */
const COMMANDS = [
  ...readdirSync(join(ROOT, 'bin/commands'))
    .filter((name) => name.endsWith('.ts') && name !== 'common.ts')
    .map((name) => name.slice(0, -'.ts'.length)),
  ...FEATURES.flatMap(({ commands = [] }) => commands.map(({ name }) => name)),
];

const lake = (...words: string[]) =>
  promisify(execFile)(process.execPath, [join(ROOT, 'bin/lake.mjs'), ...words]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );

it('names every command in its help, a line each', async () => {
  const { code, stdout } = await lake('--help');
  expect(code).toBe(0);
  const list = stdout.slice(stdout.indexOf('Commands:'), stdout.indexOf('Start here:'));
  expect([...list.matchAll(/^ {2}(\S+) /gm)].map(([, name]) => name).sort()).toEqual(
    [...COMMANDS, 'help'].sort(),
  );
});

it('answers a word that is none of them with the nearest, and ends with 2', async () => {
  expect(await lake('statsu')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Did you mean status?'),
  });
});

it('knows the options of a command, with an example', async () => {
  const { code, stdout } = await lake('help', 'run');
  expect(code).toBe(0);
  expect(stdout).toContain('--json');
  expect(stdout).toMatch(/Examples?:\n {2}\$ lake run/);
});
