import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from '../../src/api/errors.ts';
import { openNights } from '../health/night.ts';
import { openWorkbench } from './workbench.ts';

const TOKEN = 'a-token-of-at-least-24-signs';
const as = (token: string) => ({ headers: { cookie: '', authorization: `Bearer ${token}` } });

describe('Programs', () => {
  let nights: Awaited<ReturnType<typeof openNights>>;
  beforeEach(async () => {
    nights = await openNights();
    await nights.run({ stale: ['canvas.users'] });
  });
  afterEach(() => nights.close());
  const open = (token?: string) => openWorkbench(async () => nights.lake as never, token);

  it('read the data-health API with their token, and nothing else', async () => {
    const { ask } = await open(TOKEN);
    const bad = await ask('/v1/health', as(TOKEN));
    expect([bad.status, bad.headers.get('content-type'), bad.headers.get('cache-control')]).toEqual([
      503,
      'application/health+json',
      'no-store',
    ]);
    expect((await ask('/v1/health/sis.students', as(TOKEN))).status).toBe(200);
    expect((await ask('/v1/health/sis.nobody', as(TOKEN))).status).toBe(404);
    const described = (await (await ask('/v1/openapi.json', as(TOKEN))).json()) as {
      openapi: string;
      paths: object;
    };
    expect(described.openapi).toBe('3.1.0');
    expect(Object.keys(described.paths)).toContain('/health/{table}');
    for (const path of ['/api/now', '/api/incidents', '/', '/api/openapi.json'])
      expect([path, (await ask(path, as(TOKEN))).status]).toEqual([path, 401]);
  });

  it('change nothing, and read nothing with another token or where there is none', async () => {
    const { ask } = await open(TOKEN);
    for (const token of ['', 'x', `${TOKEN}x`, TOKEN.slice(0, -1)])
      expect([token, (await ask('/v1/health', as(token))).status]).toEqual([token, 401]);
    for (const path of ['/v1/health', '/v1/incidents', '/v1/openapi.json', '/v1/health/sis.students'])
      expect([path, (await ask(path, as('x'))).status]).toEqual([path, 401]);
    expect((await ask('/v1/health', { method: 'POST', ...as(TOKEN) })).status).toBe(401);
    const without = await open();
    for (const token of ['', 'undefined', TOKEN])
      expect([token, (await without.ask('/v1/health', as(token))).status]).toEqual([token, 401]);
    expect((await without.ask('/v1/health')).status).toBe(503);
    expect((await without.ask('/v1/health', { headers: { cookie: '' } })).status).toBe(401);
  });

  it('that say as whom they ask are answered as that caller', async () => {
    const seen: object[] = [];
    const openAs = async (caller: object) => {
      seen.push(caller);
      const session = { principal: 'S1', role: 'student', attributes: {}, purpose: 'own' };
      const restrict = (_: object, _action: string, tables: Record<string, object>) => ({
        // As the policy does: how many rows there are is not said.
        tables: { 'sis.students': { ...tables['sis.students']!, rows: Number.NaN } },
      });
      return { ...nights.lake, session, access: { version: '1', restrict } } as never;
    };
    const signed = { role: 'student', subject: 'u-1', variables: { 'x-hasura-user-id': 'S1' } };
    const readToken = async (token: string) => {
      if (token !== 'a.good.token') throw new ApiError('invalid-jwt', 'Could not verify JWT: JWTExpired');
      return signed;
    };
    const { ask } = await openWorkbench(async () => nights.lake as never, TOKEN, { openAs, readToken });
    const tables = async (headers: Record<string, string>) => {
      const response = await ask('/v1/health', { headers: { cookie: '', ...headers } });
      const { checks } = (await response.json()) as { checks: object };
      return [
        response.headers.get('cache-control'),
        Object.keys(checks).filter((name) => name.includes('.')),
      ];
    };
    const all = (await tables(as(TOKEN).headers))[1]!;
    expect([all.length > 1, seen]).toEqual([true, []]);
    const own = Object.keys(
      ((await (await ask('/v1/health/sis.students', as(TOKEN))).json()) as { checks: object }).checks,
    );
    expect(await tables(as('a.good.token').headers)).toEqual(['no-store', own]);
    expect(await tables({ ...as(TOKEN).headers, 'x-hasura-role': 'student' })).toEqual(['no-store', own]);
    expect(seen).toEqual([signed, expect.objectContaining({ role: 'student' })]);
    expect((await ask('/v1/health/canvas.users', as('a.good.token'))).status).toBe(404);
    const late = await ask('/v1/incidents', as('a.late.token'));
    expect([late.status, late.headers.get('content-type')]).toEqual([401, 'application/problem+json']);
    for (const path of ['/api/now', '/api/incidents', '/'])
      expect([path, (await ask(path, as('a.good.token'))).status]).toEqual([path, 401]);
  });

  it('of another host or site are refused, with the token too', async () => {
    const { ask } = await open(TOKEN);
    const { headers } = as(TOKEN);
    expect((await ask('/v1/health', { headers: { ...headers, host: 'evil.example:8480' } })).status).toBe(
      421,
    );
    expect((await ask('/v1/health', { headers: { ...headers, origin: 'http://evil.example' } })).status).toBe(
      403,
    );
  });
});
