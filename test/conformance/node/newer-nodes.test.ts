import { execFile } from 'node:child_process';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
const ROOT = path.resolve(import.meta.dirname, '../../..');
/** What follows the oldest Node that the lake runs on, of which these read TypeScript by themselves. */
const VERSIONS = ['22.23.3', '24.21.0', '26.10.0'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nodes-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A Node of this version from npm, installed into `.conformance/` where it is not there yet. */
async function nodeOf(version: string): Promise<string> {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const home = path.join(ROOT, '.conformance', `node-${version}`);
  const node = path.join(home, 'node_modules', name, 'bin/node');
  const isThere = await access(node).then(
    () => true,
    () => false,
  );
  if (!isThere) await run('npm', ['install', '--prefix', home, '--no-save', `${name}@${version}`]);
  return node;
}

it.each(VERSIONS)('runs the main job on Node %s', async (version) => {
  const node = await nodeOf(version);
  const lake = (...words: string[]) => run(node, [path.join(ROOT, 'bin/lake.mjs'), ...words], { cwd: ROOT });
  expect((await run(node, ['--version'])).stdout.trim()).toBe(`v${version}`);

  const { stdout, stderr } = await lake('demo', '--students', '20', '--lake', path.join(folder, version));
  expect(stdout).toMatch(/\d+ first-semester students need attention/);
  expect(stderr.match(/All is well/g)).toHaveLength(2);
  expect(stderr).not.toMatch(/Warning/);
});
