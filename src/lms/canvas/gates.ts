import { Gate, type GateOptions } from './gate.ts';

/**
 * Calls that Canvas allows in a minute at each endpoint, independent of each other ("Limits & policies" of the DAP
 * documentation). New jobs: 5, which campus.yaml can change.
 */
const PER_MINUTE = { job: 500, list: 5, schema: 500, url: 200 };

export type Gates = Readonly<Record<'create' | keyof typeof PER_MINUTE, Gate>>;

/** One gate for each endpoint, shared by all tables of a source. */
export function createGates(
  source: string,
  jobsPerMinute: number,
  { longestWaitMs, ...options }: Omit<GateOptions, 'bucket' | 'perMinute'>,
): Gates {
  const gate = (endpoint: string, perMinute: number, more: Partial<GateOptions> = {}) =>
    new Gate({ ...options, ...more, bucket: `${source}/${endpoint}`, perMinute });
  return {
    // Only this one is waited at for minutes; the others let hundreds through in one.
    create: gate('create', jobsPerMinute, { longestWaitMs }),
    job: gate('job', PER_MINUTE.job),
    list: gate('list', PER_MINUTE.list),
    schema: gate('schema', PER_MINUTE.schema),
    url: gate('url', PER_MINUTE.url),
  };
}
