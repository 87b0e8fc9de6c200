import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CanvasSimulator } from '../../../src/simulators/canvas/server.ts';
import { basic, type Dap, login } from './dap.ts';
import { collegeOf, DAY, GADGETS, OPENS, simulatorOf, twoDaysOfUsers, USERS } from './small-college.ts';

const UUID = /^[0-9a-f-]{36}$/;
let simulator: CanvasSimulator;
let dap: Dap;

beforeEach(async () => {
  simulator = await simulatorOf(collegeOf([USERS, twoDaysOfUsers()], [GADGETS, []]), OPENS + 5000);
  dap = await login(simulator);
});
afterEach(() => simulator.stop());

function postLogin(
  headers: Record<string, string>,
  body: string | URLSearchParams = new URLSearchParams({ grant_type: 'client_credentials' }),
) {
  return fetch(`${simulator.url}/ids/auth/login`, { method: 'POST', headers, body });
}

describe('login', () => {
  test('gives a token whose exp a client can read', async () => {
    const said = await postLogin({ authorization: basic(simulator.clientId, simulator.clientSecret) });
    const body = (await said.json()) as Record<string, string>;
    const claims = JSON.parse(Buffer.from(body.access_token!.split('.')[1]!, 'base64url').toString());
    expect(Object.keys(body).sort()).toEqual(['access_token', 'expires_in', 'scope', 'token_type']);
    expect(claims.exp * 1000).toBe(simulator.clock.now() + 3_600_000);
  });

  test.each([
    ['wrong secret', 403, { authorization: basic('us-east-1#campus-simulator', 'wrong') }, undefined],
    ['no credentials', 403, {}, undefined],
    ['wrong grant', 400, {}, new URLSearchParams({ grant_type: 'password' })],
    ['body that is no form', 400, { 'content-type': 'application/json' }, '{}'],
  ] as const)('refuses %s with %i', async (_, status, headers, body) => {
    const said = await postLogin(headers, body);
    expect(said.status).toBe(status);
    expect(said.headers.get('content-type')).toMatch(/^application\/json/);
  });
});

describe('the door', () => {
  test('opens for Authorization, for the old header, and for Authorization before the old one', async () => {
    const url = `${simulator.url}/dap/query/canvas/table`;
    const status = async (headers: Record<string, string>) => (await fetch(url, { headers })).status;
    expect(await status({ authorization: `Bearer ${dap.token}` })).toBe(200);
    expect(await status({ 'x-instauth': dap.token })).toBe(200);
    expect(await status({ authorization: 'Bearer nonsense', 'x-instauth': dap.token })).toBe(401);
  });

  test.each(['', 'Bearer nonsense', 'Bearer a.b.c'])('answers 401 to "%s"', async (authorization) => {
    const said = await fetch(`${simulator.url}/dap/query/canvas/table`, { headers: { authorization } });
    expect(said.status).toBe(401);
    expect(await said.json()).toEqual({
      error: { type: 'AuthenticationError', uuid: expect.stringMatching(UUID), message: expect.any(String) },
    });
  });

  test('closes when the token ends', async () => {
    simulator.clock.advance(3_600_000);
    expect((await dap.get('/dap/query/canvas/table')).status).toBe(401);
  });

  test('wants a User-Agent, and says so in a shape of its own', async () => {
    const said = await fetch(`${simulator.url}/dap/query/canvas/table`, {
      headers: { authorization: `Bearer ${dap.token}`, 'user-agent': ' ' },
    });
    expect(said.status).toBe(403);
    expect(await said.json()).toEqual({ error: 'Forbidden', message: expect.stringContaining('user agent') });
  });

  test('tells the simulated time', async () => {
    const { headers } = await dap.get('/dap/query/canvas/table');
    expect(headers.get('date')).toBe(new Date(OPENS + 5000).toUTCString());
  });
});

