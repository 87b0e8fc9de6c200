import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessRules } from '../../src/access/rules.ts';
import type { Caller } from '../../src/api/caller.ts';
import { DataApi, type OpenAs } from '../../src/api/data-api.ts';
import { answerGraphql } from '../../src/api/http/graphql.ts';
import { PersistedQueries } from '../../src/api/http/persisted.ts';
import type { AppLake } from '../../src/app/app-lake.ts';
import { publish } from '../../src/pipeline/publication.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import type { AccessRules } from '../../src/ports/access.ts';
import type { Session } from '../../src/ports/session.ts';
import { COLLEGE, columnsOf, KNOWN, openTables, POLICY, readPolicy } from '../access/college.ts';
import { lakeOf } from '../lake-of.ts';

const AT = '2026-10-09T11:00:00.000Z';
export const ADMIN: Session = {
  principal: 'ada',
  role: 'administrator',
  attributes: {},
  purpose: 'command line',
};

/** References and keys of the college, as its catalog has them. */
export const DATASETS = Object.entries({
  'sis.persons': { key: ['person_id'], checks: [] },
  'sis.advising': {
    key: [],
    checks: [{ kind: 'relationships', column: 'student_id', to: 'sis.persons', field: 'person_id' }],
  },
  'sis.sections': {
    key: ['section_id'],
    checks: [{ kind: 'relationships', column: 'instructor_id', to: 'sis.persons', field: 'person_id' }],
  },
  'sis.grades': {
    key: [],
    checks: [
      { kind: 'relationships', column: 'student_id', to: 'sis.persons', field: 'person_id' },
      { kind: 'relationships', column: 'section_id', to: 'sis.sections', field: 'section_id' },
    ],
  },
}).map(([id, said]) => ({
  id,
  ...said,
  columns: COLLEGE[id]!.columns.map(([name, type, privacy]) => ({ name, type, privacy })),
}));

const PURPOSES: Readonly<Record<string, string>> = {
  adviser: 'advising',
  instructor: 'teaching',
  analyst: 'research',
  student: 'own',
  board: 'own',
};

type Contents = Parameters<typeof openTables>[0];

/** A lake of some tables, published, that can be opened with any session. */
export async function openPublished(
  contents: Contents,
  datasets: readonly object[],
  late: readonly string[] = [],
) {
  const { lake, tables } = await openTables(contents);
  const root = await mkdtemp(join(tmpdir(), 'campus-lake-api-'));
  const ledger = openLocalLedger(join(lake.root, 'ledger-of-api'));
  const objects = await openLocalObjects(lake.root);
  const facts = Object.fromEntries(
    Object.keys(tables).map((table) => [
      table,
      { asOf: AT, loadedAt: AT, ...(late.includes(table) ? { isStale: true } : {}) },
    ]),
  );
  await publish({ ledger, objects }, { id: 'r1', run: 'r1', at: AT, asOf: AT, tables, facts });
  return {
    lake,
    tables,
    ledger,
    root,
    lakeFor: (session: Session, access?: AccessRules): AppLake =>
      lakeOf({
        campus: { root, models: 'models' },
        catalog: { datasets },
        session,
        access,
        features: [],
        platform: {
          engine: lake.engine,
          ledger,
          objects,
          clock: { now: () => Date.parse(AT) },
          target: 'local' as const,
        },
      }),
    async close() {
      await lake.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Asks a data API over HTTP, without a socket. */
export function askerOf(api: DataApi, persisted = new PersistedQueries()) {
  return async (caller: Caller, query: string, variables?: object, headers: Record<string, string> = {}) => {
    const request = new Request('http://127.0.0.1/v1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const response = await answerGraphql(api, persisted, request, caller);
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
    return (await response.json()) as any;
  };
}

/** The tables of the college of the walls. */
export const contentsOfCollege = (): Contents =>
  Object.fromEntries(
    Object.entries(COLLEGE).map(([table, { rows }]) => [table, { columns: columnsOf(table), rows }]),
  );

/** The college of the walls, behind the data API. */
export async function openApi(
  policyText = POLICY,
  late: readonly string[] = [],
  /** Tables in which small numbers are protected. */
  released: readonly string[] = [],
) {
  const { lake, ledger, lakeFor, close } = await openPublished(contentsOfCollege(), DATASETS, late);
  const { policy, problems } = readPolicy(policyText);
  if (!policy) throw new Error(problems.join('\n'));
  const access = accessRules({ ...policy, released }, KNOWN);
  const openAs: OpenAs = async ({ role, variables, purpose }) => {
    const person = variables['x-hasura-user-id'];
    if (role === undefined) return lakeFor(ADMIN);
    const session: Session = {
      principal: person ?? 'x',
      role,
      attributes: person === undefined ? ({} as Session['attributes']) : { person },
      purpose: purpose ?? PURPOSES[role] ?? '',
    };
    return lakeFor(session, access);
  };
  const api = new DataApi(openAs);
  const persisted = new PersistedQueries();
  const post = askerOf(api, persisted);
  return {
    api,
    persisted,
    lake,
    ledger,
    /** As `adviser F1`; without a role, the administrator. */
    ask: (asking: string, query: string, variables?: object, headers?: Record<string, string>) =>
      post(callerOf(asking), query, variables, headers),
    close,
  };
}

export function callerOf(asking: string): Caller {
  const [role, person] = asking.split(' ') as [string, string?];
  return {
    ...(role === '' ? {} : { role }),
    variables: person === undefined ? {} : { 'x-hasura-user-id': person },
  };
}
