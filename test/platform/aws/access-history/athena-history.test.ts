import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import {
  AthenaClient,
  type BatchGetQueryExecutionCommand,
  ListQueryExecutionsCommand,
  type QueryExecution,
} from '@aws-sdk/client-athena';
import { type GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accessLog } from '../../../../src/app/access/access-log.ts';
import { readAccessHistory } from '../../../../src/pipeline/read-access-history.ts';
import { openAthenaHistory } from '../../../../src/platform/aws/access-history/athena-history.ts';
import { openLocalLedger } from '../../../../src/platform/local/ledger.ts';
import type { LedgerStore } from '../../../../src/ports/ledger.ts';
import { lakeOf } from '../../../lake-of.ts';

const NOW = Date.parse('2026-11-30T09:00:00Z');
const HOUR = 3_600_000;
const TRAIL = { bucket: 'trail', prefix: 'org/' };
const FOLDER = 'org/AWSLogs/123456789012/CloudTrail/us-east-1';

interface Asked {
  readonly id: string;
  readonly hoursAgo: number;
  readonly sql: string;
  readonly state?: string;
  readonly workgroup?: string;
  readonly database?: string;
}

/** Athena as far as its history goes, newest first and two a page; CloudTrail's files as they lie. */
function openWorld(asked: readonly Asked[], files: Readonly<Record<string, readonly object[]>>) {
  const executions = asked
    .toSorted((a, b) => a.hoursAgo - b.hoursAgo)
    .map(
      ({
        id,
        hoursAgo,
        sql,
        state = 'SUCCEEDED',
        workgroup = 'lake-analysts',
        database,
      }): QueryExecution => ({
        QueryExecutionId: id,
        Query: sql,
        WorkGroup: workgroup,
        QueryExecutionContext: { Database: database },
        Status: { State: state as 'SUCCEEDED', SubmissionDateTime: new Date(NOW - hoursAgo * HOUR) },
      }),
    );
  const calls: string[] = [];
  const athena = new AthenaClient({ region: 'us-east-1' });
  athena.send = (async (command: unknown) => {
    calls.push((command as object).constructor.name);
    if (command instanceof ListQueryExecutionsCommand) {
      const { WorkGroup, NextToken } = command.input;
      const ids = executions.filter((one) => one.WorkGroup === WorkGroup).map((one) => one.QueryExecutionId!);
      const at = Number(NextToken ?? 0);
      return {
        QueryExecutionIds: ids.slice(at, at + 2),
        ...(at + 2 < ids.length ? { NextToken: String(at + 2) } : {}),
      };
    }
    const { QueryExecutionIds = [] } = (command as BatchGetQueryExecutionCommand).input;
    return { QueryExecutions: executions.filter((one) => QueryExecutionIds.includes(one.QueryExecutionId!)) };
  }) as AthenaClient['send'];
  const s3 = new S3Client({ region: 'us-east-1' });
  s3.send = (async (command: unknown) => {
    if (command instanceof ListObjectsV2Command) {
      const found = Object.keys(files).filter((key) => key.startsWith(command.input.Prefix!));
      return { Contents: found.map((Key) => ({ Key })) };
    }
    const { Key } = (command as GetObjectCommand).input;
    return { Body: Readable.from([gzipSync(JSON.stringify({ Records: files[Key!] }))]) };
  }) as S3Client['send'];
  const clock = { now: () => NOW, sleep: async () => {} };
  const history = openAthenaHistory({
    athena,
    s3,
    clock,
    account: '123456789012',
    region: 'us-east-1',
    workgroups: ['lake-analysts', 'lake-stewards'],
    begin: 'lake-',
    databases: new Map([
      ['x_campus', 'campus'],
      ['x_sis', 'sis'],
    ]),
    trail: TRAIL,
  });
  return { history, clock, calls };
}

const started = (queryExecutionId: string, userIdentity: object) => ({
  eventSource: 'athena.amazonaws.com',
  eventName: 'StartQueryExecution',
  userIdentity,
  responseElements: { queryExecutionId },
});

