import type { Repair } from './repair.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A source that goes no further gets time; one that failed may be there again sooner. */
const LAGS = new Set(['data-late', 'source-lags']);

export const runAgain: Repair = {
  name: 'run-again',
  title: 'Run again',
  about:
    'Waits, longer each time, and starts a run: 5 minutes, 20 minutes, an hour; an hour each time for a source that lags. Tables that were loaded are not loaded again.',
  alone: { attempts: 3, coolDownMs: 4 * MINUTE_MS, tables: Number.POSITIVE_INFINITY },
  waitMs: (attempts, { cause }) => {
    if (LAGS.has(cause)) return HOUR_MS;
    return [5 * MINUTE_MS, 20 * MINUTE_MS, HOUR_MS][Math.min(attempts, 2)]!;
  },
  plan: async (_lake, { tables, scope }) => ({
    tables: tables.length > 0 ? tables : [scope.name || 'the lake'],
    text: 'start a run, which asks for what is missing',
  }),
};
