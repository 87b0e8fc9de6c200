import { randomBytes } from 'node:crypto';
import { runStamp } from '../ports/ledger.ts';

/** The id of a load between two runs: `20261130T023000Z-live-4f1c`. In the order of time with those of runs. */
export const newLiveLoad = (now: number): string => `${runStamp(now)}-live-${randomBytes(2).toString('hex')}`;

/** Whether a load, or the publication named after it, was made between two runs. */
export const isLiveLoad = (load: string): boolean => /-live-[0-9a-f]{4}$/.test(load);

/** The hour of such a load, for ids of rows of which one an hour is enough: `20261130T02-live`. */
export const hourOfLive = (load: string): string => `${load.slice(0, load.indexOf('T') + 3)}-live`;
