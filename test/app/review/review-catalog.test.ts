import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ReviewRequest, reviewCatalog } from '../../../src/app/review/review-catalog.ts';
import { CampusFileError } from '../../../src/campus/errors.ts';
import { loadCampus } from '../../../src/campus/load.ts';
import { InputError } from '../../../src/errors.ts';
import { ROOT } from '../../end-to-end/small-campus.ts';

let folder: string;
let part: string;
/** A campus in whose catalog the class of one column was proposed. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'review-'));
  await cp(join(ROOT, 'examples/northgate'), folder, { recursive: true });
  part = join(folder, 'catalog/records.yaml');
  const text = await readFile(part, 'utf8');
  const proposed = text.replace(/^( +- \{ name: \w+,.*\})$/m, '$1 # proposed');
  expect(proposed).not.toBe(text);
  await writeFile(part, proposed);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const review = async (request: ReviewRequest) => reviewCatalog(await loadCampus(folder), folder, request);

it('lists what nobody has decided on, and writes nothing', async () => {
  const before = await readFile(part, 'utf8');
  const reviewed = await review({ tables: ['*'] });
  expect(reviewed).toMatchObject({ accepted: false, files: [] });
  expect(reviewed.tables).toHaveLength(1);
  expect(reviewed.tables[0]!.columns).toHaveLength(1);
  expect(await readFile(part, 'utf8')).toBe(before);
});

it('makes decisions of what is listed', async () => {
  const reviewed = await review({ tables: ['*'], accept: true });
  expect(reviewed.accepted).toBe(true);
  expect(reviewed.files).toHaveLength(1);
  expect(await readFile(part, 'utf8')).not.toContain('# proposed');
  expect((await review({ tables: ['*'] })).tables).toEqual([]);
});

it('refuses a name that no table has', async () => {
  await expect(review({ tables: ['records.nothing*'] })).rejects.toThrow(InputError);
});

it('writes nothing where the catalog could not be loaded any more', async () => {
  const loaded = await loadCampus(folder);
  await writeFile(join(folder, 'campus.yaml'), 'name: 1\n');
  const before = await readFile(part, 'utf8');
  await expect(reviewCatalog(loaded, folder, { tables: ['*'], accept: true })).rejects.toThrow(
    CampusFileError,
  );
  expect(await readFile(part, 'utf8')).toBe(before);
});
