import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentTermWeek, generateCollege } from '../../../src/simulators/college/generate.ts';
import { openSmallCampus, ROOT, type SmallCampus } from '../../end-to-end/small-campus.ts';

/** A copy of the program, to which a feature is added as CONTRIBUTING.md says: one folder, one entry in the list. */
async function programWithFeature(): Promise<string> {
  const program = await mkdtemp(join(tmpdir(), 'program-'));
  const parts = [
    'src',
    'bin',
    'lib',
    'lambda',
    'glue',
    'warehouse',
    'cdk.json',
    'package.json',
    'tsconfig.json',
  ];
  for (const part of parts) await cp(join(ROOT, part), join(program, part), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(program, 'node_modules'));
  await mkdir(join(program, 'src/late-work'));
  for (const name of ['feature.ts', 'infrastructure.ts']) {
    const text = await readFile(join(ROOT, 'test/features/late-work', name), 'utf8');
    await writeFile(join(program, 'src/late-work', name), text.replaceAll('../../../src/', '../'));
  }
  const list = join(program, 'src/features.ts');
  const features = await readFile(list, 'utf8');
  const entered = features.replace(/= \[/, '= [lateWork, ');
  expect(entered).not.toBe(features);
  await writeFile(list, `import { lateWork } from './late-work/feature.ts';\n${entered}`);
  return program;
}

describe('a feature in one folder with one entry in the list', () => {
  let campus: SmallCampus;
  let program: string;
  let file: string;
  const lake = async (...words: string[]) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(program, 'bin/lake.mjs'), ...words],
      { env: { ...process.env, LAKE_CAMPUS: file }, maxBuffer: 2 ** 24 },
    );
    return stdout;
  };

  beforeAll(async () => {
    program = await programWithFeature();
    campus = await openSmallCampus(generateCollege({ students: 12, seed: 5 }), currentTermWeek(5));
    file = (await campus.open('lake')).file;
    await lake('run', '--json');
  });
  afterAll(async () => {
    await campus?.close();
    await rm(program, { recursive: true, force: true });
  });

  it('has its model built and published, its step run, and its row in a table of the ledger', async () => {
    const answer = await lake(
      'query',
      `SELECT s.status, o.courses = (SELECT count(*) FROM campus.late_work) AS same
       FROM ops.late_work o JOIN ops.steps s ON s.run = o.run AND s.step = 'count-late-work'`,
      '--json',
    );
    expect(JSON.parse(answer)).toEqual([{ status: 'succeeded', same: true }]);
    expect(await lake('describe', 'ops.late_work')).toContain('whose late work was counted');
  });

  it('has its command in the help, which answers', async () => {
    expect(await lake('--help')).toMatch(/^ {2}late-work .*how much work came late/m);
    expect(JSON.parse(await lake('late-work', '--json'))).toEqual({ late: expect.any(Number) });
  });

  it('has its line in the notification', async () => {
    const told = await readFile(join(campus.folder, 'lake/notification.txt'), 'utf8');
    expect(told).toMatch(/Late work was counted in \d+ courses\./);
  });

  it('has a stack of its own in the deployment', async () => {
    const script = `
      await import(${JSON.stringify(join(program, 'bin/typescript.mjs'))});
      const [{ loadCampus }, { settingsOf }, { templatesOf }] = await Promise.all(
        ['src/campus/load.ts', 'lib/settings.ts', 'lib/synthesize.ts'].map(
          (file) => import(${JSON.stringify(`${program}/`)} + file),
        ),
      );
      const templates = templatesOf(settingsOf(await loadCampus(process.argv[1])));
      console.log(JSON.stringify(templates.get('campus-lake-late-work').Resources));`;
    const args = ['--input-type=module', '-e', script, join(ROOT, 'campus.yaml')];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout).toContain('/campus-lake/late-work/table');
  });

  it('has its tables and its section in the dictionary', async () => {
    const written = await lake('dictionary');
    expect(written).toMatch(/### campus\.late_work\n\nsubmissions that came late, by course/i);
    expect(written).toContain('## Late work\n\nWork is late when it came after its due date.');
    expect(written).toMatch(/### ops\.late_work\n\nIn each run[^#]*`courses` \| bigint/);
  });
});
