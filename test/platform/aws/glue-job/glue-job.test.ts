import type { GlueClient } from '@aws-sdk/client-glue';
import { describe, expect, it } from 'vitest';
import type { EngineContext } from '../../../../src/platform/aws/athena/engine-context.ts';
import type { PlannedTable } from '../../../../src/platform/aws/athena/plan-table.ts';
import type { AthenaStorage } from '../../../../src/platform/aws/athena/storage.ts';
import { SparkJobError } from '../../../../src/platform/aws/glue-job/errors.ts';
import { pollJob } from '../../../../src/platform/aws/glue-job/poll-job.ts';
import { noRows } from '../../../../src/platform/aws/glue-job/spark-task.ts';
import { viewOf } from '../../../../src/platform/aws/glue-job/spark-views.ts';
import { type JobTicket, submitJob } from '../../../../src/platform/aws/glue-job/submit-job.ts';
import { sparkSelect } from '../../../../src/platform/aws/glue-job/translate.ts';
import type { ObjectStore } from '../../../../src/ports/objects.ts';
import type { TableColumn, TableVersion } from '../../../../src/ports/tables.ts';
import { SqlError } from '../../../../src/sql/errors.ts';

const place = { database: 'lake_versions', name: 'canvas__users__r1' };
const version = (columns: TableColumn[], storage: Partial<AthenaStorage>): TableVersion => ({
  table: 'canvas.users',
  columns,
  rows: 1,
  storage: { kind: 'iceberg', place, snapshot: '9007199254740993', columns, ...storage } as never,
});
const COLUMNS: TableColumn[] = [
  { name: 'id', type: 'bigint' },
  { name: 'seen_at', type: 'timestamp' },
  { name: 'starts', type: 'time' },
];
const users = version(COLUMNS, {});

const objects = {
  list: async (prefix: string) =>
    ['20261122_part', 'LOAD00000001.parquet', '_manifest.json'].map((name) => prefix + name),
  uri: (key: string) => `s3://bucket/${key}`,
  delete: async () => undefined,
} as unknown as ObjectStore;

describe('what a view of the Spark job reads', () => {
  it('is one snapshot of an Iceberg table, by its exact number', async () => {
    expect(await viewOf(objects, users)).toEqual({
      name: 'canvas__users',
      sql: 'SELECT * FROM lake.`lake_versions`.`canvas__users__r1` VERSION AS OF 9007199254740993',
    });
  });

  it('is nothing where there was no row yet', async () => {
    const empty = version([{ name: 'a`b', type: 'decimal(12,3)' }], { snapshot: null });
    expect(await viewOf(objects, empty)).toEqual({
      name: 'canvas__users',
      sql: 'SELECT CAST(NULL AS decimal(12,3)) AS `a``b` WHERE false',
    });
    expect(noRows(COLUMNS.slice(0, 1))).toBe('SELECT CAST(NULL AS bigint) AS `id` WHERE false');
  });

  it('are the files of a folder, not what is kept beside them', async () => {
    const folder = version(COLUMNS, { kind: 'files', location: 's3://bucket/raw/sis/1/x/' });
    expect(await viewOf(objects, folder)).toEqual({
      name: 'canvas__users',
      files: ['s3://bucket/raw/sis/1/x/20261122_part', 's3://bucket/raw/sis/1/x/LOAD00000001.parquet'],
    });
  });
});

