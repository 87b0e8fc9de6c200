import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CatalogDataset } from '../../src/campus/campus.ts';
import type { CatalogColumn } from '../../src/campus/catalog-schema.ts';
import { failureOf } from '../../src/failure.ts';
import { readState } from '../../src/loads/dataset-state.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import type { Replication, ReplicationRequest, ReplicationStatus } from '../../src/ports/replication.ts';
import type { Uses } from '../../src/ports/step.ts';
import { sisCommit, sisPoll, sisStart } from '../../src/sis/steps.ts';
import { lakeOf } from '../lake-of.ts';

const column = (name: string, privacy: CatalogColumn['privacy'] = 'none'): CatalogColumn => ({
  name,
  source: name.toUpperCase(),
  type: 'varchar',
  privacy,
});
const dataset = (table: string): CatalogDataset => ({
  source: 'sis',
  name: `reg_${table}`,
  id: `sis.reg_${table}`,
  namespace: 'REG',
  table: table.toUpperCase(),
  key: ['id'],
  columns: [column('id'), column('ssn', 'secret'), column('name')],
});

const DONE: ReplicationStatus = {
  done: true,
  snapshotAt: '2026-01-05T02:30:00.000Z',
  warnings: ['rule 7: fits no table of the source'],
  tables: [
    {
      schema: 'REG',
      table: 'STUDENT',
      rows: 12,
      files: [
        { key: 'raw/sis/run1/REG/STUDENT/LOAD00000001.parquet', bytes: 100, sha256: 'aa' },
        { key: 'raw/sis/run1/REG/STUDENT/LOAD00000002.parquet', bytes: 50, sha256: 'bb' },
      ],
      columns: [
        { name: 'ID', type: 'bigint' },
        { name: 'NAME', type: 'varchar' },
      ],
    },
    { schema: 'REG', table: 'EMPTY', rows: 0, files: [], columns: [{ name: 'ID', type: 'bigint' }] },
    { schema: 'REG', table: 'BROKEN', error: 'REG.BROKEN: permission denied' },
    { schema: 'REG', table: 'UNKNOWN', rows: 1, files: [], columns: [] },
  ],
};

