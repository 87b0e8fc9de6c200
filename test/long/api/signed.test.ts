import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenReader } from '../../../src/api/auth/jwt.ts';
import { onlyAs, openAsCaller } from '../../../src/app/access/open-as-caller.ts';
import { jwtSchema } from '../../../src/campus/api-schema.ts';
import { POLICY } from '../../access/college.ts';
import { ADMIN, contentsOfCollege, DATASETS, openPublished } from '../../api/campus.ts';
import { AUDIENCE, type Issuer, NOW, openIssuer } from '../../api/issuer.ts';
import { HOST, openWorkbench } from '../../web/workbench.ts';

const TOKEN = 'the-token-of-the-server';
let issuer: Issuer;
let published: Awaited<ReturnType<typeof openPublished>>;
let served: Awaited<ReturnType<typeof openWorkbench>>;
let alone: Awaited<ReturnType<typeof openWorkbench>>;
beforeAll(async () => {
  issuer = await openIssuer();
  published = await openPublished(contentsOfCollege(), DATASETS);
  await mkdir(join(published.root, 'models'), { recursive: true });
  await writeFile(join(published.root, 'access.yaml'), POLICY);
  const config = jwtSchema.parse({ issuer: issuer.issuer, audience: AUDIENCE, algorithms: ['ES256'] });
  const readToken = tokenReader(config, { now: () => NOW });
  const lake = published.lakeFor(ADMIN);
  const campus = { ...lake.campus, privacy: { defaults: {} }, sources: { sis: { kind: 'postgres' } } };
  const datasets = DATASETS.map((one) => ({ ...one, source: 'sis', load: 'full', table: one.id.slice(4) }));
  const whole = { ...lake, campus, catalog: { ...lake.catalog, datasets } } as never;
  const openAs = openAsCaller(whole);
  served = await openWorkbench(async () => whole, TOKEN, { openAs, readToken });
  alone = await openWorkbench(async () => whole, TOKEN, {
    openAs: onlyAs('analyst', async () => whole),
    readToken,
  });
});
afterAll(async () => {
  await served.close();
  await alone.close();
  await published.close();
  await issuer.close();
});

const hasura = (roles: string[], more: object = {}) => ({
  'x-hasura-allowed-roles': roles,
  'x-hasura-default-role': roles[0],
  ...more,
});

