import type { JobRun, WorkerType } from '@aws-sdk/client-glue';
import type { MeasuredWork } from '../../../ports/metering.ts';

/** Data processing units of a worker. https://docs.aws.amazon.com/glue/latest/dg/worker-types.html */
const UNITS: { readonly [type in WorkerType]?: number } = {
  'G.025X': 0.25,
  'G.1X': 1,
  'G.2X': 2,
  'G.4X': 4,
  'G.8X': 8,
  'G.12X': 12,
  'G.16X': 16,
};

/**
 * What Glue tells of a run of its Spark job that has ended. Glue itself counts the units only of runs that scale by
 * themselves (and of flexible ones); of others they are the seconds that it ran, times the units that it had.
 * https://docs.aws.amazon.com/glue/latest/webapi/API_JobRun.html
 */
export function measuredRun(run: JobRun, table: string): MeasuredWork {
  const { StartedOn, CompletedOn, ExecutionTime, DPUSeconds, WorkerType, NumberOfWorkers, Id } = run;
  const endedAt = CompletedOn?.getTime() ?? Date.now();
  const ranMs = (ExecutionTime ?? 0) * 1000;
  const startedAt = StartedOn?.getTime() ?? endedAt - ranMs;
  const each = WorkerType === undefined ? undefined : UNITS[WorkerType];
  const units = run.MaxCapacity ?? (each === undefined ? undefined : each * (NumberOfWorkers ?? 0));
  const dpuSeconds = DPUSeconds ?? (units === undefined ? undefined : units * (ExecutionTime ?? 0));
  return {
    kind: 'spark',
    name: `spark ${table}`,
    engine: 'glue',
    startedAt,
    endedAt,
    ...(ExecutionTime === undefined ? {} : { queuedMs: Math.max(0, endedAt - startedAt - ranMs) }),
    ...(dpuSeconds === undefined ? {} : { dpuSeconds }),
    ...(NumberOfWorkers === undefined ? {} : { workers: NumberOfWorkers }),
    ...(WorkerType === undefined ? {} : { workerType: WorkerType }),
    ...(run.JobRunState === 'SUCCEEDED' ? {} : { failed: true }),
    ...(Id === undefined ? {} : { reference: Id }),
  };
}
