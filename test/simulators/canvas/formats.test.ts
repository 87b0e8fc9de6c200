import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CanvasSimulator } from '../../../src/simulators/canvas/server.ts';
import { type Dap, login } from './dap.ts';
import {
  COURSES,
  collegeOf,
  DAY,
  GADGETS,
  GLOBAL_ID,
  OPENS,
  oddCourses,
  SUBMISSIONS,
  simulatorOf,
  someSubmissions,
  twoDaysOfUsers,
  USERS,
  upsert,
} from './small-college.ts';

let simulator: CanvasSimulator;
let dap: Dap;
const gadget = upsert(OPENS + 1000, { id: 7n, made: '2026-01-05', size: '0.10' });

beforeAll(async () => {
  const college = collegeOf(
    [USERS, twoDaysOfUsers()],
    [COURSES, oddCourses()],
    [SUBMISSIONS, someSubmissions()],
    [GADGETS, [gadget]],
  );
  simulator = await simulatorOf(college, OPENS + 2 * DAY);
  dap = await login(simulator);
});
afterAll(() => simulator.stop());

const TABLES = [
  'canvas.users',
  'canvas.courses',
  'canvas.submissions',
  'new_quizzes.gadgets',
  'canvas.quizzes',
];
const OTHERS = ['csv', 'tsv', 'parquet'] as const;

async function rawText(table: string, query: Record<string, unknown>): Promise<string> {
  const { body } = await dap.ask(table, query);
  const response = await dap.download(body.objects[0].id);
  return gunzipSync(Buffer.from(await response.arrayBuffer())).toString();
}

describe.each(TABLES)('%s', (table) => {
  test.each([undefined, new Date(OPENS).toISOString()])(
    'reads the same in every format, since %s',
    async (since) => {
      const query = since === undefined ? {} : { since };
      const wanted = await dap.records((await dap.ask(table, { format: 'jsonl', ...query })).body, 'jsonl');
      for (const format of OTHERS) {
        const { body } = await dap.ask(table, { format, ...query });
        expect(await dap.records(body, format), format).toEqual(wanted);
      }
    },
  );
});

describe('a record', () => {
  test('in JSON Lines leaves out what is missing, and all values when deleted', async () => {
    const lines = (
      await rawText('canvas.users', { format: 'jsonl', since: new Date(OPENS + DAY).toISOString() })
    ).split('\n');
    expect(lines[0]).toContain(`"key":{"id":${GLOBAL_ID}}`);
    expect(lines[0]).not.toContain('null');
    expect(lines[1]).toBe('{"key":{"id":2},"meta":{"ts":"2026-01-06T00:00:02.000Z","action":"D"}}');
    expect(lines.at(-1)).toBe('');
  });

  test('has an action in increments only', async () => {
    expect(await rawText('canvas.users', { format: 'csv' })).toMatch(/^meta\.ts,key\.id,value\./);
    expect(await rawText('canvas.users', { format: 'tsv', since: new Date(OPENS).toISOString() })).toMatch(
      /^meta\.ts\tmeta\.action\tkey\.id\tvalue\./,
    );
  });

  test('in CSV tells an empty text, the word NULL and a missing value apart', async () => {
    const rows = (
      await rawText('canvas.users', { format: 'csv', since: new Date(OPENS).toISOString() })
    ).split('\n');
    expect(rows.some((r) => r.includes(',"",'))).toBe(true);
    expect(rows.find((r) => r.includes(',D,999'))).toMatch(/,D,999,+$/);
  });

  test('in TSV is escaped as PostgreSQL does', async () => {
    const text = await rawText('canvas.courses', { format: 'tsv' });
    expect(text).toContain('<p>\\r\\n\\f"quoted"\\v\\b</p>');
    expect(text.split('\n')).toHaveLength(5);
  });

  test('keeps nested fields together as JSON when condensed, apart when expanded', async () => {
    const condensed = await rawText('canvas.courses', { format: 'tsv', mode: 'condensed' });
    const [labels, first, second] = condensed.split('\n').map((line) => line.split('\t'));
    const column = labels!.indexOf('value.settings');
    expect(first![column]).toBe('{"allow_student_discussion_topics":"a\\\\tb","hide_final_grade":"true"}');
    expect(second![column]).toBe('\\N');
    const expanded = await rawText('canvas.courses', { format: 'tsv', mode: 'expanded' });
    expect(expanded).toContain('value.settings.hide_final_grade\t');
  });

  test('in Parquet keeps nested fields as text when condensed', async () => {
    const { body } = await dap.ask('canvas.courses', { format: 'parquet', mode: 'condensed' });
    const records = await dap.records(body, 'parquet');
    expect(records[0]!['value.settings']).toBe(
      '{"allow_student_discussion_topics":"a\\tb","hide_final_grade":"true"}',
    );
  });

  test('holds placeholders for what the schema does not know, and plain defaults for what is required', async () => {
    const [, odd] = simulator.truth('canvas', 'courses');
    expect(odd).toMatchObject({
      id: 2n,
      workflow_state: '__dap_unspecified__',
      created_at: OPENS,
      updated_at: OPENS + 2000,
      template: false,
      account_id: 0n,
      settings: null,
      name: null,
    });
  });

  test('with JSON of any shape carries it as text, ids exact', async () => {
    const [first] = simulator.truth('canvas', 'courses');
    expect(first!.tab_configuration).toBe(`[{"id":0},{"id":${GLOBAL_ID},"hidden":true}]`);
  });
});
