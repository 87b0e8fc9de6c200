import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import type { Fault } from '../../../src/simulators/canvas/faults/fault.ts';
import { FAULT_KINDS, type FaultName } from '../../../src/simulators/canvas/faults/fault-kinds.ts';
import type { CanvasSimulator } from '../../../src/simulators/canvas/server.ts';
import { basic, type Dap, login, type Said } from './dap.ts';
import {
  COURSES,
  collegeOf,
  DAY,
  OPENS,
  oddCourses,
  simulatorOf,
  twoDaysOfUsers,
  USERS,
} from './small-college.ts';

let simulator: CanvasSimulator | undefined;
afterEach(() => simulator?.stop());

async function start(...faults: Fault<FaultName>[]): Promise<{ simulator: CanvasSimulator; dap: Dap }> {
  const college = collegeOf([USERS, twoDaysOfUsers()], [COURSES, oddCourses()]);
  simulator = await simulatorOf(college, OPENS + 5000, { tokenSeconds: 90 * 86_400, seed: 5 });
  const dap = await login(simulator);
  simulator.faults.add(...faults);
  return { simulator, dap };
}

const snapshot = (dap: Dap) => dap.ask('canvas.users', { format: 'jsonl' });

test('every kind has a name of its own, doors, and a line about it', () => {
  expect(new Set(FAULT_KINDS.map((k) => k.what)).size).toBe(FAULT_KINDS.length);
  expect(FAULT_KINDS.length).toBeGreaterThanOrEqual(35);
  for (const kind of FAULT_KINDS) {
    expect(kind.endpoints.length).toBeGreaterThan(0);
    expect(kind.about).not.toBe('');
  }
});

