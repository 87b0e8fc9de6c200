import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CanvasSimulator } from '../../../src/simulators/canvas/server.ts';
import { type Dap, login } from './dap.ts';
import { collegeOf, DAY, GLOBAL_ID, OPENS, simulatorOf, twoDaysOfUsers, USERS } from './small-college.ts';

let simulator: CanvasSimulator;
let dap: Dap;

beforeEach(async () => {
  simulator = await simulatorOf(collegeOf([USERS, twoDaysOfUsers()]), OPENS + 5000, {
    tokenSeconds: 90 * 86_400,
  });
  dap = await login(simulator);
});
afterEach(() => simulator.stop());

async function control(method: string, path: string, body?: unknown) {
  const said = await fetch(`${simulator.url}/_simulator${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: said.status, text: await said.text() };
}

test('tells and moves the clock', async () => {
  expect(JSON.parse((await control('GET', '')).text)).toMatchObject({
    now: '2026-01-05T00:00:05.000Z',
    running: false,
  });
  await control('POST', '/clock', { advanceMs: DAY });
  expect(simulator.clock.now()).toBe(OPENS + DAY + 5000);
  await control('POST', '/clock', { advanceTo: '2026-03-01T00:00:00Z' });
  await control('POST', '/clock', { advanceTo: '2026-02-01T00:00:00Z' });
  expect(simulator.clock.now()).toBe(Date.UTC(2026, 2, 1));
  expect((await control('POST', '/clock', {})).status).toBe(400);
});

test('adds faults, tells which struck, and forgets them', async () => {
  await control('POST', '/faults', [{ what: 'gateway-timeout', when: { times: null } }]);
  expect((await dap.get('/dap/query/canvas/table')).status).toBe(504);
  await control('DELETE', '/faults');
  expect((await dap.get('/dap/query/canvas/table')).status).toBe(200);
  const { struck } = JSON.parse((await control('GET', '')).text);
  expect(struck).toEqual([
    {
      what: 'gateway-timeout',
      endpoint: 'list',
      namespace: 'canvas',
      table: null,
      at: '2026-01-05T00:00:05.000Z',
    },
  ]);
  expect(JSON.parse((await control('GET', '/faults')).text).length).toBeGreaterThan(30);
  expect((await control('POST', '/faults', [{ what: 'meteor' }])).text).toContain('meteor');
});

test('sets limits, reloads tables and changes schemas', async () => {
  await control('POST', '/limits', { list: 0 });
  expect((await dap.get('/dap/query/canvas/table')).status).toBe(429);

  const { body } = await dap.ask('canvas.users', { format: 'jsonl' });
  simulator.clock.advance(1000);
  await control('POST', '/reload', { namespace: 'canvas', table: 'users' });
  const refused = await dap.ask('canvas.users', { format: 'jsonl', since: body.at });
  expect(refused.body.error.type).toBe('SnapshotRequiredError');

  await control('POST', '/schema', {
    namespace: 'canvas',
    table: 'users',
    change: { do: 'drop', column: 'name' },
  });
  expect((await dap.get('/dap/query/canvas/table/users/schema')).body.version).toBe(2);
});

test('gives the truth with exact ids, and 404 for what is not there', async () => {
  const { text } = await control('GET', '/truth?namespace=canvas&table=users');
  expect(text.split('\n')[0]).toContain(`"id":${GLOBAL_ID}`);
  expect((await control('GET', '/truth?namespace=canvas&table=nothing')).status).toBe(404);
  expect((await control('GET', '/nothing')).status).toBe(404);
});

test('forgets the jobs, as the platform does after a day', async () => {
  const { body } = await dap.ask('canvas.users', { format: 'jsonl' });
  const path = `/dap/job/${body.id}`;
  expect((await dap.get(path)).status).toBe(200);
  await control('DELETE', '/jobs');
  expect((await dap.get(path)).status).toBe(404);
});
