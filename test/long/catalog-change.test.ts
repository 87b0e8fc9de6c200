import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readState } from '../../src/loads/dataset-state.ts';
import { stagedOf } from '../../src/loads/state.ts';
import { currentTermWeek, generateCollege } from '../../src/simulators/college/generate.ts';
import {
  answer,
  DAY,
  openSmallCampus,
  publishedTables,
  type SmallCampus,
} from '../end-to-end/small-campus.ts';

let campus: SmallCampus;
let start: number;
beforeAll(async () => {
  start = currentTermWeek(5);
  campus = await openSmallCampus(generateCollege({ students: 6, seed: 5 }), start, 'canvas', []);
  const header = '-- description: d\n-- grain: id\n-- owner: o\n-- column id (quasi): i\n';
  writeFileSync(
    join(campus.folder, 'models/people.sql'),
    `${header}SELECT id, short_name FROM canvas.users\n`,
  );
  // What others point to in their checks has to be loaded, too.
  for (const name of ['users', 'courses', 'course_sections', 'assignments']) load(name);
  expect((await campus.run('lake')).failures).toEqual([]);
});
afterAll(() => campus.close());

const catalogFile = () => join(campus.folder, 'catalog/canvas.yaml');

/** Has a dataset loaded. */
function load(dataset: string): void {
  const text = readFileSync(catalogFile(), 'utf8');
  const place = text.indexOf('load: off', text.indexOf(`name: ${dataset}\n`));
  writeFileSync(
    catalogFile(),
    `${text.slice(0, place)}load: incremental${text.slice(place + 'load: off'.length)}`,
  );
}

/** Edits the line of a column of `canvas.users`. */
function edit(column: string, more: string): void {
  const text = readFileSync(catalogFile(), 'utf8');
  const users = text.indexOf('name: users\n');
  const line = text.indexOf(`{ name: ${column},`, users);
  const privacy = text.indexOf('privacy:', line);
  writeFileSync(catalogFile(), `${text.slice(0, privacy)}${more}${text.slice(text.indexOf(' }', privacy))}`);
}

/** How many rows of `canvas.users` there are, and in how many a column has a value. */
const filled = (column: string) =>
  campus.look('lake', async (platform) => {
    const [row] = await answer(platform, `SELECT count(*), count(${column}) FROM canvas.users`);
    return row!.map(Number);
  });

it('follows the catalog in every row while only changes are loaded, and says so', async () => {
  const [users] = await filled('name');
  await campus.simulated.advanceTo(start + DAY);
  edit('name', 'privacy: secret');
  edit('locale', 'privacy: secret');

  const narrowed = await campus.run('lake');
  expect(narrowed.failures).toEqual([]);
  await campus.look('lake', async (platform) => {
    const { 'canvas.users': version } = await publishedTables(platform);
    const names = version!.columns.map(({ name }) => name);
    expect(names).not.toContain('name');
    expect(names).toContain('short_name');
    expect(await answer(platform, 'SELECT count(*) FROM campus.people')).not.toEqual([['0']]);
    expect(
      (await platform.ledger.rows('loads')).filter((row) => row.dataset === 'canvas.users').at(-1)!.kind,
    ).toBe('increment');
    // The old files went with the run, and nothing waits for them.
    const { state } = await readState(platform.ledger, 'canvas.users');
    const found = readdirSync(join(campus.folder, 'lake/staged/canvas.users'));
    const files = found.filter((name) => name.endsWith('.parquet'));
    expect(JSON.stringify(stagedOf(state)!.version.storage)).toContain(files[0]!);
    expect(files).toHaveLength(1);
  });

  edit('name', 'privacy: direct');
  const widened = await campus.run('lake');
  expect(widened.failures).toEqual([]);
  const [all, named] = await filled('name');
  expect(named).toBe(all);
  expect(all).toBeGreaterThanOrEqual(users!);
});
