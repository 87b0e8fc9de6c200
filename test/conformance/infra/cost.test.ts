import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const ROOT = path.resolve(import.meta.dirname, '../../..');

/** The command as a person runs it, with nothing of this machine's but the path. */
async function cost(...words: string[]): Promise<{ stdout: string; stderr: string }> {
  const env = { PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin` };
  return run(process.execPath, ['bin/lake.mjs', 'cost', ...words], { cwd: ROOT, env });
}

it('lake cost prices both profiles of this campus: frugal at 40 dollars a month or less', async () => {
  const { stdout, stderr } = await cost('--json');
  const { estimates, students } = JSON.parse(stdout);
  expect(stderr).toBe('');
  expect(students).toBe(10_000);
  expect(estimates).toMatchObject([
    { profile: 'frugal', unpriced: [] },
    { profile: 'standard', unpriced: [] },
  ]);
  expect(estimates[0].total).toBeGreaterThan(20);
  expect(estimates[0].total).toBeLessThanOrEqual(40);
  expect(estimates[1].total).toBeGreaterThan(estimates[0].total);
}, 120_000);

it('lake cost shows one profile for people, with what it takes for granted', async () => {
  const { stdout } = await cost('--profile', 'standard', '--students', '25000');
  expect(stdout).toContain('25,000 students');
  expect(stdout).toMatch(/│ Warehouse \(Redshift\) +│ +\d+\.\d\d │/);
  expect(stdout).not.toContain('frugal');
  expect(stdout).toContain('Taken for granted:\n- 25,000 students: 2 MB each in the LMS (50 GB');
}, 120_000);

it('lake cost refuses a college of no students', async () => {
  await expect(cost('--students', '0')).rejects.toMatchObject({ code: 2 });
});
