import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { copyCampus } from '../../lib/pipeline/function-code.ts';
import { campusSchema } from '../../src/campus/campus-schema.ts';
import { FEATURES } from '../../src/features.ts';
import { CAMPUS } from './campus.ts';

const folder = await mkdtemp(join(tmpdir(), 'function-files-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

it('functions take access.yaml and the files of features with them', async () => {
  const root = join(folder, 'campus');
  await mkdir(join(root, 'slo'), { recursive: true });
  await cp(resolve(import.meta.dirname, '../../campus.yaml'), join(root, 'campus.yaml'));
  const files = FEATURES.flatMap((feature) => feature.files ?? []);
  for (const { name } of files) await writeFile(join(root, name), name);
  await writeFile(join(root, 'access.yaml'), 'roles: {}');
  await writeFile(join(root, 'slo/fresh.yaml'), 'fresh');
  const to = join(folder, 'asset');
  copyCampus({ ...campusSchema.parse(CAMPUS), root, sources: {} }, join(root, 'campus.yaml'), to);
  expect(files.map(({ name }) => name)).toContain('slo.yaml');
  for (const { name } of files) expect(await readFile(join(to, name), 'utf8')).toBe(name);
  expect(await readFile(join(to, 'access.yaml'), 'utf8')).toBe('roles: {}');
  expect(await readFile(join(to, 'slo/fresh.yaml'), 'utf8')).toBe('fresh');
});
