import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ColumnChange } from '../../../src/simulators/canvas/schema/schema-changes.ts';
import type { CanvasSimulator } from '../../../src/simulators/canvas/server.ts';
import { type Dap, login } from './dap.ts';
import { collegeOf, DAY, OPENS, simulatorOf, twoDaysOfUsers, USERS } from './small-college.ts';

let simulator: CanvasSimulator;
let dap: Dap;

beforeEach(async () => {
  simulator = await simulatorOf(collegeOf([USERS, twoDaysOfUsers()]), OPENS + 5000, {
    tokenSeconds: 90 * 86_400,
  });
  dap = await login(simulator);
});
afterEach(() => simulator.stop());

function changeTomorrow(change: ColumnChange): void {
  simulator.changeSchema({ namespace: 'canvas', table: 'users', at: OPENS + DAY, change });
}
async function schema() {
  const { body } = await dap.get('/dap/query/canvas/table/users/schema');
  return { version: body.version, value: body.schema.properties.value };
}

test('a column added at an instant is there from then on, filled in rows changed since', async () => {
  changeTomorrow({ do: 'add', column: 'nickname', type: { kind: 'string', maxLength: 40 }, value: 'new' });
  const before = await schema();
  simulator.clock.advance(DAY);
  const after = await schema();
  expect([before.version, after.version]).toEqual([1, 2]);
  expect(before.value.properties.nickname).toBeUndefined();
  expect(after.value.properties.nickname).toMatchObject({ type: 'string', maxLength: 40 });
  expect(after.value.required).not.toContain('nickname');
  const { body } = await dap.ask('canvas.users', { format: 'csv' });
  const records = await dap.records(body, 'csv');
  expect(body.schema_version).toBe(2);
  expect(records.map((r) => [r['key.id'], r['value.nickname']])).toEqual(
    simulator.truth('canvas', 'users').map((r) => [String(r.id), r.nickname ?? undefined]),
  );
  expect(records.map((r) => r['value.nickname']).sort()).toEqual(['new', 'new', undefined]);
});

test.each<
  [ColumnChange, (value: { required: string[]; properties: Record<string, unknown> }) => unknown, unknown]
>([
  [{ do: 'relax', column: 'created_at' }, (v) => v.required.includes('created_at'), false],
  [
    { do: 'widen', column: 'name', to: { kind: 'text' } },
    (v) => Object.keys(v.properties.name as object),
    ['oneOf', 'description'],
  ],
  [
    { do: 'add-word', column: 'workflow_state', word: 'asleep' },
    (v) => (v.properties.workflow_state as { enum: string[] }).enum.slice(-2),
    ['asleep', '__dap_unspecified__'],
  ],
  [{ do: 'drop', column: 'name' }, (v) => v.properties.name, undefined],
])('%o raises the version by one', async (change, look, wanted) => {
  changeTomorrow(change);
  simulator.clock.advance(DAY);
  const { version, value } = await schema();
  expect(version).toBe(2);
  expect(look(value)).toEqual(wanted);
  const { body } = await dap.ask('canvas.users', { format: 'parquet' });
  expect(await dap.records(body, 'parquet')).toHaveLength(3);
});

test('a job keeps the schema that it began with', async () => {
  const { body } = await dap.ask('canvas.users', { format: 'jsonl' });
  changeTomorrow({ do: 'drop', column: 'name' });
  simulator.clock.advance(DAY - 6000);
  expect((await dap.get(`/dap/job/${body.id}`)).body.schema_version).toBe(1);
  const records = await dap.records(body, 'jsonl');
  expect(records.some((r) => r['value.name'] !== undefined)).toBe(true);
});

test('a column added everywhere has its value in old rows too, as far as they are asked for', async () => {
  const { body: before } = await dap.ask('canvas.users', { format: 'jsonl' });
  const change = {
    do: 'add',
    column: 'nickname',
    type: { kind: 'string' },
    value: 'new',
    everywhere: true,
  } as const;
  simulator.changeSchema({ namespace: 'canvas', table: 'users', at: OPENS + DAY, change });
  simulator.clock.advance(2 * DAY);
  const snapshot = await dap.ask('canvas.users', { format: 'csv' });
  const increment = await dap.ask('canvas.users', { format: 'csv', since: before.at });

  const records = await dap.records(snapshot.body, 'csv');
  expect(records.map((r) => r['value.nickname'])).toEqual(records.map(() => 'new'));
  expect(simulator.truth('canvas', 'users').every((row) => row.nickname === 'new')).toBe(true);
  // Users 1 and 4 were changed or made since, 2 and 999 deleted; 3 was left alone.
  expect((await dap.records(increment.body, 'csv')).map((r) => r['key.id'])).not.toContain('3');
});

test('a relaxed column brings back rows that lacked it, in a snapshot alone', async () => {
  const keys = async (since?: string) => {
    const { body } = await dap.ask('canvas.users', { format: 'jsonl', ...(since ? { since } : {}) });
    const records = await dap.records(body, 'jsonl');
    return { at: body.at, ids: records.map((r) => r['key.id']).sort(), records };
  };
  const all = (await keys()).ids;
  changeTomorrow({ do: 'relax', column: 'created_at', missing: 3 });
  simulator.forgetJobs();
  const before = await keys();
  const truthBefore = simulator.truth('canvas', 'users').length;
  simulator.clock.advance(DAY);
  const changed = await keys(before.at);
  const after = await keys();

  const hidden = all.filter((id) => !before.ids.includes(id));
  expect(hidden.length).toBeGreaterThan(0);
  expect(truthBefore).toBe(before.ids.length);
  expect(changed.ids.filter((id) => hidden.includes(id))).toEqual([]);
  expect(after.ids).toEqual(expect.arrayContaining(hidden));
  for (const record of after.records) {
    expect(record['value.created_at'] === undefined).toBe(hidden.includes(record['key.id']));
  }
  expect(simulator.truth('canvas', 'users')).toHaveLength(after.ids.length);
});