describe('answers', () => {
  const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/);
  test.each<[FaultName, number, unknown]>([
    ['authentication-error', 401, { type: 'AuthenticationError', uuid, message: expect.any(String) }],
    ['account-not-onboarded', 403, { type: 'AccountNotOnboarded', uuid, message: expect.any(String) }],
    ['account-disabled', 403, { type: 'AccountDisabled', uuid, message: expect.any(String) }],
    [
      'account-under-maintenance',
      403,
      { type: 'AccountUnderMaintenance', uuid, message: expect.any(String) },
    ],
    ['request-type-forbidden', 403, { type: 'RequestTypeForbidden', uuid, message: expect.any(String) }],
    ['user-agent-refused', 403, 'Forbidden'],
    [
      'validation-error',
      400,
      {
        type: 'ValidationError',
        uuid,
        message: expect.any(String),
        location: { line: 1, column: 1, character: 1 },
      },
    ],
    [
      'table-not-found',
      404,
      { type: 'ObjectNotFound', uuid, message: expect.any(String), id: 'users', kind: 'table' },
    ],
    ['processing-error', 500, { type: 'ProcessingError', uuid, message: expect.any(String) }],
    ['processing-error-no-message', 500, { type: 'ProcessingError', uuid, message: '' }],
    ['gateway-timeout', 504, { message: expect.any(String) }],
  ])('%s: HTTP %i, and all is well the next time', async (what, status, error) => {
    const { simulator, dap } = await start({ what });
    const said = await snapshot(dap);
    expect(said.status).toBe(status);
    expect(said.body.error).toEqual(error);
    expect((await snapshot(dap)).body.status).toBe('complete');
    expect(simulator.faults.struck).toEqual([
      { what, endpoint: 'create-job', namespace: 'canvas', table: 'users', at: OPENS + 5000 },
    ]);
  });

  test.each<[FaultName, string | null]>([
    ['rate-limited', '7'],
    ['rate-limited-bare', null],
  ])('%s: 429, Retry-After %s', async (what, after) => {
    const { dap } = await start({ what, seconds: 7 });
    const said = await snapshot(dap);
    expect([said.status, said.headers.get('retry-after')]).toEqual([429, after]);
  });

  test.each<[FaultName, Record<string, unknown>]>([
    ['out-of-range', { type: 'OutOfRangeError' }],
    ['snapshot-required', { type: 'SnapshotRequiredError' }],
  ])('%s strikes increments only', async (what, error) => {
    const { dap } = await start({ what });
    const { body } = await snapshot(dap);
    expect(body.status).toBe('complete');
    const refused = await dap.ask('canvas.users', { format: 'jsonl', since: body.at });
    expect([refused.status, refused.body.error]).toEqual([400, expect.objectContaining(error)]);
  });

  test('a page for people instead of JSON, half an answer, and none at all', async () => {
    const { simulator, dap } = await start(
      { what: 'html-error-page' },
      { what: 'half-json' },
      { what: 'connection-reset' },
    );
    const get = () =>
      fetch(`${simulator.url}/dap/query/canvas/table`, { headers: { authorization: `Bearer ${dap.token}` } });
    const page = await get();
    expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html']);
    await expect((await get()).json()).rejects.toThrow(SyntaxError);
    await expect(get()).rejects.toThrow('fetch failed');
    expect((await get()).status).toBe(200);
  });

  test('a refused login, and a token of short life', async () => {
    const { simulator } = await start({ what: 'login-refused' }, { what: 'token-short-lived', seconds: 10 });
    const post = () =>
      fetch(`${simulator.url}/ids/auth/login`, {
        method: 'POST',
        headers: { authorization: basic(simulator.clientId, simulator.clientSecret) },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
    expect((await post()).status).toBe(403);
    expect(await (await post()).json()).toMatchObject({ expires_in: 10 });
  });
});

describe('jobs', () => {
  test.each<[FaultName, string]>([
    ['job-fails', 'The job terminated unexpectedly.'],
    ['job-fails-no-message', ''],
    ['no-data-yet', 'There is no data available yet for this table.'],
  ])('%s: one ends as failed, the next succeeds', async (what, message) => {
    const { dap } = await start({ what });
    const failed = await snapshot(dap);
    expect(failed.body).toEqual({
      id: expect.any(String),
      expires_at: expect.any(String),
      status: 'failed',
      error: { type: 'ProcessingError', uuid: expect.any(String), message },
    });
    const next = await snapshot(dap);
    expect(next.body.status).toBe('complete');
    expect(next.body.id).not.toBe(failed.body.id);
  });

  test('job-stuck: it runs on', async () => {
    const { simulator, dap } = await start({ what: 'job-stuck', seconds: 7200 });
    const { body } = await snapshot(dap);
    simulator.clock.advance(7_199_999);
    expect((await dap.get(`/dap/job/${body.id}`)).body.status).toBe('running');
    simulator.clock.advance(1);
    expect((await dap.get(`/dap/job/${body.id}`)).body.status).toBe('complete');
  });

  test('job-expired and objects-expired: 404, and a new question gets a new job', async () => {
    const { dap } = await start({ what: 'job-expired' }, { what: 'objects-expired' });
    const first = await snapshot(dap);
    expect((await dap.get(`/dap/job/${first.body.id}`)).body.error.kind).toBe('job');
    const second = await snapshot(dap);
    const refused = await dap.post('/dap/object/url', second.body.objects);
    expect([refused.status, refused.body.error.kind]).toEqual([404, 'object']);
    const third = await snapshot(dap);
    expect(await dap.records(third.body, 'jsonl')).toHaveLength(3);
  });

  test('job-about-to-expire: complete with seconds left, then gone', async () => {
    const { dap } = await start({ what: 'job-about-to-expire' });
    const { body } = await snapshot(dap);
    expect([body.status, body.expires_at]).toEqual(['complete', new Date(OPENS + 15_000).toISOString()]);
    expect((await dap.post('/dap/object/url', body.objects)).status).toBe(404);
    expect((await snapshot(dap)).body.expires_at).toBe(new Date(OPENS + 5000 + DAY).toISOString());
  });

  test('zero-row-file, duplicate-rows and no-objects lose nothing', async () => {
    const { dap } = await start({ what: 'zero-row-file' }, { what: 'duplicate-rows' });
    const first = await dap.ask('canvas.users', { format: 'jsonl' });
    expect(first.body.objects).toHaveLength(2);
    expect(await dap.records(first.body, 'jsonl')).toHaveLength(3);
    const twice = await dap.ask('canvas.users', { format: 'csv' });
    const keys = (await dap.records(twice.body, 'csv')).map((r) => r['key.id']);
    expect([keys.length, new Set(keys).size]).toEqual([6, 3]);

    const { dap: other } = await start({ what: 'no-objects', when: { times: 2 } });
    expect((await other.ask('canvas.quizzes', { format: 'jsonl' })).body.objects).toEqual([]);
    expect((await other.ask('canvas.users', { format: 'jsonl' })).body.objects).toHaveLength(1);
  });

  test('unknown-delete: an increment deletes what never was', async () => {
    const { simulator, dap } = await start({ what: 'unknown-delete' });
    const { body } = await snapshot(dap);
    simulator.clock.advance(1000);
    const { body: next } = await dap.ask('canvas.users', { format: 'jsonl', since: body.at });
    const [record] = await dap.records(next, 'jsonl');
    expect(record).toMatchObject({ 'key.id': '999999999999999999', 'meta.action': 'D' });
    expect(simulator.truth('canvas', 'users')).toHaveLength(3);
  });

  test('schema-bump: the job already has the new schema', async () => {
    const { simulator, dap } = await start({ what: 'schema-bump', when: { load: 'increment' } });
    const { body } = await snapshot(dap);
    simulator.clock.advance(1000);
    const bumped = await dap.ask('canvas.users', { format: 'jsonl', since: body.at });
    expect([body.schema_version, bumped.body.schema_version]).toEqual([1, 2]);
    expect(simulator.truth('canvas', 'users')[0]).toHaveProperty('added_1', null);
  });
});

describe('files', () => {
  async function download(what: FaultName, more: Partial<Fault<FaultName>> = {}): Promise<Response> {
    const { dap } = await start({ what, ...more });
    return dap.download((await snapshot(dap)).body.objects[0].id);
  }

  test('url-expired and store-busy: the store refuses in XML', async () => {
    expect((await download('url-expired')).status).toBe(403);
    expect((await download('store-busy')).status).toBe(503);
  });

  test.each<[FaultName, Partial<Fault<FaultName>>]>([
    ['file-cut', {}],
    ['file-stalls', { seconds: 0.1 }],
  ])('%s: fewer bytes than announced, then a broken connection', async (what, more) => {
    const said = await download(what, more);
    const length = Number(said.headers.get('content-length'));
    let got = 0;
    const reading = (async () => {
      for await (const chunk of said.body as unknown as AsyncIterable<Uint8Array>) got += chunk.length;
    })();
    await expect(reading).rejects.toThrow('terminated');
    expect(got).toBe(Math.floor(length / 2));
  });

  test('file-truncated: the announced length, but no end', async () => {
    const bytes = Buffer.from(await (await download('file-truncated', { at: 0.9 })).arrayBuffer());
    expect(() => gunzipSync(bytes)).toThrow('unexpected end of file');
  });

  test.each(['jsonl', 'csv', 'tsv', 'parquet'] as const)(
    'file-corrupt: %s cannot be read',
    async (format) => {
      const { dap } = await start({ what: 'file-corrupt' });
      const { body } = await dap.ask('canvas.courses', { format });
      await expect(dap.records(body, format)).rejects.toThrow();
      expect(await dap.records(body, format)).toHaveLength(3);
    },
  );

  test('file-slow: all of it, in time', async () => {
    const { dap } = await start({ what: 'file-slow', seconds: 0.01 });
    expect(await dap.records((await snapshot(dap)).body, 'jsonl')).toHaveLength(3);
  });
});

describe('the moment', () => {
  const statuses = async (count: number, call: () => Promise<Said>): Promise<number[]> => {
    const seen: number[] = [];
    for (let i = 0; i < count; i += 1) seen.push((await call()).status);
    return seen;
  };

  test('can be the nth call, and several', async () => {
    const { dap } = await start({ what: 'gateway-timeout', when: { endpoint: 'list', nth: 2, times: 2 } });
    expect(await statuses(5, () => dap.get('/dap/query/canvas/table'))).toEqual([200, 504, 504, 200, 200]);
  });

  test('can be one table, at every door that leads to it', async () => {
    const { dap } = await start({ what: 'processing-error', when: { table: 'users', times: null } });
    expect((await dap.get('/dap/query/canvas/table/users/schema')).status).toBe(500);
    expect((await dap.get('/dap/query/canvas/table/courses/schema')).status).toBe(200);
    expect((await snapshot(dap)).status).toBe(500);
  });

  test('can be left to chance, which is the same every time', async () => {
    const draw = async () => {
      const { dap } = await start({ what: 'gateway-timeout', when: { probability: 0.4, times: null } });
      return statuses(12, () => dap.get('/dap/query/canvas/table'));
    };
    const first = await draw();
    expect(new Set(first)).toEqual(new Set([200, 504]));
    expect(await draw()).toEqual(first);
  });

  test('can be after an instant', async () => {
    const { simulator, dap } = await start({ what: 'gateway-timeout', when: { after: OPENS + DAY } });
    expect((await snapshot(dap)).status).toBe(200);
    simulator.clock.advance(DAY);
    expect((await snapshot(dap)).status).toBe(504);
  });

  test('of a fault that does not exist is an error', async () => {
    const { simulator } = await start();
    expect(() => simulator.faults.add({ what: 'meteor' as FaultName })).toThrow('knows no fault "meteor"');
  });
});
