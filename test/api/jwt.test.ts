import { createHmac } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { authenticate } from '../../src/api/auth/authenticate.ts';
import { tokenReader } from '../../src/api/auth/jwt.ts';
import type { Caller } from '../../src/api/caller.ts';
import type { ApiError } from '../../src/api/errors.ts';
import { type JwtConfig, jwtSchema } from '../../src/campus/api-schema.ts';
import { AUDIENCE, type Issuer, NOW, openIssuer } from './issuer.ts';

const TOKEN = 'the-token-of-the-server';
const TIMES = { maxAgeMs: 600_000, cooldownMs: 0, timeoutMs: 5_000 };
let issuer: Issuer;
let now: number;
beforeEach(async () => {
  issuer = await openIssuer();
  now = NOW;
});
afterEach(() => issuer.close());

const config = (more: Partial<JwtConfig> = {}): JwtConfig => ({
  ...jwtSchema.parse({ issuer: issuer.issuer, audience: AUDIENCE, algorithms: ['ES256'] }),
  ...more,
});
const readerOf = (more?: Partial<JwtConfig>, times = TIMES) =>
  tokenReader(config(more), { times, now: () => now });
const ask = (bearer: string, headers: Record<string, string> = {}, readToken = readerOf()): Promise<Caller> =>
  authenticate(new Headers({ authorization: `Bearer ${bearer}`, ...headers }), { token: TOKEN, readToken });
const codeOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'taken',
    (error: ApiError) => error.apiCode,
  );
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('A signed token', () => {
  it('says who asks and as which role; headers choose among the allowed ones', async () => {
    const token = await issuer.token();
    expect(await ask(token)).toEqual({
      role: 'adviser',
      subject: 'u-1',
      variables: { 'x-hasura-role': 'adviser', 'x-hasura-user-id': 'F1' },
    });
    const headers = { 'x-hasura-role': 'student', 'x-hasura-user-id': 'S2', 'x-lake-purpose': 'own' };
    expect(await ask(token, headers)).toMatchObject({
      role: 'student',
      purpose: 'own',
      variables: { 'x-hasura-user-id': 'F1' },
    });
  });

  it('gives no role that is not allowed, and never that of the lake', async () => {
    const token = await issuer.token();
    for (const role of ['analyst', 'administrator', 'Adviser', '', 'adviser ', 'nobody'])
      expect([role, await codeOf(ask(token, { 'x-hasura-role': role || ' ' }))]).toEqual([
        role,
        role === 'adviser ' ? 'taken' : 'access-denied', // HTTP cuts blanks at the ends of a header
      ]);
    const claims = { 'x-hasura-allowed-roles': ['administrator', 'admin', 'Admin'] };
    for (const role of ['administrator', 'admin', 'Admin'])
      expect(
        await codeOf(ask(await issuer.token({ hasura: { ...claims, 'x-hasura-default-role': role } }))),
      ).toBe('access-denied');
  });

  it.each<[string, (token: (claims: object) => Promise<string>) => Promise<string>]>([
    ['of another issuer', (token) => token({ iss: 'https://other.example' })],
    ['for another audience', (token) => token({ aud: ['x', 'y'] })],
    ['for nobody', (token) => token({ aud: undefined })],
    ['without an end', (token) => token({ exp: undefined })],
    ['whose end is a text', (token) => token({ exp: '2026' })],
    ['that is over', (token) => token({ exp: NOW / 1000 - 31 })],
    ['of tomorrow', (token) => token({ nbf: NOW / 1000 + 31 })],
    ['without a subject', (token) => token({ sub: undefined })],
  ])('%s is refused', async (_, make) => {
    const token = await make((claims) => issuer.token({ claims: { ...claims } }));
    expect(await codeOf(ask(token))).toBe('invalid-jwt');
  });

  it('may be over by as much as clocks differ, in a clock that jumps too', async () => {
    const token = await issuer.token({ claims: { exp: NOW / 1000 - 29 } });
    const readToken = readerOf();
    expect(await codeOf(ask(token, {}, readToken))).toBe('taken');
    now += 2_000;
    expect(await codeOf(ask(token, {}, readToken))).toBe('invalid-jwt');
    now -= 3_600_000;
    expect(await codeOf(ask(token, {}, readToken))).toBe('taken');
  });

  it('is not checked as it says itself', async () => {
    const token = await issuer.token();
    const [, payload, signature] = token.split('.') as [string, string, string];
    const jwk = issuer.publicJwk();
    const hs = (secret: string, header: object) => {
      const text = `${base64(header)}.${payload}`;
      return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
    };
    const own = await generateKeyPair('ES256', { extractable: true });
    const theirs = { ...(await exportJWK(own.publicKey)), kid: 'first' };
    const rsa = await generateKeyPair('RS256');
    const forged = [
      `${base64({ alg: 'none' })}.${payload}.`,
      `${base64({ alg: 'None', kid: 'first' })}.${payload}.${signature}`,
      `${base64({ alg: 'ES256', kid: 'first' })}.${payload}.`,
      hs(JSON.stringify(jwk), { alg: 'HS256', kid: 'first' }),
      hs((jwk as { x: string }).x, { alg: 'HS256', kid: 'first' }),
      hs(TOKEN, { alg: 'HS256' }),
      await issuer.token({ key: own.privateKey }),
      await issuer.token({ key: own.privateKey, header: { jwk: theirs } }),
      await issuer.token({ key: own.privateKey, header: { jku: 'http://127.0.0.1:1/keys' } }),
      await issuer.token({ key: own.privateKey, header: { kid: '../../../dev/null' } }),
      await issuer.token({ key: rsa.privateKey, header: { alg: 'RS256' } }),
      `${token.split('.')[0]}.${base64({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), sub: 'x' })}.${signature}`,
    ];
    for (const [at, one] of forged.entries())
      expect([at, await codeOf(ask(one))]).toEqual([at, 'invalid-jwt']);
    await expect(
      ask(await issuer.token({ header: { crit: ['x'], x: 1 } }).catch(() => 'a.b.c')),
    ).rejects.toThrow();
  });

  it('is refused with what is no token, beside a wrong secret, and where none are taken', async () => {
    const token = await issuer.token();
    for (const bearer of ['', 'x', 'a.b', 'a.b.c.d', `${token}.x`, `${TOKEN}x`])
      expect([bearer, await codeOf(ask(bearer || ' '))]).toEqual([bearer, 'invalid-headers']);
    expect(await codeOf(ask('a.b.c'))).toBe('invalid-jwt');
    expect(await codeOf(ask(token, { 'x-hasura-admin-secret': 'wrong' }))).toBe('invalid-headers');
    expect(await codeOf(ask(token, { authorization: `Basic ${token}` }))).toBe('invalid-headers');
    const headers = new Headers({ authorization: `Bearer ${token}` });
    expect(await codeOf(authenticate(headers, { token: TOKEN }))).toBe('invalid-headers');
    expect(await ask(TOKEN)).toEqual({ variables: {} });
  });

  it.each<[string, unknown, string]>([
    ['nothing', 'x', 'jwt-invalid-claims'],
    ['a list', [], 'jwt-invalid-claims'],
    ['no roles', { 'x-hasura-default-role': 'adviser' }, 'jwt-missing-role-claims'],
    ['no default', { 'x-hasura-allowed-roles': ['adviser'] }, 'jwt-missing-role-claims'],
    [
      'a role in a text',
      { 'x-hasura-allowed-roles': 'adviser', 'x-hasura-default-role': 'adviser' },
      'jwt-missing-role-claims',
    ],
    [
      'a default that is not allowed',
      { 'x-hasura-allowed-roles': ['student'], 'x-hasura-default-role': 'adviser' },
      'access-denied',
    ],
    [
      'a number',
      { 'x-hasura-allowed-roles': ['student'], 'x-hasura-default-role': 'student', 'x-hasura-user-id': 7 },
      'jwt-invalid-claims',
    ],
    [
      'a variable twice',
      {
        'x-hasura-allowed-roles': ['student'],
        'x-hasura-default-role': 'student',
        'x-hasura-user-id': 'S1',
        'X-Hasura-User-Id': 'S2',
      },
      'jwt-invalid-claims',
    ],
  ])('with %s in its claims is refused', async (_, hasura, code) => {
    expect(await codeOf(ask(await issuer.token({ hasura })))).toBe(code);
  });

  it('has its claims where the configuration says, as JSON in a text too', async () => {
    const claims = { 'x-hasura-allowed-roles': ['student'], 'x-hasura-default-role': 'student' };
    const nested = await issuer.token({ at: 'lake', hasura: { roles: claims } });
    expect((await ask(nested, {}, readerOf({ claims: ['lake', 'roles'] }))).role).toBe('student');
    expect(await codeOf(ask(nested))).toBe('jwt-invalid-claims');
    const text = await issuer.token({ at: 'lake', hasura: JSON.stringify(claims) });
    expect((await ask(text, {}, readerOf({ claims: 'lake' }))).role).toBe('student');
  });
});

