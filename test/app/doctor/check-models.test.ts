import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkModels } from '../../../src/app/doctor/check-models.ts';
import type { DoctorContext } from '../../../src/app/doctor/finding.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'models-'));
});
afterEach(() => rm(folder, { recursive: true }));

const doctor = (...datasets: string[]) =>
  checkModels({
    campus: { root: folder, models: folder },
    catalog: { datasets: datasets.map((id) => ({ id })) },
  } as unknown as DoctorContext);

it('names each table that the models lack once, with how many of them read it', async () => {
  await writeFile(join(folder, 'a.sql'), 'SELECT id FROM sis.persons');
  await writeFile(join(folder, 'b.sql'), 'SELECT p.id FROM sis.persons p JOIN canvas.users u ON u.id = p.id');
  await writeFile(join(folder, 'c.sql'), 'SELECT id FROM campus.a');

  expect(await doctor('canvas.users')).toMatchObject([
    { status: 'fail', text: '1 table that they read is not in the catalog: sis.persons (2 models)' },
  ]);
  expect(await doctor('canvas.users', 'sis.persons')).toMatchObject([{ status: 'ok' }]);
});

it('takes a campus without models as it is', async () => {
  expect(await doctor()).toMatchObject([{ status: 'warn' }]);
});

it('looks at the models of features too', async () => {
  const context = {
    campus: { root: folder, models: folder },
    catalog: { datasets: [] },
    features: [{ name: 'f', models: [{ name: 'b', sql: 'SELECT id FROM sis.persons' }] }],
  } as unknown as DoctorContext;
  expect(await checkModels(context)).toMatchObject([
    { status: 'fail', text: expect.stringContaining('sis.persons') },
  ]);
});

it('remarks on a model whose numbers Athena approximates', async () => {
  await writeFile(join(folder, 'a.sql'), 'SELECT id FROM canvas.users');
  await writeFile(join(folder, 'b.sql'), 'SELECT approx_distinct(id) AS n\nFROM canvas.users');

  expect(await doctor('canvas.users')).toEqual([
    expect.objectContaining({ status: 'ok' }),
    {
      status: 'warn',
      about: 'models',
      text: expect.stringMatching(/b\.sql:1:8: approx_distinct is computed exactly/),
      hint: expect.stringContaining('count(DISTINCT x)'),
    },
  ]);
});
