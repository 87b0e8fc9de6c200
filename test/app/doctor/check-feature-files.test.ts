import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkFeatureFiles } from '../../../src/app/doctor/check-feature-files.ts';
import type { DoctorContext } from '../../../src/app/doctor/finding.ts';
import { InputError } from '../../../src/errors.ts';
import { FEATURES } from '../../../src/features.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'files-'));
});
afterEach(() => rm(root, { recursive: true }));

const doctor = (features: unknown = FEATURES) =>
  checkFeatureFiles({
    campus: { root, models: 'models', timeZone: 'America/Chicago' },
    catalog: { datasets: [{ id: 'canvas.users' }] },
    features,
  } as unknown as DoctorContext);

it('says nothing of a file that is not there', async () => {
  expect(await doctor()).toEqual([]);
});

it('says what a file of a feature holds, or at which line it is wrong', async () => {
  const write = (table: string) =>
    writeFile(join(root, 'slo.yaml'), `objectives:\n  a: { tables: [${table}], age: 26h, target: 99% }\n`);
  await write('canvas.users');
  expect(await doctor()).toEqual([{ status: 'ok', about: 'slo.yaml', text: '1 objective' }]);
  await write('canvas.user');
  expect(await doctor()).toMatchObject([
    { status: 'fail', text: expect.stringMatching(/2:.*canvas\.user"/) },
  ]);
});

it('goes on to the next file', async () => {
  const file = (name: string, examine: () => Promise<string>) => ({ files: [{ name, examine }] });
  const features = [
    file('a.yaml', async () => {
      throw new InputError('a.yaml is wrong.', { hint: 'correct it' });
    }),
    file('b.yaml', async () => 'two things'),
  ];
  expect(await doctor(features)).toEqual([
    { status: 'fail', about: 'a.yaml', text: 'a.yaml is wrong.', hint: 'correct it' },
    { status: 'ok', about: 'b.yaml', text: 'two things' },
  ]);
});
