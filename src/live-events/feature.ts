import type { Feature } from '../ports/feature.ts';
import { liveSources } from './sources.ts';
import { headerOf, LIVE_LOSS, LIVE_TABLES } from './tables.ts';

/** Live events of Canvas: received as they happen, shown until a load tells the same, and counted against it. */
export const liveEventsFeature: Feature = {
  name: 'live-events',
  steps: [
    {
      name: 'live-events',
      after: 'models',
      seconds: 5,
      load: async () => (await import('./step.ts')).settleLiveEvents,
    },
  ],
  tables: {
    names: LIVE_TABLES.map(({ name }) => name),
    headers: async () => LIVE_TABLES.map((table) => ({ table: table.name, text: headerOf(table) })),
    overNothing: async (lake) => (await import('./over-nothing.ts')).overNothing(lake),
  },
  opsTables: [LIVE_LOSS],
  resident: {
    isWanted: (campus) => liveSources(campus).length > 0,
    load: async () => (await import('./resident.ts')).openReceiving,
  },
  summary: async (lake, run) => (await import('./summary.ts')).summaryOf(lake, run),
};
