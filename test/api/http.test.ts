import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { auditServer } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerGraphql } from '../../src/api/http/graphql.ts';
import { openApi } from './campus.ts';

let api: Awaited<ReturnType<typeof openApi>>;
let server: Server;
let url: string;
beforeAll(async () => {
  api = await openApi(undefined, ['sis.grades']);
  const listen = getRequestListener((request) =>
    answerGraphql(api.api, api.persisted, request, { variables: {} }),
  );
  server = createServer(listen);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/graphql`;
});
afterAll(async () => {
  server.close();
  await api.close();
});

describe('GraphQL over HTTP', () => {
  it('passes every audit of graphql-http', async () => {
    const results = await auditServer({ url });
    expect(results.length).toBe(61);
    expect(results.filter(({ status }) => status !== 'ok').map(({ id, name }) => `${id} ${name}`)).toEqual(
      [],
    );
  });

  it('answers a question that has not changed without its rows', async () => {
    const ask = (query: string, headers: Record<string, string> = {}) =>
      fetch(`${url}?query=${encodeURIComponent(query)}`, { headers });
    const first = await ask('{ sis_sections { section_id } }');
    const etag = first.headers.get('etag')!;
    expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
    const again = await ask('{ sis_sections { section_id } }', { 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await ask('{ sis_sections { is_running } }', { 'if-none-match': etag })).status).toBe(200);
    const live = await ask('{ ops_runs(limit: 1) { run } }');
    expect([live.status, live.headers.get('etag')]).toEqual([200, null]);
  });

  it('keeps the text of a question by its digest', async () => {
    const query = '{ sis_sections(limit: 1) { section_id } }';
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const ask = async (body: object) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return (await response.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] };
    };
    expect((await ask({ extensions })).errors?.[0]?.extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect((await ask({ query: '{ __typename }', extensions })).errors?.[0]?.extensions.code).toBe(
      'validation-failed',
    );
    const sent = await ask({ query, extensions });
    expect(sent.data).toEqual({ sis_sections: [{ section_id: 1 }] });
    expect(await ask({ extensions })).toEqual(sent);
  });

  it('refuses a table that is late where it is asked to', async () => {
    const headers = { 'x-lake-require-health': 'ok' };
    const { errors, data } = await api.ask('', '{ sis_grades { grade } }', undefined, headers);
    expect([data, errors[0].extensions.code]).toEqual([null, 'unhealthy']);
    const { extensions } = await api.ask('', '{ sis_grades(limit: 1) { grade } }');
    expect(extensions.tables.sis_grades.health).toBe('late');
    expect(
      (await api.ask('', '{ sis_persons(limit: 1) { name } }', undefined, headers)).errors,
    ).toBeUndefined();
  });

  it('says which variable does not fit its type', async () => {
    const query = 'query ($n: Int!) { sis_sections(limit: $n) { section_id } }';
    for (const n of [99_999_999_999, 'two', null]) {
      const { errors } = await api.ask('', query, { n });
      expect([errors[0].extensions.code, errors[0].message]).toEqual([
        'validation-failed',
        expect.stringContaining('$n'),
      ]);
    }
  });

  it('refuses a condition that falls away without its variable', async () => {
    const query = (type: string, where: string) =>
      `query ($a: ${type}) { sis_sections(where: ${where}, order_by: {section_id: asc}) { section_id } }`;
    const message = (await api.ask('', query('Boolean', '{is_running: {_eq: $a}}'))).errors?.[0].message;
    expect(message).toContain('$a');
    for (const [asked, given] of [
      [query('Boolean', '{_or: [{section_id: {_gt: 9}}, {is_running: {_eq: $a}}]}'), { b: true }],
      [query('Boolean_comparison_exp', '{is_running: $a}'), {}],
      [query('Boolean', '{_not: {is_running: {_eq: $a}}}'), { a: null }],
    ] as [string, object][])
      expect([asked, (await api.ask('', asked, given)).data ?? 'nothing']).toEqual([asked, 'nothing']);
    const whole =
      'query ($w: sis_sections_bool_exp, $o: order_by) { sis_sections(where: $w, order_by: {section_id: $o}) { section_id } }';
    expect((await api.ask('', whole)).errors).toBeUndefined();
    expect((await api.ask('', query('Boolean = true', '{is_running: {_eq: $a}}'))).errors).toBeUndefined();
  });

  it('refuses what is too deep, too much or too long', async () => {
    const nested = (levels: number): string =>
      levels === 0 ? 'name' : `grades_by_student_id { student { ${nested(levels - 1)} } }`;
    for (const query of [
      `{ sis_persons { ${nested(9)} } }`,
      `{ ${Array.from({ length: 30 }, (_, i) => `a${i}: sis_persons { name }`).join(' ')} }`,
      `{ sis_persons { ${Array.from({ length: 1100 }, (_, i) => `a${i}: name`).join(' ')} } }`,
      `{ sis_persons { name } } # ${'x'.repeat(200_000)}`,
    ])
      expect((await api.ask('', query)).errors[0].extensions.code).toBe('limit-exceeded');
  });
});

describe('What is asked', () => {
  it('is on record, by whom and of which columns', async () => {
    await api.ask('adviser F1', '{ sis_persons(where: {name: {_eq: "Ana"}}) { person_id name } }');
    const entries = await api.ledger.rows('access').catch(() => undefined);
    const last = (entries as { [key: string]: unknown }[] | undefined)?.at(-1);
    expect(last).toMatchObject({
      channel: 'api',
      outcome: 'answered',
      role: 'adviser',
      principal: 'F1',
      purpose: 'advising',
      tables: 'sis.persons',
      rows: 1,
    });
    expect(JSON.stringify(entries)).not.toContain('Ana');
  });
});
