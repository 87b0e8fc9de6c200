import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerRest } from '../../../src/api/http/rest.ts';
import { readEndpoints } from '../../../src/api/rest/read-endpoints.ts';
import { callerOf, openApi } from '../../api/campus.ts';

const FILES: Readonly<Record<string, string>> = {
  'rest/persons.graphql': `# url: persons/:id
# description: One person
query one($id: String!, $grades: Int = 10) {
  sis_persons_by_pk(person_id: $id) {
    name
    born
    sai
    ...grades
  }
}
fragment grades on sis_persons {
  grades_by_student_id(limit: $grades, order_by: {points: desc_nulls_last}) { points section { section_id is_running } }
}`,
  'rest/my-persons.graphql':
    'query ($names: [String!]) { sis_persons(where: {name: {_in: $names}}, order_by: {person_id: asc}) { person_id name } }',
  'rest/sections.graphql': `# methods: GET
query ($where: sis_sections_bool_exp!, $running: Boolean, $with: Boolean = false, $by: [sis_sections_order_by!]) {
  sis_sections(where: {_and: [$where, {is_running: {_eq: $running}}]}, order_by: $by) {
    __typename
    section_id
    instructor @include(if: $with) { name }
  }
}`,
  'rest/secrets.graphql': '{ sis_persons { ssn } }',
  'rest/late.graphql': '{ sis_grades_aggregate { aggregate { count avg { points } max { grade } } } }',
  'rest/runs.graphql': '{ ops_runs(limit: 1) { run } }',
  'metadata/rest_endpoints.yaml': `
- comment: All of them
  definition: { query: { collection_name: allowed-queries, query_name: everybody } }
  methods: [GET, POST, PUT]
  name: everybody
  url: persons/all
`,
  'metadata/query_collections.yaml': `
- name: allowed-queries
  definition:
    queries:
      - { name: everybody, query: "query everybody { sis_persons(order_by: {person_id: asc}) { person_id } }" }
`,
};

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'campus-lake-rest-'));
  for (const [file, text] of Object.entries(files)) {
    await mkdir(join(root, file, '..'), { recursive: true });
    await writeFile(join(root, file), text);
  }
  return root;
}

let api: Awaited<ReturnType<typeof openApi>>;
let endpoints: Awaited<ReturnType<typeof readEndpoints>>;
let root: string;
beforeAll(async () => {
  api = await openApi(undefined, ['sis.grades']);
  root = await folderOf(FILES);
  endpoints = await readEndpoints(root);
});
afterAll(async () => {
  await api.close();
  await rm(root, { recursive: true, force: true });
});