describe('Keys of an issuer', () => {
  it('are found by its document, kept, and read again when they rotate', async () => {
    const readToken = readerOf();
    const old = await issuer.token();
    for (const _ of [1, 2, 3]) await ask(old, {}, readToken);
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
    await issuer.rotate('second');
    expect(await codeOf(ask(await issuer.token(), {}, readToken))).toBe('taken');
    expect(await codeOf(ask(old, {}, readToken))).toBe('taken');
    expect(issuer.asked.length).toBe(3);
    // Withdrawn: the next reading ends it.
    await issuer.rotate('third', { keep: false });
    expect(await codeOf(ask(await issuer.token(), {}, readToken))).toBe('taken');
    expect(await codeOf(ask(old, {}, readToken))).toBe('invalid-jwt');
  });

  it('are not read for every token of an unknown key', async () => {
    const readToken = readerOf({}, { ...TIMES, cooldownMs: 60_000 });
    await ask(await issuer.token(), {}, readToken);
    for (const kid of ['x', 'y', 'z'])
      expect(await codeOf(ask(await issuer.token({ header: { kid } }), {}, readToken))).toBe('invalid-jwt');
    expect(issuer.asked.length).toBe(2);
  });

  it('that are shared secrets, for encryption or for another algorithm, check no signature', async () => {
    const readToken = readerOf();
    await issuer.rotate('enc', { keep: false, jwk: { use: 'enc' } });
    expect(await codeOf(ask(await issuer.token(), {}, readToken))).toBe('invalid-jwt');
    await issuer.rotate('oct', { keep: false, jwk: { kty: 'oct', k: 'c2VjcmV0' } });
    expect(await codeOf(ask(await issuer.token(), {}, readToken))).toBe('invalid-jwt');
    await issuer.rotate('other', { keep: false, jwk: { alg: 'ES384' } });
    expect(await codeOf(ask(await issuer.token(), {}, readToken))).toBe('invalid-jwt');
  });

  it('that cannot be read let nobody in, until they can', async () => {
    const readToken = readerOf();
    const token = await issuer.token();
    issuer.down(true);
    expect(await codeOf(ask(token, {}, readToken))).toBe('jwks-unavailable');
    issuer.down(false);
    for (const document of [
      {},
      { issuer: 'https://other.example', jwks_uri: `${issuer.issuer}/keys` },
      { issuer: issuer.issuer, jwks_uri: 'http://example.com/keys' },
    ]) {
      issuer.describe(document);
      expect(await codeOf(ask(token, {}, readToken))).toBe('jwks-unavailable');
    }
    issuer.describe(undefined);
    expect(await codeOf(ask(token, {}, readToken))).toBe('taken');
    const elsewhere = readerOf({ jwksUrl: `${issuer.issuer}/nothing` });
    expect(await codeOf(ask(token, {}, elsewhere))).toBe('jwks-unavailable');
    expect(await codeOf(ask(token, {}, readerOf({ jwksUrl: `${issuer.issuer}/keys` })))).toBe('taken');
  });
});

describe('api.jwt', () => {
  it('takes no shared secrets and no address that anybody on the way can change', () => {
    const good = { issuer: 'https://login.example.edu', audience: 'lake' };
    expect(jwtSchema.safeParse(good).success).toBe(true);
    for (const more of [
      { algorithms: ['HS256'] },
      { algorithms: ['none'] },
      { algorithms: [] },
      { audience: [] },
      { audience: '' },
      { issuer: 'http://login.example.edu' },
      { issuer: 'http://127.0.0.1.example.edu' },
      { issuer: 'https://user:secret@example.edu' },
      { jwksUrl: 'file:///etc/keys' },
      { leewaySeconds: -1 },
      { leewaySeconds: 3600 },
    ])
      expect([more, jwtSchema.safeParse({ ...good, ...more }).success]).toEqual([more, false]);
  });
});
