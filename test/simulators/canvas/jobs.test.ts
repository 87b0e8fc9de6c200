import { afterEach, describe, expect, test } from 'vitest';
import type { CanvasSimulator, CanvasSimulatorOptions } from '../../../src/simulators/canvas/server.ts';
import { type Dap, login } from './dap.ts';
import {
  collegeOf,
  DAY,
  OPENS,
  simulatorOf,
  twoDaysOfUsers,
  USERS,
  upsert,
  WEB_LOGS,
} from './small-college.ts';

const HOUR = 3_600_000;
let simulator: CanvasSimulator | undefined;
afterEach(() => simulator?.stop());

async function start(
  options: Partial<CanvasSimulatorOptions> = {},
  college = collegeOf([USERS, twoDaysOfUsers()]),
): Promise<{ simulator: CanvasSimulator; dap: Dap }> {
  simulator = await simulatorOf(college, OPENS + 5000, { tokenSeconds: 90 * 86_400, ...options });
  return { simulator, dap: await login(simulator) };
}

describe('a job', () => {
  test('that is done at once answers 200 with exactly the documented fields', async () => {
    const { dap } = await start();
    const snapshot = await dap.ask('canvas.users', { format: 'jsonl' });
    expect(snapshot.status).toBe(200);
    expect(snapshot.body).toEqual({
      id: expect.any(String),
      status: 'complete',
      expires_at: new Date(OPENS + 5000 + DAY).toISOString(),
      objects: [{ id: expect.any(String) }],
      schema_version: 1,
      at: new Date(OPENS + 5000).toISOString(),
    });
    const increment = await dap.ask('canvas.users', { format: 'jsonl', since: snapshot.body.at });
    expect(Object.keys(increment.body).sort()).toEqual(
      ['expires_at', 'id', 'objects', 'schema_version', 'since', 'status', 'until'].sort(),
    );
  });

  test('that takes time answers 202 until its time is over', async () => {
    const { simulator, dap } = await start({ jobDelay: { ms: 60_000 } });
    const asked = await dap.ask('canvas.users', { format: 'jsonl' });
    expect([asked.status, asked.body.status]).toEqual([202, 'waiting']);
    expect(Object.keys(asked.body).sort()).toEqual(['expires_at', 'id', 'status']);
    simulator.clock.advance(59_999);
    expect((await dap.get(`/dap/job/${asked.body.id}`)).body.status).toBe('running');
    simulator.clock.advance(1);
    const done = await dap.get(`/dap/beta/job/${asked.body.id}`);
    expect([done.status, done.body.status, done.body.at]).toEqual([
      200,
      'complete',
      new Date(OPENS + 5000).toISOString(),
    ]);
  });

  test('can also take a number of polls, for a clock that stands still', async () => {
    const { dap } = await start({ jobDelay: { polls: 2 } });
    const { body } = await dap.ask('canvas.users', { format: 'jsonl' });
    const statuses = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await dap.get(`/dap/job/${body.id}`)).body.status);
    expect(statuses).toEqual(['waiting', 'running', 'complete']);
  });

  test('answers every equal question while nothing happens to its table, and no other', async () => {
    const { simulator, dap } = await start();
    const ask = async (table: string, query: Record<string, unknown>) =>
      (await dap.ask(table, query)).body.id;
    const id = await ask('canvas.users', { format: 'jsonl' });
    const quiet = await ask('canvas.quizzes', { format: 'jsonl' });
    expect(await ask('canvas.users', { format: 'jsonl', mode: 'expanded' })).toBe(id);
    expect(await ask('canvas.users', { format: 'csv' })).not.toBe(id);
    expect(await ask('canvas.users', { format: 'jsonl', mode: 'condensed' })).not.toBe(id);
    expect(await ask('canvas.users', { format: 'jsonl', since: new Date(OPENS).toISOString() })).not.toBe(id);
    simulator.clock.advance(DAY - 1);
    expect(await ask('canvas.users', { format: 'jsonl' })).not.toBe(id);
    expect(await ask('canvas.quizzes', { format: 'jsonl' })).toBe(quiet);
    simulator.clock.advance(1);
    expect(await ask('canvas.quizzes', { format: 'jsonl' })).not.toBe(quiet);
  });

  test('is forgotten after a day, and its objects with it', async () => {
    const { simulator, dap } = await start();
    const { body } = await dap.ask('canvas.users', { format: 'jsonl' });
    simulator.clock.advance(DAY);
    expect((await dap.get(`/dap/job/${body.id}`)).status).toBe(404);
    const urls = await dap.post('/dap/object/url', body.objects);
    expect([urls.status, urls.body.error.kind]).toEqual([404, 'object']);
  });

  test('sees the data of the last refresh', async () => {
    const { simulator, dap } = await start({ refreshMs: 4 * HOUR });
    simulator.clock.advance(5 * HOUR);
    const { body } = await dap.ask('canvas.users', { format: 'jsonl' });
    expect(body.at).toBe(new Date(OPENS + 4 * HOUR).toISOString());
    expect(await dap.records(body, 'jsonl')).toHaveLength(simulator.truth('canvas', 'users').length);
  });
});