async function ask(asking: string, path: string, init: RequestInit = {}) {
  const request = new Request(`http://127.0.0.1/api/rest/${path}`, init);
  const response = await answerRest(
    { api: api.api, endpoints, persisted: api.persisted },
    request,
    callerOf(asking),
  );
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
    body: (text === '' ? undefined : JSON.parse(text)) as any,
  };
}
const post = (body: unknown): RequestInit => ({
  method: 'POST',
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

describe('A saved query', () => {
  it('is answered at its address, as the role sees it', async () => {
    const { status, body } = await ask('', 'persons/S1?grades=1');
    expect([status, body.sis_persons_by_pk]).toEqual([
      200,
      {
        name: 'Ana',
        born: '1930-05-05',
        sai: 100,
        grades_by_student_id: [{ points: 91.25, section: { section_id: 1, is_running: true } }],
      },
    ]);
    expect(body.extensions.tables.sis_grades).toEqual({ asOf: '2026-10-09T11:00:00.000Z', health: 'late' });
    expect((await ask('', 'persons/all')).body.sis_persons.length).toBe(6);
    expect((await ask('adviser F1', 'persons/all', post(''))).body.sis_persons).toEqual([
      { person_id: 'S1' },
      { person_id: 'S2' },
    ]);
    expect((await ask('adviser F1', 'persons/all', { method: 'PUT' })).status).toBe(405);
  });

  it('takes variables of the address, of its query and of the body', async () => {
    const names = ['Ana', "O'Hara"];
    const query = names.map((name) => `names=${encodeURIComponent(name)}`).join('&');
    const found = [
      { person_id: 'S1', name: 'Ana' },
      { person_id: 'S4', name: "O'Hara" },
    ];
    for (const [path, init] of [
      [`my-persons?${query}`],
      [`my-persons?names=${encodeURIComponent(JSON.stringify(names))}`],
      ['my-persons', post({ names })],
    ] as [string, RequestInit?][])
      expect((await ask('', path, init)).body.sis_persons).toEqual(found);
    const where = encodeURIComponent(JSON.stringify({ section_id: { _gt: 1 } }));
    const by = encodeURIComponent('[{"section_id": "asc"}]');
    const { body } = await ask('', `sections?where=${where}&running=true&with=true&by=${by}`);
    expect(body.sis_sections.map((one: { section_id: number }) => one.section_id)).toEqual([2, 4]);
    expect(
      (await ask('', `persons/${encodeURIComponent("'; DROP TABLE x --")}`)).body.sis_persons_by_pk,
    ).toBeNull();
    expect((await ask('', `persons/${encodeURIComponent('a/b ü')}`)).body.sis_persons_by_pk).toBeNull();
  });

  it('is refused with variables that it has not, twice, or of another type', async () => {
    for (const [path, init] of [
      ['persons/S1?grade=1'],
      ['persons/S1?id=S2'],
      ['persons/S1', post({ id: 'S2' })],
      ['persons/S1?grades=one'],
      ['persons/S1?grades=1&grades=2'],
      ['persons/S1?grades=-1'],
      ['persons/S1?grades=99999999999'],
      ['persons/S1', post('{')],
      ['persons/S1', post([1])],
      ['persons/S1', post({ grades: 'one' })],
      ['sections?running=yes'],
      ['sections?where={}'], // without the variable there would be no condition
      ['sections?running=true&where=%7B%22ssn%22%3A%7B%7D%7D'],
      ['my-persons?names=%5B1'],
      ['persons/%E0%A4%A'],
    ] as [string, RequestInit?][]) {
      const { status, body } = await ask('', path, init);
      expect([path, status, Object.keys(body).sort()]).toEqual([path, 400, ['code', 'error', 'path']]);
    }
  });

  it('is not there for a role that does not see all of it', async () => {
    const nothing = await ask('adviser F1', 'nothing');
    expect([nothing.status, nothing.body]).toEqual([
      404,
      { path: '$', error: 'Endpoint not found', code: 'not-found' },
    ]);
    // `ssn` is secret, `born` is denied to advisers, ops.runs to all.
    for (const path of ['secrets', 'persons/S1', 'persons/S1?x=1', 'runs'])
      for (const init of [{}, post(''), { method: 'DELETE' }] as RequestInit[]) {
        const { status, body } = await ask('adviser F1', path, init);
        expect([path, status, body]).toEqual([path, nothing.status, nothing.body]);
      }
    const wrong = await ask('nobody', 'persons/all');
    expect(wrong.status).toBe(400);
  });

  it('answers with its tag alone what has not changed, to whom it was given', async () => {
    const first = await ask('student S1', 'my-persons?names=Ana');
    const etag = first.headers.get('etag')!;
    const again = (asking: string, path: string) => ask(asking, path, { headers: { 'if-none-match': etag } });
    expect((await again('student S1', 'my-persons?names=Ana')).status).toBe(304);
    expect((await again('student S2', 'my-persons?names=Ana')).body.sis_persons).toEqual([]);
    expect((await again('student S1', 'my-persons?names=Ben')).status).toBe(200);
    expect((await ask('', 'runs')).headers.get('etag')).toBeNull();
  });

  it('is refused where a table is late and rows of such are not wanted', async () => {
    const { status, body } = await ask('', 'late', { headers: { 'x-lake-require-health': 'ok' } });
    expect([status, body.code]).toEqual([503, 'unhealthy']);
    expect((await ask('', 'late')).status).toBe(200);
  });
});

describe('The description of saved queries', () => {
  const roles = ['', 'adviser F1', 'instructor F1', 'analyst', 'student S1'];

  it.each(roles)('is OpenAPI 3.1, as another validator reads it: %s', async (asking) => {
    const { body } = await ask(asking, 'openapi.json');
    const { valid, errors } = await new Validator().validate(body);
    expect([valid, errors, body.openapi]).toEqual([true, undefined, '3.1.0']);
  });

  it('names to each role what it may ask', async () => {
    const paths = async (asking: string) =>
      Object.keys((await ask(asking, 'openapi.json')).body.paths).sort();
    expect(await paths('')).toEqual([
      '/late',
      '/my-persons',
      '/persons/all',
      '/persons/{id}',
      '/runs',
      '/secrets',
      '/sections',
    ]);
    expect(await paths('adviser F1')).toEqual(['/late', '/my-persons', '/persons/all']);
    const text = JSON.stringify((await ask('student S1', 'openapi.json')).body);
    expect(text).not.toMatch(/ssn|advis|section/i);
  });

  it('describes the answers that are given', async () => {
    const { body } = await ask('', 'openapi.json');
    const asked: [path: string, of: string][] = [
      ['persons/S1', '/persons/{id}'],
      ['persons/nobody', '/persons/{id}'],
      ['my-persons?names=Ben', '/my-persons'],
      ['late', '/late'],
      ['sections?running=true&with=true&where={}', '/sections'],
      ['sections?running=true&where={}', '/sections'],
    ];
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    for (const [path, of] of asked) {
      const answer = await ask('', path);
      const schema = body.paths[of].get.responses[200].content['application/json'].schema;
      const check = ajv.compile({ ...schema, components: body.components });
      expect([path, answer.status, check(answer.body), check.errors]).toEqual([path, 200, true, null]);
      expect(check({ ...answer.body, more: 1 })).toBe(false);
    }
  });
});

describe('A file that is no saved query', () => {
  it.each([
    ['rest/a.graphql', '{ sis_persons { ', 'line 1'],
    ['rest/a.graphql', '', 'no GraphQL'],
    ['rest/a.graphql', 'mutation { x }', 'one query'],
    ['rest/a.graphql', 'query a { x } query b { y }', 'one query'],
    ['rest/a.graphql', 'fragment a on b { c }', 'one query'],
    ['rest/a.graphql', '# url: a/:b\n{ x }', 'no variable'],
    ['rest/a.graphql', '# url: a//b\n{ x }', 'no address'],
    ['rest/a.graphql', '# url: ../../x?y\n{ x }', 'no address'],
    ['rest/a.graphql', '# url: openapi.json\n{ x }', 'no address'],
    ['rest/a.graphql', '# methods: DELETE\n{ x }', 'GET, POST or both'],
    ['rest/a.graphql', '{ extensions: x }', 'extensions'],
    ['metadata/rest_endpoints.yaml', '- { name: a }', "not Hasura's"],
    [
      'metadata/rest_endpoints.yaml',
      '- { name: a, url: b, definition: { query: { collection_name: x, query_name: y } } }',
      'no query x > y',
    ],
  ])('%s with %j is refused', async (file, text, said) => {
    const folder = await folderOf({ [file]: text });
    await expect(readEndpoints(folder)).rejects.toThrow(said);
    await rm(folder, { recursive: true });
  });

  it('nor are two with one address', async () => {
    const folder = await folderOf({
      'rest/a.graphql': '# url: x/:y\nquery ($y: Int) { a }',
      'rest/b.graphql': '# url: x/:z\n# methods: post\nquery ($z: Int) { a }',
    });
    await expect(readEndpoints(folder)).rejects.toThrow('the same address: POST x/:z');
    await rm(folder, { recursive: true });
  });
});
