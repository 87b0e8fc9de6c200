import { FOLLOW } from '../pipeline/follow-schedule.ts';
import type { Settings } from '../settings.ts';
import { ASSUMED } from './assumptions.ts';
import { priceOf } from './price-table.ts';
import type { Charge } from './template.ts';
import type { Usage } from './usage.ts';

export const MINUTES_PER_MONTH = 43_830;

/** Between two rounds, as campus.yaml can have it. */
export const FOLLOW_MINUTES = [5, 15, 60] as const;

const flowing = ({ sis }: Settings) =>
  sis.filter(([, source]) => source.replication === 'full-load-and-cdc').map(([name]) => name);

/**
 * What it costs to follow changes every so many minutes, beside their capture. Tables that change are taken to change in
 * every round, and the largest of their kind: a merge reads the table. A MERGE and its checks are statements of 10 MB at least.
 */
export function followed(minutes: number, { settings, sisGb }: Usage): Charge[] {
  const sources = flowing(settings);
  if (sources.length === 0) return [];
  const what = 'Following changes';
  const rounds = MINUTES_PER_MONTH / minutes;
  const tables = sources.flatMap((name) => settings.catalog.of(name)).length * ASSUMED.busyTables;
  const readGb =
    sisGb * ASSUMED.busyTables * (sources.length / settings.sis.length) +
    (tables * ASSUMED.statementsPerFollowed * ASSUMED.statementMb) / 1000;
  const seconds =
    ASSUMED.secondsPerRound + Math.ceil(tables / ASSUMED.followedAtOnce) * ASSUMED.secondsPerFollowed;
  return [
    { what, price: 'schedules', quantity: rounds },
    { what, price: 'lambda-arm', quantity: (rounds * seconds * FOLLOW.memory) / 1024 },
    { what, price: 'lambda-requests', quantity: rounds },
    { what, price: 'athena', quantity: (rounds * readGb) / 1000 },
    { what, price: 'metric', quantity: 2 },
  ];
}

/** Dollars a month of each interval; none where nothing flows. */
export function followCosts(usage: Usage): { readonly minutes: number; readonly monthly: number }[] {
  if (flowing(usage.settings).length === 0) return [];
  return FOLLOW_MINUTES.map((minutes) => ({
    minutes,
    monthly: followed(minutes, usage).reduce((sum, one) => sum + one.quantity * priceOf(one.price).usd, 0),
  }));
}