describe('The steps that load a SIS', () => {
  let folder: string;
  let lake: Uses<
    'session' | 'signal' | 'report' | 'campus' | 'catalog' | 'replication' | 'objects' | 'ledger' | 'clock'
  >;
  let requests: ReplicationRequest[];
  let statuses: ReplicationStatus[];
  const notes: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sis-steps-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  beforeEach(async () => {
    requests = [];
    notes.length = 0;
    const replication: Replication = {
      async start(request) {
        requests.push(request);
        return { task: `${request.source}/${request.load}` };
      },
      poll: async () => statuses.shift()!,
    };
    const root = await mkdtemp(path.join(folder, 'lake-'));
    const datasets = ['student', 'empty', 'broken', 'missing'].map(dataset);
    const sis = {
      kind: 'postgres',
      host: 'h',
      port: 5432,
      database: 'd',
      user: 'u',
      password: { env: 'P' },
      ssl: 'disable',
    };
    lake = lakeOf({
      campus: { root, sources: { sis }, privacy: { defaults: {} } },
      catalog: { datasets, of: () => datasets, get: (id: string) => datasets.find((one) => one.id === id)! },
      platform: {
        replication,
        objects: openLocalObjects(path.join(root, 'objects')),
        ledger: await openLocalLedger(path.join(root, 'ledger')),
        clock: { now: () => Date.UTC(2026, 0, 5, 3) },
      },
      report: {
        note: (about: string, text: string) => notes.push(`${about}: ${text}`),
        progress: () => undefined,
      },
      signal: new AbortController().signal,
    });
  });

  const start = () => sisStart.run({ run: 'run1', source: 'sis' }, lake);

  it('start a load with the name of the run, with mappings from the catalog', async () => {
    expect(await start()).toEqual({ run: 'run1', source: 'sis', task: 'sis/run1' });
    expect(requests[0]).toMatchObject({ source: 'sis', load: 'run1', prefix: 'raw/sis/run1' });
    expect(JSON.stringify(requests[0]!.mappings)).toMatch(/"explicit"/);
    expect(JSON.stringify(requests[0]!.mappings)).toMatch(
      /"column-name":"SSN"},"rule-action":"remove-column"/,
    );
  });

  it('take the mappings of a file where campus.yaml names one, or say what is wrong with it', async () => {
    const file = path.join(lake.campus.root, 'mappings.json');
    Object.assign(lake.campus.sources.sis!, { tableMappings: 'mappings.json' });

    await expect(start()).rejects.toThrow(/cannot be read from .*mappings.json/);
    await writeFile(file, '{"rules": [');
    await expect(start()).rejects.toThrow(/mappings.json is not JSON/);
    await writeFile(file, '{"rules": []}');
    await start();

    expect(requests).toEqual([expect.objectContaining({ mappings: { rules: [] } })]);
  });

  it('wait, then hand on every dataset, those that failed with the reason', async () => {
    statuses = [{ done: false, tables: 4, tablesDone: 1, rows: 5 }, DONE];
    const task = await start();

    expect(await sisPoll.run(task, lake)).toMatchObject({ done: false });
    const copied = await sisPoll.run(task, lake);

    expect(copied).toMatchObject({
      done: true,
      tables: [
        { run: 'run1', dataset: 'sis.reg_student' },
        { run: 'run1', dataset: 'sis.reg_empty' },
        { dataset: 'sis.reg_broken', error: 'REG.BROKEN: permission denied' },
        { dataset: 'sis.reg_missing', error: expect.stringContaining('no such table') },
      ],
      failed: [{ dataset: 'sis.reg_broken' }, { dataset: 'sis.reg_missing' }],
    });
    expect(notes).toEqual(['sis: table mappings: rule 7: fits no table of the source']);
  });

  it('commit a table once, with a manifest that staging understands and a row in the ledger', async () => {
    statuses = [DONE];
    await sisPoll.run(await start(), lake);
    const item = { run: 'run1', dataset: 'sis.reg_student' };

    await sisCommit.run(item, lake);
    const out = await sisCommit.run(item, lake);

    const { state } = await readState(lake.platform.ledger, 'sis.reg_student');
    const [pending, ...others] = state.pending;
    expect(out).toEqual({ run: 'run1', dataset: 'sis.reg_student', files: 2, bytes: 150, rows: 12 });
    expect(others).toEqual([]);
    expect(state.committed?.watermark).toBe('2026-01-05T02:30:00.000Z');
    expect(JSON.parse((await lake.platform.objects.getText(pending!.manifest))!)).toMatchObject({
      load: 'run1',
      dataset: 'sis.reg_student',
      kind: 'snapshot',
      layout: 'dms',
      format: 'parquet',
      rows: 12,
      columns: [
        { name: 'ID', type: 'bigint', section: 'key' },
        { name: 'NAME', type: 'varchar', section: 'value' },
      ],
    });
    expect(await lake.platform.ledger.rows('loads')).toEqual([
      expect.objectContaining({
        id: 'run1:sis.reg_student',
        source: 'sis',
        kind: 'snapshot',
        files: 2,
        bytes: 150,
        rows: 12,
      }),
    ]);
  });

  it('fail the one table that was not copied, by name and cause', async () => {
    statuses = [DONE];
    const copied = await sisPoll.run(await start(), lake);
    const broken = (copied as { failed: { run: string; dataset: string; error: string }[] }).failed[0]!;

    await expect(sisCommit.run(broken, lake)).rejects.toThrow(
      'sis.reg_broken (table REG.BROKEN) was not copied: REG.BROKEN: permission denied',
    );
    expect((await readState(lake.platform.ledger, 'sis.reg_broken')).state.pending).toEqual([]);
  });

  it('fail those that a lost connection left unread for the one cause that they share', async () => {
    const cutOff = { dataset: 'sis.reg_student', run: 'r', error: 'the connection was cut', cutOff: true };
    const failure = await sisCommit.run(cutOff, lake).catch((error: unknown) => failureOf(error));

    expect(failure).toMatchObject({
      code: 'sis-connection',
      source: 'sis',
      reach: 'source',
      retryable: true,
    });
    expect((failure as { message: string }).message).not.toMatch(/student/i);
  });

  it('warn when mappings that a person wrote copy what the catalog excludes', async () => {
    const [student, ...rest] = DONE.tables;
    const escaped = {
      ...student!,
      columns: [...student!.columns!, { name: 'SSN', type: 'varchar' as const }],
    };
    statuses = [{ ...DONE, warnings: [], tables: [escaped, ...rest] }];

    await sisPoll.run(await start(), lake);

    expect(notes).toEqual([expect.stringMatching(/sis.reg_student: .*copy SSN, which the catalog excludes/)]);
  });
});
