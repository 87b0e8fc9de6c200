import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../src/platform/local/postgres/ports.ts';
import { jsonModel, pmmlModel } from '../early-warning/brought/files.ts';
import { ROOT } from '../end-to-end/small-campus.ts';
import { namedCommands } from './commands.ts';

/**
 * What README.md and docs/getting-started.md tell a newcomer to type, typed: a college that lives on in one
 * terminal, loaded and studied in another.
 */

let folder: string;
let college: ChildProcess;
let env: NodeJS.ProcessEnv;

const BIN = join(ROOT, 'bin/lake.mjs');
const lake = (...words: string[]) =>
  promisify(execFile)(process.execPath, [BIN, ...words], { cwd: folder, env, maxBuffer: 2 ** 24 });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'newcomer-'));
  for (const part of ['catalog', 'models', 'schemas']) await symlink(join(ROOT, part), join(folder, part));
  const [canvas, sis] = [await freePort(), await freePort()];
  const text = await readFile(join(ROOT, 'campus.yaml'), 'utf8');
  await writeFile(join(folder, 'campus.yaml'), text.replace('8095', `${canvas}`).replace('5495', `${sis}`));
  college = spawn(
    process.execPath,
    [BIN, 'simulate', '--students', '150', '--canvas-port', `${canvas}`, '--sis-port', `${sis}`],
    { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  env = { ...process.env, ...(await exportsOf(college)) };
}, 120_000);
afterAll(async () => {
  if (college.exitCode === null) {
    const ended = new Promise((resolve) => college.once('exit', resolve));
    college.kill('SIGINT');
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
});

/** What it tells people to paste into the other terminal. */
async function exportsOf({ stdout }: ChildProcess): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const line of createInterface({ input: stdout! })) {
    for (const [, name, value] of line.matchAll(/(\w+)='([^']*)'/g)) found[name!] = value!;
    if (line.includes('Ctrl+C')) return found;
  }
  throw new Error('the college ended before it said how to reach it');
}

it('loads, learns, scores and lists', async () => {
  await lake('run');
  const commands = await namedCommands('early-warning', 'README.md');
  expect(commands.map(([, what]) => what)).toEqual(['report', 'train', 'list']);
  const [report, train, list] = commands as [string[], string[], string[]];

  expect((await lake(...report)).stdout).toMatch(/│ 8 {4}│ 56 /);
  await expect(lake(...list)).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Nobody is scored yet'),
  });
  expect((await lake(...train)).stdout).toMatch(/early-warning-[\d-]+ is in use, trained on \d{4}\w\w/);
  await expect(lake(...list)).rejects.toMatchObject({
    stderr: expect.stringMatching(/is in use since .*: the next `lake run`/),
  });

  college.stdin!.write('1\n');
  await lake('run');
  const { stdout } = await lake(...list);
  expect(stdout).toMatch(/\d{4}FA, the end of week \d+/);
  expect(stdout).toMatch(/\d+ %|call/);
  expect(stdout).toContain('it decides nothing');
}, 600_000);

it('brings a model from elsewhere, shows it next to its own, and scores by it once a person says so', async () => {
  await writeFile(join(folder, 'model.json'), jsonModel());
  await writeFile(join(folder, 'Other.pmml'), pmmlModel());
  await expect(lake('early-warning', 'report', '--beside', 'statewide-2025')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('No model was brought under this name'),
  });
  await expect(lake('early-warning', 'bring', 'Other.pmml', '--week', '4')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('add --licence, --contact, --source, --intended-use, --trained-on'),
  });
  await expect(lake('early-warning', 'bring', 'model.json', '--week', '4')).rejects.toMatchObject({
    code: 2,
  });
  await expect(lake('early-warning', 'bring', 'nowhere.json')).rejects.toMatchObject({
    stderr: expect.stringContaining('nowhere.json does not exist'),
  });

  expect((await lake('early-warning', 'bring', 'model.json')).stdout).toContain(
    'lake early-warning report --beside statewide-2025',
  );
  const said = PROVENANCE.flatMap((option) => [option, 'as written']);
  await lake('early-warning', 'bring', 'Other.pmml', '--week', '4', ...said);
  const { stdout: kept } = await lake('early-warning', 'bring', '--json');
  expect(
    JSON.parse(kept).map(({ name, format }: { name: string; format: string }) => [name, format]),
  ).toEqual([
    ['other', 'PMML'],
    ['statewide-2025', 'JSON'],
  ]);

  const { stdout: report } = await lake('early-warning', 'report', '--beside', 'statewide-2025');
  expect(report).toMatch(/│ 8 +│ own +│/);
  expect(report).toMatch(/│ 8 +│ statewide-2025 +│/);

  // The commands before have trained its own.
  const own = JSON.parse((await lake('early-warning', 'list', '--json')).stdout);
  expect(own.students.length).toBeGreaterThan(0);
  const { stdout: used } = await lake('early-warning', 'use', 'other', '--contact', 'Student success');
  expect(used).toMatch(/early-warning-[\d-]+ is in use: other, brought from elsewhere/);
  const card = await readFile(/model card {2}(.*)/.exec(used)![1]!, 'utf8');
  expect(card).toContain('**The figures are of other itself**');
  await lake('run');
  const { stdout: scores } = await lake(
    'query',
    'SELECT count(*), count(risk), min(log_odds_course), min(log_odds_lateness) FROM campus.early_warning_scores',
    '--json',
  );
  const [row] = JSON.parse(scores).rows ?? JSON.parse(scores);
  const [all, risks, course, lateness] = Object.values(row as object).map(Number);
  expect(all).toBeGreaterThan(risks!);
  expect(risks).toBeGreaterThan(0);
  // It has no effects of courses, and only two measures.
  expect([course, lateness]).toEqual([0, 0]);
}, 600_000);

const PROVENANCE = ['--licence', '--contact', '--source', '--intended-use', '--trained-on'];
