import type { JobRun } from '@aws-sdk/client-glue';
import { describe, expect, it } from 'vitest';
import prices from '../../../../lib/cost/prices.json' with { type: 'json' };
import { dollarsOf, PRICES } from '../../../../src/jobs/prices.ts';
import { measuredStatement } from '../../../../src/platform/aws/athena/run-statement.ts';
import { measuredRun } from '../../../../src/platform/aws/glue-job/measured-run.ts';

const RUN: JobRun = {
  Id: 'jr_1',
  JobRunState: 'SUCCEEDED',
  StartedOn: new Date('2026-11-30T02:30:00Z'),
  CompletedOn: new Date('2026-11-30T02:35:30Z'),
  ExecutionTime: 300,
  WorkerType: 'G.1X',
  NumberOfWorkers: 4,
  MaxCapacity: 4,
};

describe('What AWS tells of work', () => {
  it('is, of a Spark run that scales by itself, what Glue has counted', () => {
    const work = measuredRun({ ...RUN, DPUSeconds: 700 }, 'campus.students');
    expect(work).toMatchObject({
      kind: 'spark',
      name: 'spark campus.students',
      engine: 'glue',
      queuedMs: 30_000,
      dpuSeconds: 700,
      workers: 4,
      workerType: 'G.1X',
      reference: 'jr_1',
    });
    expect(dollarsOf(work)).toBeCloseTo((700 / 3600) * 0.44, 10);
    expect(work.failed).toBeUndefined();
  });

  it('is, of one of a fixed size, its seconds times its units', () => {
    expect(measuredRun(RUN, 't').dpuSeconds).toBe(1200);
    const { MaxCapacity: _none, ...large } = { ...RUN, WorkerType: 'G.2X' as const };
    expect(measuredRun(large, 't').dpuSeconds).toBe(2400);
    expect(measuredRun({ ...RUN, JobRunState: 'FAILED' }, 't').failed).toBe(true);
  });

  it('is, of a statement, how long it stood in the queue and what it scanned', () => {
    const work = measuredStatement(
      {
        QueryExecutionId: 'q-1',
        Status: {
          State: 'SUCCEEDED',
          SubmissionDateTime: new Date('2026-11-30T02:30:00Z'),
          CompletionDateTime: new Date('2026-11-30T02:30:09Z'),
        },
        Statistics: {
          QueryQueueTimeInMillis: 2000,
          TotalExecutionTimeInMillis: 9000,
          DataScannedInBytes: 50_000_001,
        },
      },
      'Building campus.students',
    );
    expect(work).toMatchObject({ queuedMs: 2000, bytesIn: 50_000_001, reference: 'q-1', engine: 'athena' });
    expect(work.endedAt - work.startedAt).toBe(9000);
    // Whole megabytes, and ten at least.
    expect(dollarsOf(work)).toBeCloseTo((51 / 1e6) * 5, 12);
    expect(dollarsOf({ ...work, bytesIn: 1 })).toBeCloseTo((10 / 1e6) * 5, 12);
  });

  it('is priced as the estimate of `lake cost` prices it', () => {
    const of = (name: 'athena' | 'glue-dpu' | 'lambda-arm' | 'lambda-requests') => prices.prices[name].usd;
    expect(PRICES).toEqual({
      athenaTerabyte: of('athena'),
      glueDpuHour: of('glue-dpu'),
      lambdaGigabyteSecond: of('lambda-arm'),
      lambdaRequest: of('lambda-requests'),
    });
  });
});
