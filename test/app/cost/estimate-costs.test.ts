import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type CollegeSize, estimateCosts } from '../../../src/app/cost/estimate-costs.ts';
import { lakeOf } from '../../lake-of.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'costs-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('prices each profile for the models of the campus and of its features', async () => {
  await writeFile(join(folder, 'a.sql'), 'SELECT id FROM canvas.users');
  const lake = lakeOf({
    campus: { name: 'A college', root: folder, models: folder },
    catalog: { datasets: [{ id: 'canvas.users' }] },
    features: [{ name: 'f', models: [{ name: 'b', sql: 'SELECT id FROM campus.a' }] }],
  });
  const told: string[] = [];
  const price = (_: unknown, profile: string, size: CollegeSize) => ({ profile, size });

  const estimates = await estimateCosts(
    lake,
    { students: 500, profiles: ['frugal', 'standard'], tell: (profile) => told.push(profile) },
    { price, region: 'us-east-1', pricesOf: '2026-01-01' },
  );

  const size = { students: 500, models: 2, waves: 2 };
  expect(estimates).toEqual({
    campus: 'A college',
    students: 500,
    estimates: [
      { profile: 'frugal', size },
      { profile: 'standard', size },
    ],
    region: 'us-east-1',
    pricesOf: '2026-01-01',
  });
  expect(told).toEqual(['frugal', 'standard']);
});
