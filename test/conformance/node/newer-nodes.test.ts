import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FUNCTIONS_NODE, nodeOf } from './node-of.ts';

const run = promisify(execFile);
const ROOT = path.resolve(import.meta.dirname, '../../..');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nodes-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

// Those after the oldest that the lake runs on; unlike that one they read TypeScript by themselves.
it.each(['22.23.3', FUNCTIONS_NODE, '26.10.0'])('runs the main job on Node %s', async (version) => {
  const node = await nodeOf(version);
  expect((await run(node, ['--version'])).stdout.trim()).toBe(`v${version}`);

  const words = ['demo', '--students', '20', '--lake', path.join(folder, version)];
  const { stdout, stderr } = await run(node, [path.join(ROOT, 'bin/lake.mjs'), ...words], { cwd: ROOT });
  expect(stdout).toMatch(/\d+ first-semester students need attention/);
  expect(stderr.match(/All is well/g)).toHaveLength(2);
  expect(stderr).not.toMatch(/Warning/);
});
