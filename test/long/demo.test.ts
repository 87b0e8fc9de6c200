import { execFile } from 'node:child_process';
import { appendFile, cp, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../end-to-end/small-campus.ts';
import { namedCommands } from './commands.ts';

const run = promisify(execFile);
const lake = (...args: string[]) =>
  run(process.execPath, [join(ROOT, 'bin/lake.mjs'), ...args], { cwd: ROOT });

const ASKING = 'tables|describe|query|status|dictionary|cost';

/** Command lines of every process of this machine. */
async function processes(): Promise<string> {
  const { stdout } = await run('ps', ['-eo', 'args']);
  return stdout;
}

describe('lake demo', () => {
  let folder: string;
  let output: { stdout: string; stderr: string };
  beforeAll(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'demo-')), 'lake');
    output = await lake('demo', '--students', '60', '--lake', folder);
  }, 240_000);
  afterAll(() => rm(join(folder, '..'), { recursive: true, force: true }));

  it('shows who needs attention, why, and what to type next', () => {
    expect(output.stdout).toMatch(/\d+ first-semester students need attention/);
    expect(output.stdout).toMatch(/pieces due|no activity in Canvas|class median/);
    expect(output.stdout).toContain('It supports an adviser; it decides nothing.');
    expect(output.stdout).toContain('npx lake query');
  });

  it('says twice that all is well: after the first load and after a day', () => {
    expect(output.stderr.match(/All is well/g)).toHaveLength(2);
    expect(output.stderr).toMatch(/Load canvas done .*\((\d+) of \1\)/);
    expect(output.stderr).not.toContain('FAILED');
  });

  it('leaves no process behind', async () => {
    expect(await processes()).not.toContain(folder);
  });

  it('leaves a lake that answers every command which the README and the guide for newcomers name', async () => {
    const home = join(folder, '..');
    await cp(join(ROOT, 'campus.yaml'), join(home, 'campus.yaml'));
    await appendFile(join(home, 'campus.yaml'), '\nlake: lake\n');
    for (const part of ['catalog', 'models', 'schemas']) await symlink(join(ROOT, part), join(home, part));
    const named = await namedCommands(ASKING, 'README.md', 'docs/getting-started.md');
    expect(named.length).toBeGreaterThan(6);
    for (const args of named) {
      const { stdout } = await lake(...args, '--campus', join(home, 'campus.yaml'));
      expect(stdout.length, args.join(' ')).toBeGreaterThan(20);
    }
  });

  it('replaces its own lake, and refuses to replace any other', async () => {
    await rm(join(folder, 'made-by-demo'));
    await writeFile(join(folder, 'precious'), '');
    await expect(lake('demo', '--students', '10', '--lake', folder)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('the demo did not make'),
    });
    expect(await readdir(folder)).toContain('precious');
  });
});
