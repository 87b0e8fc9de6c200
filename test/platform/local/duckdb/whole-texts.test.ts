import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestLake, type TestLake } from './lake-folder.ts';

let lake: TestLake;
beforeAll(async () => {
  lake = await openTestLake();
});
afterAll(() => lake.close());

it('shows a text that begins with U+FEFF as it is counted and compared', async () => {
  const mark = 'chr(65279)';
  const rows = await lake.rows(
    `SELECT ${mark} || 'one', ${mark}, ${mark} || ${mark}, ${mark} || 'more than twelve bytes', length(${mark} || 'one')`,
    {},
  );

  expect(rows).toEqual([['\ufeffone', '\ufeff', '\ufeff\ufeff', '\ufeffmore than twelve bytes', 4n]]);
});
