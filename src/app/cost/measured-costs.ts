import { jobCosts } from '../jobs/jobs.ts';

type Costs = Awaited<ReturnType<typeof jobCosts>>;

/** What the work of the last 30 days has used, from the record of jobs: measured where the estimate of a month is reckoned. */
export interface MeasuredCosts {
  /** ISO 8601 UTC. */
  readonly since: string;
  /** Days of them on which something ran. */
  readonly days: number;
  /** The sum of what has a price. On a machine of one's own nothing has. */
  readonly dollars: number;
  /** What a month of 30 days would cost at this rate. Absent before a whole day has been measured. */
  readonly dollarsPerMonth?: number;
  readonly byEngine: Costs['byEngine'];
}

/**
 * What was measured of a lake's own work. What stands and waits (storage, keys, alarms, networks, a warehouse) is in no
 * row of it, so it is part of an estimate and not another one of the same.
 * @throws InputError where the session may not read the record of jobs
 */
export async function measuredCosts(lake: Parameters<typeof jobCosts>[0]): Promise<MeasuredCosts> {
  const { since, dollars, dollarsPerMonth, byEngine, byDay } = await jobCosts(lake);
  return {
    since,
    days: byDay.length,
    dollars,
    ...(dollarsPerMonth === undefined ? {} : { dollarsPerMonth }),
    byEngine,
  };
}
