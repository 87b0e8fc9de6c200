import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessRules } from '../../src/access/rules.ts';
import { accessLog } from '../../src/app/access/access-log.ts';
import type { Incident } from '../../src/health/incidents/incident.ts';
import { changeIncidents } from '../../src/health/incidents/store.ts';
import { INCIDENTS } from '../../src/health/tables.ts';
import { publish } from '../../src/pipeline/publication.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import type { Session } from '../../src/ports/session.ts';
import {
  COLLEGE,
  KNOWN,
  type OpenCollege,
  openCollege,
  POLICY,
  readPolicy,
  sessionOf,
} from '../access/college.ts';
import { lakeOf } from '../lake-of.ts';
import { openWorkbench } from './workbench.ts';

const ADMIN: Session = { principal: 'ada', role: 'administrator', attributes: {}, purpose: 'command line' };
const AT = '2026-10-09T11:00:00.000Z';
let college: OpenCollege;
let ledger: ReturnType<typeof openLocalLedger>;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  college = await openCollege();
  ledger = openLocalLedger(join(college.lake.root, 'ledger-of-workbench'), { added: [INCIDENTS] });
  const objects = await openLocalObjects(college.lake.root);
  const facts = Object.fromEntries(
    Object.keys(college.tables).map((table) => [table, { asOf: AT, loadedAt: AT }]),
  );
  await publish(
    { ledger, objects },
    { id: 'r1', run: 'r1', at: AT, asOf: AT, tables: college.tables, facts },
  );
  await ledger.append('runs', [{ id: 'r1', run: 'r1', status: 'failed', started_at: AT, ended_at: AT }]);
  await ledger.write(
    'run/current',
    { run: 'r1', attempt: 1, status: 'failed', startedAt: AT, endedAt: AT },
    undefined,
  );
  await changeIncidents(ledger, () => ({
    incidents: [
      incident('source', { kind: 'source', name: 'sis' }, ['sis.advising', 'sis.persons']),
      incident('sis.advising', { kind: 'table', name: 'sis.advising' }, ['sis.advising']),
      incident('sis.persons', { kind: 'table', name: 'sis.persons' }, ['sis.persons']),
    ],
    result: undefined,
  }));
  await ledger.append('steps', [
    {
      id: 'r1/main/x',
      run: 'r1',
      path: 'main/x',
      step: 'stage',
      item: 'sis.advising',
      attempt: 1,
      started_at: AT,
      ended_at: AT,
      status: 'failed',
      error: 'sis.advising cannot be read',
      next: 'look at it',
      code: 'x',
      about: 'sis.advising',
    },
  ]);
});
afterAll(async () => {
  for (const one of opened) await one.close();
  await college.lake.close();
});

function incident(key: string, scope: Incident['scope'], tables: readonly string[]): Incident {
  return {
    id: `r1/${key}`,
    key,
    cause: 'check-failed',
    title: 'A check failed',
    scope,
    state: 'new',
    severity: 'error',
    confidence: 1,
    alternatives: [],
    openedAt: AT,
    lastSeenAt: AT,
    lastSeenIn: 'r1',
    runs: 1,
    reopened: 0,
    tables,
    affected: [],
    owners: [],
    assignee: 'Registrar',
    evidence: [],
    consequences: [{ cause: 'late', tables }],
    why: 'w',
    manualSteps: 'm',
    hint: 'look at sis.advising',
    repairs: [],
    tried: [],
    rule: { version: 1, analysers: '1' },
  };
}

