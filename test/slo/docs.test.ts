import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runTests } from '../../src/slo/commands/tests.ts';
import { loadObjectives } from '../../src/slo/load-objectives.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const TABLES = new Set(['canvas.submissions', 'canvas.users', 'campus.first_semester_attention']);
const root = await mkdtemp(join(tmpdir(), 'slo-docs-'));
afterAll(() => rm(root, { recursive: true, force: true }));

const page = await readFile(join(ROOT, 'docs/service-levels.md'), 'utf8');
const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text!);
const load = (folder: string) => loadObjectives({ root: folder, timeZone: 'America/Chicago' }, TABLES);

it("the guide's files are read, and its test of an alert passes", async () => {
  const [own, alerts, policy, tests, openslo] = blocks;
  const folder = join(root, 'own');
  await mkdir(join(folder, 'slo'), { recursive: true });
  await writeFile(join(folder, 'slo.yaml'), `${own!}${policy!}`);
  await writeFile(join(folder, 'slo/users.yaml'), openslo!);
  await writeFile(join(folder, 'tests.yaml'), tests!);
  const loaded = await load(folder);
  expect(loaded.objectives.map(({ name }) => name)).toEqual([
    'submissions-fresh',
    'lists-ready',
    'runs-succeed',
    'checks-pass',
    'users-fresh',
  ]);
  expect(loaded.policy.map(({ below, hold }) => [String(below), hold])).toEqual([
    ['0', ['reload', 'drift', 'maintenance']],
    ['0.25', ['deploy']],
  ]);
  expect(await runTests(join(folder, 'tests.yaml'), loaded)).toEqual([
    { name: 'a night without a load', problems: [] },
  ]);
  await writeFile(join(folder, 'slo.yaml'), alerts!);
  await rm(join(folder, 'slo'), { recursive: true });
  expect((await load(folder)).objectives[0]!.alerts.map(({ name }) => name)).toEqual([
    'page-6h',
    'ticket-3d',
  ]);
  expect(blocks).toHaveLength(5);
});

it("the demo's slo.yaml is read", async () => {
  const { objectives } = await loadObjectives({ root: ROOT, timeZone: 'America/Chicago' }, TABLES);
  expect(objectives.map(({ name }) => name)).toEqual(['runs-succeed', 'checks-pass']);
});
