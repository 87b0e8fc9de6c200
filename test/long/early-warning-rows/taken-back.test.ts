import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadCampus } from '../../../src/campus/load.ts';
import { withLiveEvents } from '../../../src/early-warning/live/features-as-of.ts';
import { COLUMNS } from '../../../src/early-warning/measures.ts';
import { newestWeeks } from '../../../src/early-warning/registry/monitor.ts';
import { FEATURES } from '../../../src/early-warning/tables.ts';
import type { FeatureLake } from '../../../src/ports/feature.ts';
import type { TableColumn } from '../../../src/ports/tables.ts';
import { lakeOf } from '../../lake-of.ts';
import { openTestLake, type TestLake } from '../../platform/local/duckdb/lake-folder.ts';

let test: TestLake;
let lake: FeatureLake;
beforeAll(async () => {
  test = await openTestLake();
  const { campus, catalog } = await loadCampus('campus.yaml');
  lake = lakeOf({ campus, catalog, platform: { engine: test.engine } }) as unknown as FeatureLake;
});
afterAll(() => test?.close());

const MONDAY = '2026-10-05T08:00:00.000Z';
const TUESDAY = '2026-10-06T08:00:00.000Z';
const COLUMNS_TOLD: TableColumn[] = [
  { name: 'submitted_at', type: 'timestamp' },
  { name: 'graded_at', type: 'timestamp' },
  { name: 'score', type: 'double' },
];

it.each([
  ['a grade that is taken back', ['submitted', MONDAY, null, null], [MONDAY, null, null]],
  ['work that is taken back', ['unsubmitted', null, null, null], [null, null, null]],
  ['work handed in again, which keeps its grade', ['submitted', TUESDAY, MONDAY, 8], [TUESDAY, MONDAY, 8]],
  ['a grade', ['graded', MONDAY, TUESDAY, 9], [MONDAY, TUESDAY, 9]],
  ['an event that tells no state', [null, TUESDAY, null, null], [TUESDAY, MONDAY, 8]],
])('a live event tells of %s', async (_, told, expected) => {
  const name = 'canvas.submissions';
  const loaded = [['7', MONDAY, MONDAY, 8]];
  const id: TableColumn = { name: 'id', type: 'bigint' };
  const reads = {
    [name]: await test.engine.literalTable(name, [id, ...COLUMNS_TOLD], loaded, 'loaded'),
  };
  const version = `e${expected.join()}`.replaceAll(/\W/g, '');
  const live = 'campus.live_submissions';
  const columns: TableColumn[] = [
    { name: 'source', type: 'varchar' },
    { name: 'submission_id', type: 'bigint' },
    { name: 'workflow_state', type: 'varchar' },
    ...COLUMNS_TOLD,
  ];
  const events = await test.engine.literalTable(live, columns, [['canvas', '7', ...told]], version);
  const now = await withLiveEvents(lake, reads, { [live]: events }, version);
  const seconds = (column: string) => `to_unixtime(${column}) * 1e3`;
  const [row] = await test.rows(
    `SELECT ${seconds('submitted_at')} AS a, ${seconds('graded_at')} AS b, score FROM ${name}`,
    now,
  );
  expect(row).toEqual(expected.map((one) => (typeof one === 'string' ? Date.parse(one) : one)));
});

it('weeks of three students in ten courses each are watched by nobody', async () => {
  const columns: TableColumn[] = [
    { name: 'term_code', type: 'varchar' },
    { name: 'week', type: 'integer' },
    { name: 'user_id', type: 'bigint' },
    { name: 'course_code', type: 'varchar' },
    { name: 'evidence', type: 'varchar' },
    ...COLUMNS.map((name): TableColumn => ({ name, type: 'double' })),
  ];
  const rows = (term: string, students: number) =>
    Array.from({ length: 30 }, (_, i) => [
      term,
      4,
      String(i % students),
      `C${i}`,
      'scored',
      ...COLUMNS.map(() => 0.5),
    ]);
  const all = [...rows('few', 3), ...rows('many', 10)];
  const features = await test.engine.literalTable(FEATURES, columns, all, 'v');
  const weeks = await newestWeeks(lake, features);
  expect(weeks.map(({ term, cases }) => [term, cases.length])).toEqual([['many', 30]]);
});