describe('tables and schemas', () => {
  test.each(['/dap', '/dap/beta'])('are listed under %s', async (prefix) => {
    const { body } = await dap.get(`${prefix}/query/canvas/table`);
    expect(body.tables).toContain('users');
    expect(body.tables.length).toBeGreaterThanOrEqual(25);
    expect((await dap.get(`${prefix}/query/canvas_logs/table`)).body).toEqual({ tables: ['web_logs'] });
    expect((await dap.get(`${prefix}/query/new_quizzes/table`)).body).toEqual({ tables: ['gadgets'] });
  });

  test('have the three sections and the types of the platform', async () => {
    const { body } = await dap.get('/dap/query/canvas/table/submissions/schema');
    const { meta, key, value } = body.schema.properties;
    expect(body.version).toBe(1);
    expect(body.schema.required).toEqual(['key']);
    expect(meta.required).toEqual(['ts']);
    expect(key.properties.id).toMatchObject({ type: 'integer', format: 'int64' });
    expect(value.properties.workflow_state.enum.at(-1)).toBe('__dap_unspecified__');
    expect(value.properties.points_deducted).toMatchObject({
      type: 'number',
      multipleOf: 0.01,
      exclusiveMaximum: 10_000,
    });
    expect(value.properties.body.oneOf[0]).toEqual({ type: 'string', const: '__dap_oversized_truncated__' });
    expect(value.properties.submitted_at).toMatchObject({ type: 'string', format: 'date-time' });
    expect(value.required).toContain('assignment_id');
    expect(value.required).not.toContain('score');
    for (const section of [meta, key, value]) expect(section.additionalProperties).toBe(false);
  });

  test('of the logs have a UUID for a key, addresses and numbered words', async () => {
    const { body } = await dap.get('/dap/query/canvas_logs/table/web_logs/schema');
    const { key, value } = body.schema.properties;
    expect(key.properties.id).toMatchObject({ type: 'string', format: 'uuid' });
    expect(value.properties.remote_ip.oneOf).toEqual([
      { type: 'string', format: 'ipv4' },
      { type: 'string', format: 'ipv6' },
    ]);
    expect(value.properties.http_status.enum).toContain(404);
  });

  test.each([
    ['/dap/query/nowhere/table', 'nowhere', 'namespace'],
    ['/dap/query/canvas/table/nothing/schema', 'nothing', 'table'],
    ['/dap/job/00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', 'job'],
  ])('that do not exist: %s', async (path, id, kind) => {
    const { status, body } = await dap.get(path);
    expect(status).toBe(404);
    expect(body.error).toEqual({
      type: 'ObjectNotFound',
      uuid: expect.stringMatching(UUID),
      message: expect.any(String),
      id,
      kind,
    });
  });
});

describe('a query', () => {
  test.each([
    ['{"format": "jsonl"', 19],
    ['{"format": "jsonl", "colour": "red"}', 21],
    ['{"format": "xml"}', 1],
    ['[]', 1],
    ['{"format": "jsonl", "since": "yesterday"}', 1],
    ['{"format": "jsonl", "until": "2026-01-05T00:00:00Z"}', 1],
    ['{"format": "jsonl", "mode": "flat"}', 1],
  ])('that is wrong is refused with the place: %s', async (text, character) => {
    const { status, body } = await dap.post('/dap/query/canvas/table/users/data', text);
    expect(status).toBe(400);
    expect(body.error).toEqual({
      type: 'ValidationError',
      uuid: expect.stringMatching(UUID),
      message: expect.any(String),
      location: { line: 1, column: character, character },
    });
  });

  test.each([
    ['before the first day', OPENS - 1000],
    ['in the future', OPENS + DAY],
  ])('with a since %s is out of range', async (_, since) => {
    const { status, body } = await dap.ask('canvas.users', {
      format: 'jsonl',
      since: new Date(since).toISOString(),
    });
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ type: 'OutOfRangeError', since: new Date(OPENS).toISOString() });
  });

  test('from before a reload wants a snapshot, which is then a new one', async () => {
    const first = await dap.ask('canvas.users', { format: 'jsonl' });
    simulator.clock.advance(60_000);
    simulator.reload('canvas', 'users');
    const refused = await dap.ask('canvas.users', { format: 'jsonl', since: first.body.at });
    expect(refused.status).toBe(400);
    expect(refused.body.error).toMatchObject({
      type: 'SnapshotRequiredError',
      since: new Date(simulator.clock.now()).toISOString(),
    });
    const second = await dap.ask('canvas.users', { format: 'jsonl' });
    expect(second.body.id).not.toBe(first.body.id);
    const next = await dap.ask('canvas.users', { format: 'jsonl', since: second.body.at });
    expect(next.body.status).toBe('complete');
  });
});