async function workbenchOf(session: Session) {
  const datasets = Object.entries(COLLEGE).map(([id, { columns }]) => ({
    id,
    source: 'sis',
    key: [],
    columns: columns.map(([name, type, privacy]) => ({ name, type, privacy })),
  }));
  const lake = lakeOf({
    campus: {
      name: 'A college',
      timeZone: 'UTC',
      root: college.lake.root,
      models: 'models',
      privacy: { defaults: {} },
    } as object,
    session,
    access: accessRules(readPolicy(POLICY).policy!, KNOWN),
    catalog: { datasets },
    features: [
      {
        name: 'notes',
        lists: [
          {
            title: 'Grades',
            table: 'sis.grades',
            order: [{ column: 'points' }],
            columns: [{ name: 'student_id', title: 'Student' }],
            reasons: 'grade',
            note: 'n',
          },
        ],
      },
    ],
    platform: {
      target: 'local',
      clock: { now: () => Date.parse('2026-10-09T12:00:00Z') },
      ledger,
      objects: await openLocalObjects(college.lake.root),
      engine: college.lake.engine,
    },
  });
  const workbench = await openWorkbench(async () => lake);
  opened.push(workbench);
  return workbench;
}

const ADVISER = sessionOf('adviser F1');

describe('A role', () => {
  it('knows of incidents and service levels of its tables, and of no others', async () => {
    const [all, some] = [await workbenchOf(ADMIN), await workbenchOf(ADVISER)];
    const ids = async ({ json }: Awaited<ReturnType<typeof workbenchOf>>) =>
      (await json('/api/incidents')).body.incidents.map(({ id }: { id: string }) => id);
    expect(await ids(all)).toEqual(['r1/source', 'r1/sis.advising', 'r1/sis.persons']);
    expect(await ids(some)).toEqual(['r1/source', 'r1/sis.persons']);
    expect(JSON.stringify((await some.json('/api/incidents')).body)).not.toContain('advising');
  });

  it('sees its tables in every view, and of the others not even the names', async () => {
    const [all, some] = [await workbenchOf(ADMIN), await workbenchOf(ADVISER)];
    for (const path of [
      '/api/datasets',
      '/api/completion',
      '/api/dictionary?q=',
      '/api/dictionary?q=advising',
    ]) {
      expect(JSON.stringify((await all.json(path)).body)).toContain('sis.advising');
      const { status, body } = await some.json(path);
      expect([path, status]).toEqual([path, 200]);
      expect(JSON.stringify(body)).not.toMatch(/advising|sections/);
    }
    const { body } = await some.json('/api/completion');
    expect(body.tables['sis.persons']).toContain('email');
    expect(body.tables['sis.persons']).not.toContain('ssn');
    expect(body.tables['sis.persons']).not.toContain('born');
  });

  it('is told of a hidden table what it is told of one that there is not', async () => {
    const some = await workbenchOf(ADVISER);
    const hidden = await some.json('/api/datasets/sis.advising');
    const none = await some.json('/api/datasets/sis.nothing');
    expect(hidden.status).toBe(400);
    expect(hidden.body.error.message.replace('advising', 'nothing')).toBe(none.body.error.message);
    const asked = (name: string) =>
      some.json('/api/answers', { method: 'POST', body: { sql: `SELECT *\nFROM sis.${name}` } });
    const [one, other] = [await asked('advising'), await asked('nothing1')];
    expect(one.status).toBe(400);
    expect(one.body.error).toMatchObject({ line: 2, column: 6 });
    expect(one.body.error.message.replace('advising', 'nothing1')).toBe(other.body.error.message);
  });

  it('sees of a table its columns and its rows, uncounted', async () => {
    const some = await workbenchOf(ADVISER);
    const { body } = await some.json('/api/datasets/sis.persons');
    expect(body.rows).toBeUndefined();
    expect(body.columns.map(({ name }: { name: string }) => name)).not.toContain('born');
    expect(body.loads).toBeUndefined();
    expect(body.checked).toBeUndefined();
    const sql = 'SELECT person_id FROM sis.persons ORDER BY person_id';
    const answer = await some.json('/api/answers', { method: 'POST', body: { sql } });
    const page = await some.json(`/api/answers/${answer.body.id}/rows?from=0&count=100`);
    expect(page.body.rows).toEqual([['S1'], ['S2']]);
    const csv = await some.ask(`/api/answers/${answer.body.id}/export/csv`);
    expect(await csv.text()).toBe('person_id\r\nS1\r\nS2\r\n');
  });

  it('sees of lists of students its own', async () => {
    const [all, some] = [await workbenchOf(ADMIN), await workbenchOf(ADVISER)];
    const rows = async (of: typeof all) => (await of.json('/api/students')).body.lists[0].rows;
    expect((await rows(all)).length).toBe(8);
    expect(new Set((await rows(some)).map(({ cells }: { cells: string[] }) => cells[0]))).toEqual(
      new Set(['S1', 'S2']),
    );
  });

  it('learns of runs and failures nothing, unless access.yaml gives it the tables of the ledger', async () => {
    const [all, some] = [await workbenchOf(ADMIN), await workbenchOf(ADVISER)];
    expect((await all.json('/api/runs/r1')).body.steps).toMatchObject([
      { item: 'sis.advising', hint: 'look at it' },
    ]);
    expect((await all.json('/api/now')).body).toMatchObject({
      verdict: 'bad',
      wrong: [{ tables: ['sis.advising'] }],
    });
    for (const path of ['/api/runs', '/api/runs/r1'])
      expect((await some.json(path)).body.error.code).toBe('not-for-this-role');
    const { body } = await some.json('/api/now');
    expect(JSON.stringify(body)).not.toMatch(/advising|look at it/);
    expect(body.verdict).toBe('bad');
    expect((await some.json('/api/me')).body).toMatchObject({ role: 'adviser', isAdministrator: false });
    expect((await some.json('/api/me')).body.views).not.toContain('runs');
  });

  it('saves no query, and is shown none about a table that it may not know of', async () => {
    const [all, some] = [await workbenchOf(ADMIN), await workbenchOf(ADVISER)];
    const save = (of: typeof all, title: string, table: string) =>
      of.json('/api/queries', { method: 'POST', body: { title, sql: `SELECT * FROM ${table}` } });
    expect((await save(all, 'All grades!', 'sis.grades')).body.name).toBe('all-grades');
    await save(all, 'Who advises', 'sis.advising');
    expect((await save(some, 'mine', 'sis.grades')).status).toBe(400);
    expect((await save(all, '../..', 'sis.grades')).status).toBe(400);
    const names = async (of: typeof all) =>
      (await of.json('/api/queries')).body.queries.map(({ name }: { name: string }) => name);
    expect(await names(all)).toEqual(['all-grades', 'who-advises']);
    expect(await names(some)).toEqual(['all-grades']);
  });
});

