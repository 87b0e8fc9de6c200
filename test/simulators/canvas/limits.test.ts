import { afterEach, expect, test } from 'vitest';
import { CANVAS_LIMITS } from '../../../src/simulators/canvas/limits.ts';
import type { CanvasSimulator } from '../../../src/simulators/canvas/server.ts';
import { login } from './dap.ts';
import { collegeOf, OPENS, simulatorOf, twoDaysOfUsers, USERS } from './small-college.ts';

let simulator: CanvasSimulator;
afterEach(() => simulator.stop());

test('each door lets its own number of calls in a minute through, and says when to come again', async () => {
  let now = 1_000_000;
  simulator = await simulatorOf(collegeOf([USERS, twoDaysOfUsers()]), OPENS + 5000, {
    limits: CANVAS_LIMITS,
    limitClock: { now: () => now },
  });
  const dap = await login(simulator);
  const ask = () => dap.ask('canvas.users', { format: 'jsonl' });

  for (let i = 0; i < 5; i += 1) {
    expect((await ask()).status).toBe(200);
    now += 4000;
  }
  const refused = await ask();
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('40');
  expect(refused.headers.get('content-type')).toMatch(/^application\/json/);
  expect((await dap.get('/dap/query/canvas/table')).status).toBe(200);

  now += 39_999;
  expect((await ask()).status).toBe(429);
  now += 1;
  expect((await ask()).status).toBe(200);
  expect((await ask()).status).toBe(429);
});

test('limits can be changed, and lifted, while the server runs', async () => {
  simulator = await simulatorOf(collegeOf([USERS, []]), OPENS + 5000);
  const dap = await login(simulator);
  simulator.setLimits({ list: 0 });
  expect((await dap.get('/dap/query/canvas/table')).status).toBe(429);
  simulator.setLimits({});
  expect((await dap.get('/dap/query/canvas/table')).status).toBe(200);
});