async function ask(token: string, query: string, headers: Record<string, string> = {}, at = served) {
  const response = await at.ask('/v1/graphql', {
    method: 'POST',
    headers: { cookie: '', origin: '', authorization: `Bearer ${token}`, ...headers },
    body: { query },
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  return { status: response.status, ...((await response.json()) as any) };
}

const NAMES = '{ sis_persons(order_by: {person_id: asc}) { person_id } }';
const ids = ({ data }: { data?: { sis_persons: { person_id: string }[] } }) =>
  data?.sis_persons.map(({ person_id }) => person_id);

describe('A signed token', () => {
  it('sees the rows of its person, whatever the headers say, and is on record', async () => {
    const token = await issuer.token({
      hasura: hasura(['adviser', 'student'], { 'x-hasura-user-id': 'F1' }),
    });
    const purpose = { 'x-lake-purpose': 'advising' };
    expect(ids(await ask(token, NAMES, purpose))).toEqual(['S1', 'S2']);
    const lying = {
      ...purpose,
      'x-hasura-user-id': 'F2',
      'x-hasura-person': 'F2',
      'x-hasura-allowed-roles': 'analyst',
    };
    expect(ids(await ask(token, NAMES, lying))).toEqual(['S1', 'S2']);
    const rows = (await published.ledger.rows('access')) as { [key: string]: unknown }[];
    expect(rows.at(-1)).toMatchObject({
      channel: 'api',
      outcome: 'answered',
      principal: 'F1',
      role: 'adviser',
      purpose: 'advising',
    });
  });

  it('needs a purpose of its role, which is refused on record', async () => {
    const token = await issuer.token({ hasura: hasura(['adviser'], { 'x-hasura-user-id': 'F1' }) });
    for (const headers of [{}, { 'x-lake-purpose': 'research' }] as Record<string, string>[]) {
      const { data, errors } = await ask(token, NAMES, headers);
      expect([data, errors.length]).toEqual([undefined, 1]);
    }
    const rows = (await published.ledger.rows('access')) as { [key: string]: unknown }[];
    expect(rows.at(-1)).toMatchObject({ outcome: 'refused', principal: 'F1', role: 'adviser' });
  });

  it('of a subject alone is no person: its name is for the record', async () => {
    // The issuer counts its users, and one of its numbers is the id of a student.
    const asStudent = await issuer.token({ claims: { sub: 'S1' }, hasura: hasura(['student', 'analyst']) });
    const { data, errors } = await ask(asStudent, NAMES);
    expect([data, errors[0].message]).toEqual([undefined, expect.stringContaining('person')]);
    expect(
      (await ask(asStudent, '{ sis_sections { section_id } }', { 'x-hasura-role': 'analyst' })).data,
    ).toBeDefined();
    const rows = (await published.ledger.rows('access')) as { [key: string]: unknown }[];
    expect(rows.at(-1)).toMatchObject({ principal: 'S1', role: 'analyst' });
  });

  it('may say more about a person than one of the roles asks', async () => {
    const more = { 'x-hasura-user-id': 'S2', 'x-hasura-home-campus': 'north' };
    const token = await issuer.token({ hasura: hasura(['student'], more) });
    expect(ids(await ask(token, NAMES))).toEqual(['S2']);
  });

  it('opens neither the lake itself, nor a role that there is not, nor a server of one role', async () => {
    const all = hasura(['analyst', 'administrator', 'admin', 'dean']);
    const token = await issuer.token({ hasura: all });
    for (const role of ['administrator', 'admin', 'dean', 'instructor']) {
      const { data, errors } = await ask(token, NAMES, { 'x-hasura-role': role });
      expect([role, data, errors.length]).toEqual([role, undefined, 1]);
    }
    const { data, errors } = await ask(token, NAMES, {}, alone);
    expect([data, errors[0].message]).toEqual([undefined, expect.stringContaining('nobody else')]);
  });

  it('that is wrong is 401, on every path for programs, and opens no other', async () => {
    const late = await issuer.token({ claims: { exp: NOW / 1000 - 3600 } });
    const good = await issuer.token();
    const headers = (token: string) => ({ headers: { cookie: '', authorization: `Bearer ${token}` } });
    for (const path of [
      '/v1/health',
      '/v1/incidents',
      '/v1/openapi.json',
      '/v1/health/sis.persons',
      '/v1/graphql?query={__typename}',
    ])
      expect([path, (await served.ask(path, headers(late))).status]).toEqual([path, 401]);
    for (const path of ['/', '/api/now', '/api/datasets', '/api/openapi.json'])
      expect([path, (await served.ask(path, headers(good))).status]).toEqual([path, 401]);
    const evil = { ...headers(good).headers, host: HOST, origin: 'http://evil.example' };
    expect((await served.ask('/v1/graphql?query={__typename}', { headers: evil })).status).toBe(403);
  });

  it('has its own answers, not those that another was given', async () => {
    const tokens = await Promise.all(
      ['S1', 'S2'].map((id) => issuer.token({ hasura: hasura(['student'], { 'x-hasura-user-id': id }) })),
    );
    const path = `/v1/graphql?query=${encodeURIComponent(NAMES)}`;
    const get = (token: string, more: Record<string, string> = {}) =>
      served.ask(path, { headers: { cookie: '', authorization: `Bearer ${token}`, ...more } });
    const first = await get(tokens[0]!);
    const etag = first.headers.get('etag')!;
    expect((await get(tokens[0]!, { 'if-none-match': etag })).status).toBe(304);
    const other = await get(tokens[1]!, { 'if-none-match': etag });
    expect([other.status, ids((await other.json()) as never)]).toEqual([200, ['S2']]);
  });
});
