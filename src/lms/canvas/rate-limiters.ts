import { RateLimiter, type RateLimiterOptions } from './rate-limiter.ts';

/**
 * Calls that Canvas allows in a minute at each endpoint, independent of each other ("Limits & policies" of the DAP
 * documentation). New jobs: 5, which campus.yaml can change.
 */
const PER_MINUTE = { job: 500, list: 5, schema: 500, url: 200 };

export type RateLimiters = Readonly<Record<'create' | keyof typeof PER_MINUTE, RateLimiter>>;

/** One limiter for each endpoint, shared by all tables of a source. */
export function createGates(
  source: string,
  jobsPerMinute: number,
  { longestWaitMs, ...options }: Omit<RateLimiterOptions, 'bucket' | 'perMinute'>,
): RateLimiters {
  const limiter = (endpoint: string, perMinute: number, more: Partial<RateLimiterOptions> = {}) =>
    new RateLimiter({ ...options, ...more, bucket: `${source}/${endpoint}`, perMinute });
  return {
    // Only this one is waited at for minutes; the others let hundreds through in one.
    create: limiter('create', jobsPerMinute, { longestWaitMs }),
    job: limiter('job', PER_MINUTE.job),
    list: limiter('list', PER_MINUTE.list),
    schema: limiter('schema', PER_MINUTE.schema),
    url: limiter('url', PER_MINUTE.url),
  };
}
