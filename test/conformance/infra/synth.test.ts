import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LINT_MS, lintErrors } from './cfn-lint.ts';

const run = promisify(execFile);
const ROOT = path.resolve(import.meta.dirname, '../../..');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'synth-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The CDK's own command line, with nothing of this machine's but the path: no home, no AWS, no Docker. */
async function synth(profile: string): Promise<string> {
  const out = path.join(folder, profile);
  const words = [
    'synth',
    '--quiet',
    '--no-notices',
    '--output',
    out,
    '-c',
    `profile=${profile}`,
    '-c',
    'nag=true',
  ];
  const env = { PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin`, HOME: path.join(folder, 'home') };
  await run(path.join(ROOT, 'node_modules/.bin/cdk'), words, { cwd: ROOT, env, maxBuffer: 64 * 1024 * 1024 });
  return out;
}

async function templatesIn(out: string): Promise<string[]> {
  const files = await readdir(out);
  return files.filter((file) => file.endsWith('.template.json')).map((file) => path.join(out, file));
}

describe.each(['frugal', 'standard'])('the %s profile of this campus', (profile) => {
  let templates: string[];
  beforeAll(async () => {
    templates = await templatesIn(await synth(profile));
  });

  it('is synthesized by the command line without home, credentials and Docker', async () => {
    const names = templates.map((file) => path.basename(file, '.template.json'));
    expect(names).toEqual(
      expect.arrayContaining(['campus-lake-storage', 'campus-lake-sis', 'campus-lake-pipeline']),
    );
    expect(names.includes('campus-lake-warehouse')).toBe(profile === 'standard');
  });

  it('takes the functions along, bundled', async () => {
    const assets = (await readdir(path.join(folder, profile))).filter((name) => name.startsWith('asset.'));
    const files = await Promise.all(assets.map((asset) => readdir(path.join(folder, profile, asset))));
    expect(files).toContainEqual(expect.arrayContaining(['lms.mjs', 'run.mjs', 'campus']));
  });

  it('stays within the limits of CloudFormation with its real catalog', async () => {
    for (const file of templates) {
      const text = await readFile(file, 'utf8');
      expect(Buffer.byteLength(text)).toBeLessThan(800_000);
      const { Resources } = JSON.parse(text) as { Resources: object };
      expect(Object.keys(Resources).length).toBeLessThan(400);
    }
  });

  it('has no error that cfn-lint knows', { timeout: LINT_MS }, async () => {
    expect(await lintErrors(templates)).toEqual([]);
  });
});

it('answers a mistake in campus.yaml in its own words, with exit code 2', async () => {
  const env = { PATH: process.env.PATH, HOME: folder, CDK_CONTEXT_JSON: '{"campus":"nowhere/campus.yaml"}' };
  const words = ['--import', './bin/typescript.mjs', 'bin/campus-lake.ts'];
  const ended = await run(process.execPath, words, { cwd: ROOT, env }).catch(
    (error: { code: number; stderr: string }) => error,
  );
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no campus file') });
});
