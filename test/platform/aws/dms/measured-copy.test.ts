import { describe, expect, it } from 'vitest';
import { dollarsOf } from '../../../../src/jobs/prices.ts';
import { rowOfWork } from '../../../../src/jobs/rows.ts';
import { measuredCopy } from '../../../../src/platform/aws/dms/measured-copy.ts';

/** As DescribeTableStatistics has it. */
const TOLD = {
  SchemaName: 'registrar',
  TableName: 'students',
  FullLoadRows: 2_000,
  FullLoadErrorRows: 0,
  FullLoadStartTime: new Date('2026-11-30T02:30:00Z'),
  FullLoadEndTime: new Date('2026-11-30T02:30:42Z'),
  TableState: 'Table completed',
};
const TABLE = { schema: 'registrar', table: 'students' };

describe('A copy by DMS', () => {
  it('is a row of ops.job_runs with its time, rows, files and bytes, and no price of its own', () => {
    const files = [1, 2].map((n) => ({ key: `LOAD0000000${n}.parquet`, bytes: 500 * n }));
    const work = measuredCopy(TOLD, { ...TABLE, rows: 2_000, files }, 'lake-sis-1')!;
    expect(rowOfWork('20261130T023000Z-0000', work)).toEqual({
      id: '20261130T023000Z-0000/copy registrar.students/lake-sis-1/registrar.students',
      run: '20261130T023000Z-0000',
      job: 'copy registrar.students',
      kind: 'copy',
      engine: 'dms',
      status: 'succeeded',
      started_at: '2026-11-30T02:30:00.000Z',
      ran_ms: 42_000,
      rows_in: 2_000,
      rows_out: 2_000,
      bytes_out: 1_500,
      files_out: 2,
      reference: 'lake-sis-1/registrar.students',
    });
    expect(dollarsOf(work)).toBeUndefined();
  });

  it('that failed has what DMS counted, and one of which it tells no times is none', () => {
    expect(measuredCopy(TOLD, { ...TABLE, error: 'DMS says so' }, 't')).toMatchObject({ failed: true });
    expect(measuredCopy(TOLD, undefined, 't')).not.toHaveProperty('rowsOut');
    expect(measuredCopy({ ...TOLD, FullLoadEndTime: undefined }, undefined, 't')).toBeUndefined();
  });
});