const FILES = {
  [`${FOLDER}/2026/11/30/a.json.gz`]: [
    started('q1', { arn: 'arn:aws:sts::123456789012:assumed-role/Analyst/zoe' }),
    { eventSource: 's3.amazonaws.com', eventName: 'GetObject', userIdentity: { arn: 'arn:other' } },
    started('q2', {
      arn: 'arn:aws:sts::123456789012:assumed-role/Sso/x',
      onBehalfOf: { userId: '9067-aaaa' },
    }),
    started('other', { arn: 'arn:aws:iam::123456789012:user/bob' }),
  ],
};

const ASKED: readonly Asked[] = [
  {
    id: 'q1',
    hoursAgo: 3,
    sql: "SELECT * FROM x_campus.students s JOIN x_sis.persons p ON p.id = s.id WHERE p.ssn = '111'",
  },
  {
    id: 'q2',
    hoursAgo: 2,
    sql: 'SELECT count(*) FROM grades',
    database: 'x_campus',
    workgroup: 'lake-stewards',
  },
  { id: 'q3', hoursAgo: 1, sql: 'DROP TABLE "x_campus"."students" -- x_sis.persons', state: 'FAILED' },
  { id: 'q4', hoursAgo: 0, sql: 'SELECT 1 FROM x_campus.terms', state: 'RUNNING' },
  { id: 'q5', hoursAgo: 0.5, sql: 'SELECT 1 FROM other.things', state: 'CANCELLED' },
];

let folder: string;
let ledger: LedgerStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'history-'));
  ledger = openLocalLedger(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const read = ({ history, clock }: ReturnType<typeof openWorld>) =>
  readAccessHistory({
    ...lakeOf({ platform: { ledger, clock, accessHistory: history } }),
    access: undefined,
  } as never);

describe('The history of Athena', () => {
  it('is put on record: who, when, for whom, which tables, and no word of the statement', async () => {
    expect(await read(openWorld(ASKED, FILES))).toBe(4);
    const shown = (await accessLog({ platform: { ledger } })).map(
      ({ at, channel, principal, role, tables, outcome }) => ({
        ...{ at, channel, principal, role, tables, outcome },
      }),
    );
    expect(shown.reverse()).toEqual([
      {
        at: '2026-11-30T06:00:00.000Z',
        channel: 'athena',
        principal: 'arn:aws:sts::123456789012:assumed-role/Analyst/zoe',
        role: 'analysts',
        tables: ['campus.students', 'sis.persons'],
        outcome: 'answered',
      },
      expect.objectContaining({ principal: '9067-aaaa', role: 'stewards', tables: ['campus.grades'] }),
      expect.objectContaining({ principal: 'unknown', tables: ['campus.students'], outcome: 'failed' }),
      expect.objectContaining({ principal: 'unknown', tables: [], outcome: 'stopped' }),
    ]);
    expect(JSON.stringify(await ledger.rows('access'))).not.toMatch(/111|ssn/);
  });

  it('is read once: what is told again is known, and what ends later comes later', async () => {
    await read(openWorld(ASKED, FILES));
    expect(await read(openWorld(ASKED, FILES))).toBe(0);
    const later = ASKED.map((one) => (one.id === 'q4' ? { ...one, state: 'SUCCEEDED' } : one));
    expect(await read(openWorld(later, FILES))).toBe(1);
    expect((await accessLog({ platform: { ledger } })).map(({ tables }) => tables)).toHaveLength(5);
  });

  it('is on record once though a run is killed before it has noted how far it read', async () => {
    await read(openWorld(ASKED, FILES));
    const mark = await ledger.read('access-history/athena');
    await ledger.write('access-history/athena', { until: NOW - 30 * 24 * HOUR, recent: [] }, mark?.version);
    await read(openWorld(ASKED, FILES));
    expect(await accessLog({ platform: { ledger } })).toHaveLength(4);
  });

  it('is not read past what is new', async () => {
    await read(openWorld(ASKED, FILES));
    const old = Array.from({ length: 20 }, (_, i) => ({ id: `o${i}`, hoursAgo: 100 + i, sql: 'SELECT 1' }));
    const world = openWorld([...ASKED, ...old], FILES);
    expect(await read(world)).toBe(0);
    expect(world.calls.filter((one) => one === 'ListQueryExecutionsCommand').length).toBeLessThan(6);
  });
});
