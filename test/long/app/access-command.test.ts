import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'access-command-'));
  for (const name of ['campus.yaml', 'access.yaml', 'catalog', 'models'])
    await cp(join(ROOT, name), join(folder, name), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const lake = (...words: string[]) =>
  promisify(execFile)(process.execPath, [join(ROOT, 'bin/lake.mjs'), ...words, '--campus', folder]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );

it('shows what a role sees and by which line, before anything was loaded', async () => {
  const { code, stdout } = await lake('access', 'explain', '--role', 'student', '--table', 'campus.grades');
  expect(code).toBe(0);
  expect(stdout).toMatch(/campus\.grades\s+rows where student_id = session\.person.*access\.yaml:\d+/);
  expect(stdout).toMatch(/final_grade\s+whole\s+.*access\.yaml:\d+/);
});

it('a query as a role ends with 2 where it is not known who asks', async () => {
  const { code, stderr } = await lake('query', '--role', 'adviser', 'SELECT 1');
  expect(code).toBe(2);
  expect(stderr).toContain('The role adviser needs the attribute "person".');
});

it('a mistake in the file names its line, and nothing is read', async () => {
  const file = join(folder, 'access.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('campus.grades: section_code', 'campus.grade: section_code'));
  const { code, stderr } = await lake('access', 'check');
  await writeFile(file, text);
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /access\.yaml:\d+:\d+ .*there is no table "campus\.grade"; did you mean "campus\.grades"\?/,
  );
});