describe('a job that ends at the latest commit', () => {
  test('says so, has all until now, and answers a quiet table with the same question and job again', async () => {
    const { simulator, dap } = await start({ until: 'latest-commit' });
    const at = (ms: number) => new Date(OPENS + ms).toISOString();
    const snapshot = await dap.ask('canvas.users', { format: 'jsonl' });
    expect(snapshot.body.at).toBe(at(3000));
    expect(await dap.records(snapshot.body, 'jsonl')).toHaveLength(3);

    const ask = async (since: string) => (await dap.ask('canvas.users', { format: 'jsonl', since })).body;
    const quiet = await ask(snapshot.body.at);
    expect([quiet.since, quiet.until]).toEqual([at(3000), at(3000)]);
    expect((await dap.records(quiet, 'jsonl')).map((r) => r['key.id'])).toEqual(['3']);
    simulator.clock.advance(DAY / 2);
    expect((await ask(quiet.until)).id).toBe(quiet.id);
    simulator.clock.advance(DAY / 2 + 5000);
    const changed = await ask(quiet.until);
    expect([changed.until, (await dap.records(changed, 'jsonl')).length]).toEqual([at(DAY + 4000), 5]);
  });

  test('keeps commits apart no further than its clock does', async () => {
    const { simulator, dap } = await start({ until: 'latest-commit', tickMs: 4000 });
    const first = (await dap.ask('canvas.users', { format: 'jsonl' })).body;
    expect(first.at).toBe(new Date(OPENS).toISOString());
    simulator.clock.advance(DAY);
    const next = (await dap.ask('canvas.users', { format: 'jsonl', since: first.at })).body;
    const records = await dap.records(next, 'jsonl');
    expect(new Set(records.map((r) => r['meta.ts']))).toEqual(
      new Set([
        new Date(OPENS).toISOString(),
        new Date(OPENS + DAY).toISOString(),
        new Date(OPENS + DAY + 4000).toISOString(),
      ]),
    );
  });
});

describe('files', () => {
  test('are as many as the rows need, named apart, all urls from one call', async () => {
    const { dap } = await start({ rowsPerFile: 2 });
    const { body } = await dap.ask('canvas.users', { format: 'tsv' });
    const { body: signed } = await dap.post('/dap/beta/object/url', body.objects);
    const urls = body.objects.map((o: { id: string }) => new URL(signed.urls[o.id].url));
    expect(urls.map((u: URL) => u.pathname.split('/').at(-1))).toEqual([
      'part-00000.tsv.gz',
      'part-00001.tsv.gz',
    ]);
    expect(await dap.records(body, 'tsv')).toHaveLength(3);
  });

  test('come without a token, with their length and no content encoding', async () => {
    const { dap } = await start();
    const { body } = await dap.ask('canvas.users', { format: 'jsonl' });
    const said = await dap.download(body.objects[0].id);
    const bytes = await said.arrayBuffer();
    expect(said.headers.get('content-encoding')).toBeNull();
    expect(said.headers.get('content-type')).toBe('application/jsonlines');
    expect(Number(said.headers.get('content-length'))).toBe(bytes.byteLength);
  });

  test('are refused with a token, with a wrong signature, and after a quarter of an hour', async () => {
    const { simulator, dap } = await start();
    const { body } = await dap.ask('canvas.users', { format: 'jsonl' });
    const { body: signed } = await dap.post('/dap/object/url', body.objects);
    const { url } = signed.urls[body.objects[0].id];
    expect((await fetch(url, { headers: { authorization: `Bearer ${dap.token}` } })).status).toBe(400);
    expect((await fetch(url.replace(/.$/, (c: string) => (c === '0' ? '1' : '0')))).status).toBe(403);
    simulator.clock.advance(15 * 60_000);
    const late = await fetch(url);
    expect([late.status, late.headers.get('content-type')]).toEqual([403, 'application/xml']);
    expect(await late.text()).toContain('Request has expired');
  });

  test('that do not exist have no urls', async () => {
    const { dap } = await start();
    const { status, body } = await dap.post('/dap/object/url', [{ id: 'nothing' }]);
    expect([status, body.error.kind, body.error.id]).toEqual([404, 'object', 'nothing']);
    expect((await dap.post('/dap/object/url', { id: 'x' })).status).toBe(400);
  });
});

describe('logs', () => {
  const first = Math.ceil(OPENS / 397) * 397;
  const logs = Array.from({ length: 800 }, (_, i) =>
    upsert(first + i * 397 * 12, {
      id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      timestamp: OPENS + i * 1000,
      url: `/courses/${i}`,
      http_status: 200,
      user_id: 1n,
    }),
  );

  test('can bring a row twice, and are kept for 30 days', async () => {
    const { simulator, dap } = await start({}, collegeOf([WEB_LOGS, logs]));
    simulator.clock.advance(DAY);
    const first = await dap.ask('canvas_logs.web_logs', { format: 'jsonl' });
    const records = await dap.records(first.body, 'jsonl');
    const keys = new Set(records.map((r) => r['key.id']));
    expect(keys.size).toBe(800);
    expect(records.length).toBeGreaterThan(800);
    simulator.clock.advance(30 * DAY);
    const later = await dap.ask('canvas_logs.web_logs', { format: 'jsonl' });
    expect(await dap.records(later.body, 'jsonl')).toEqual([]);
    const old = await dap.ask('canvas_logs.web_logs', {
      format: 'jsonl',
      since: new Date(OPENS + DAY - 1).toISOString(),
    });
    expect(old.body.error.type).toBe('OutOfRangeError');
    expect(simulator.truth('canvas_logs', 'web_logs')).toHaveLength(800);
  });
});