describe('a SELECT for Spark', () => {
  const planned = (columns: TableColumn[], types: string[] = []) =>
    ({ columns, given: types.map((Type) => ({ Type })) }) as unknown as PlannedTable;
  const order = (select: string) =>
    ({
      table: 'campus.x',
      select,
      reads: { 'canvas.users': users },
      versionId: 'r1',
      engine: 'glue',
    }) as const;

  it('reads views, and gives the types that Athena gave, instants to the millisecond', async () => {
    const sql = await sparkSelect(
      order('SELECT u.id, u.seen_at FROM canvas.users u -- all of them'),
      planned(COLUMNS.slice(0, 2)),
    );
    expect(sql).toMatch(
      /^SELECT CAST\(`id` AS bigint\) AS `id`, timestamp_millis\(.*\) AS `seen_at` FROM \(\n/,
    );
    expect(sql).toContain('canvas__users');
    expect(sql).not.toContain('starts');
    expect(sql).not.toContain('canvas.users');
  });

  it('has no times of day and no zones', async () => {
    const refused = async (select: string, columns: TableColumn[], types?: string[]) =>
      sparkSelect(order(select), planned(columns, types)).then(
        () => expect.unreachable(),
        (error: SqlError) => [error.constructor, error.message, error.place],
      );
    expect(await refused('SELECT id FROM canvas.users WHERE starts IS NULL', COLUMNS.slice(0, 1))).toEqual([
      SqlError,
      'The column "starts" is a time of day, which Spark does not know.',
      { line: 1, column: 35 },
    ]);
    expect(await refused('SELECT id AS t FROM canvas.users', [{ name: 't', type: 'time' }])).toEqual([
      SqlError,
      'The column "t" would be a time of day, which Spark does not know.',
      undefined,
    ]);
    const zoned = await refused(
      'SELECT id AS t FROM canvas.users',
      [{ name: 't', type: 'timestamp' }],
      ['timestamp with time zone'],
    );
    expect(zoned[1]).toBe(
      'The column "t" would be an instant with its time zone, which Spark does not know.',
    );
  });
});

describe('a run of the Spark job', () => {
  const ticket = { engine: 'glue', table: 'campus.x', run: 'jr_1', task: 'spark-tasks/x.json' } as JobTicket;
  const ended = (JobRunState: string, ErrorMessage?: string) => {
    const asked: object[] = [];
    const send = async (command: { input: object }) => {
      asked.push(command.input);
      return { JobRun: { JobRunState, ErrorMessage } };
    };
    const glue = { send } as unknown as GlueClient;
    const context = { glue, objects, places: { sparkJob: 'lake-spark' } } as unknown as EngineContext;
    return { status: pollJob(context, ticket), asked };
  };

  it.each(['STARTING', 'WAITING', 'RUNNING', 'STOPPING'])('goes on while it is %s', async (state) => {
    const { status, asked } = ended(state);
    expect(await status).toEqual({ retryAfterSeconds: 20 });
    expect(asked).toEqual([{ JobName: 'lake-spark', RunId: 'jr_1' }]);
  });

  it.each([
    ['FAILED', 'TableNotBuilt: DIVIDE_BY_ZERO', SqlError, 'Division by zero.'],
    ['FAILED', 'TableNotBuilt: CAST_INVALID_INPUT', SqlError, 'A value cannot be converted.'],
    ['FAILED', 'TableNotBuilt: ARITHMETIC_OVERFLOW', SqlError, 'A number is too large for its type.'],
    ['FAILED', 'AccessDeniedException', SparkJobError, 'ended in the Spark job as FAILED: access was denied'],
    ['TIMEOUT', undefined, SparkJobError, 'Building campus.x ended in the Spark job as TIMEOUT'],
    ['STOPPED', undefined, SparkJobError, 'Building campus.x ended in the Spark job as STOPPED'],
  ])('that ends as %s with %s says so', async (state, said, kind, message) => {
    const { failed } = (await ended(state, said).status) as { failed: Error & { hint: string } };
    expect(failed).toBeInstanceOf(kind);
    expect(failed.message).toContain(message);
    expect(failed.hint).not.toBe('');
  });

  it('is not begun where no job was deployed', async () => {
    const context = { places: {} } as unknown as EngineContext;
    const order = { table: 'campus.x', select: '', reads: {}, versionId: 'r1', engine: 'glue' } as const;
    await expect(submitJob(context, order)).rejects.toThrow(
      'asks for "engine: glue", and no Spark job was deployed',
    );
  });
});
