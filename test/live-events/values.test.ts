import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Json } from '../../src/json.ts';
import { buildTable, columnsOf } from '../../src/live-events/build.ts';
import { LiveState } from '../../src/live-events/live-state.ts';
import { LIVE_TABLES } from '../../src/live-events/tables.ts';
import { openTestLake, type TestLake } from '../platform/local/duckdb/lake-folder.ts';

let lake: TestLake;
beforeAll(async () => {
  lake = await openTestLake();
});
afterAll(() => lake.close());

const table = LIVE_TABLES.find(({ name }) => name === 'campus.live_submissions')!;
const campus = { privacy: { defaults: {}, undecided: 'allow' }, sources: {} } as never;
const columns = columnsOf(table, { campus, catalog: { datasets: [] } });

/** What is it, the field, what came, what is shown. */
const CASES: readonly (readonly [string, string, Json, Json])[] = [
  ['the greatest id', 'assignment_id', '9223372036854775807', '9223372036854775807'],
  ['an id beyond 64 bits', 'assignment_id', '9999999999999999999', null],
  ['a negative id', 'assignment_id', '-5', null],
  ['the least attempt', 'attempt', '-2147483648', '-2147483648'],
  ['an attempt beyond 32 bits', 'attempt', 2_147_483_648, null],
  ['a year of six digits', 'submitted_at', '+275760-09-12T00:00:00Z', null],
  ['a year before all calendars', 'submitted_at', '-271821-04-20T00:00:00Z', null],
  ['a NUL in a text', 'workflow_state', 'a\u0000b', 'a\u0000b'],
  ['half of a surrogate pair', 'workflow_state', 'a\ud800b', 'a\ufffdb'],
  ['a whole one and quotes', 'workflow_state', `o'"ü😀\n`, `o'"ü😀\n`],
];

it('a live table is built whatever came; what its column cannot hold is left empty', async () => {
  const state = new LiveState('canvas');
  const time = Date.parse('2026-10-05');
  const event = { source: 'canvas', name: 'submission_created', metadata: {}, time };
  CASES.forEach(([id, column, given], i) => {
    state.take({ ...event, id, body: { submission_id: String(i), [column]: given } });
  });
  const built = await buildTable(lake.engine, table, columns, state.rows(table), 'v1');
  const sql = `SELECT assignment_id, attempt, submitted_at, workflow_state FROM ${table.name} ORDER BY submission_id`;
  const rows = await lake.rows(sql, { [table.name]: built });
  const shown = rows.map((row) => row.filter((value) => value !== null).map(String));
  expect(shown).toEqual(CASES.map(([, , , value]) => (value === null ? [] : [value])));
});
