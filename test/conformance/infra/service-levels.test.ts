import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CAMPUS, settingsFor } from '../../infra/campus.ts';
import { LINT_MS, lintErrors } from './cfn-lint.ts';
import { nagFindings } from './nag.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'levels-'));
  await writeFile(
    path.join(folder, 'slo.yaml'),
    `objectives:
  fresh: { tables: [canvas.submissions], age: 26h, target: 99% }
  week: { tables: [canvas.users], age: 2d, target: 99.5%, window: 7d }
  quarter: { tables: [canvas.users], age: 26h, target: 95%, window: calendar quarter }
`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it(
  'the stack of service levels is as AWS and the rules of AwsSolutions want it',
  async () => {
    const keep = await mkdtemp(path.join(folder, 'templates-'));
    const settings = settingsFor(CAMPUS);
    const own = { ...settings, campus: { ...settings.campus, root: folder } };
    const found = nagFindings(own, keep).filter(({ where }) => where.startsWith('slo/'));
    expect(found.filter(({ pack }) => pack === 'AwsSolutions')).toEqual([]);
    const templates = (await readdir(keep)).filter((name) => name.startsWith('slo-'));
    expect(templates).toHaveLength(1);
    expect(await lintErrors(templates.map((name) => path.join(keep, name)))).toEqual([]);
  },
  LINT_MS,
);