describe('What is read', () => {
  it('is on record: who, as which role, which columns, how many people, and that it left as a file', async () => {
    const some = await workbenchOf(sessionOf('adviser F2'));
    await some.json('/api/students');
    const sql = "SELECT person_id FROM sis.persons WHERE person_id = 'S2'";
    const { body } = await some.json('/api/answers', { method: 'POST', body: { sql } });
    await (await some.ask(`/api/answers/${body.id}/export/csv`)).text();
    const log = (await accessLog({ platform: { ledger } })).filter(({ principal }) => principal === 'F2');
    expect(log.map(({ channel, outcome, rows }) => [channel, outcome, rows])).toEqual([
      ['export', 'answered', 1],
      ['query', 'answered', 1],
      ['query', 'answered', expect.any(Number)],
    ]);
    expect(log[0]).toMatchObject({ role: 'adviser', people: 1, destination: 'download from the workbench' });
  });
});

describe('The OpenAPI document', () => {
  it('has every answer, each with a schema', async () => {
    const { json } = await workbenchOf(ADMIN);
    const { body } = await json('/api/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    const operations = Object.values<Record<string, { responses: object }>>(body.paths).flatMap((path) =>
      Object.values(path),
    );
    expect(operations.length).toBeGreaterThan(12);
    expect(JSON.stringify(operations)).toContain('"#/components/schemas/Timeline"');
  });
});
