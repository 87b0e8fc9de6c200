import type { Feature } from '../ports/feature.ts';
import { DIAGNOSES, INCIDENTS, REPAIRS, SIGNALS } from './tables.ts';

/** Whether the data can be relied on: what is wrong, why, whose it is, and what the lake has done about it. */
export const health: Feature = {
  name: 'health',
  steps: [
    {
      name: 'diagnose-run',
      after: 'end',
      seconds: 5,
      load: async () => (await import('./step.ts')).diagnoseRun,
    },
  ],
  opsTables: [SIGNALS, INCIDENTS, DIAGNOSES, REPAIRS],
  commands: [
    {
      name: 'health',
      description: 'whether each table can be relied on: status, reason, as of when, whose it is',
      load: async () => (await import('./commands/health.ts')).defineHealth,
    },
    {
      name: 'incidents',
      description: 'what is wrong and why: list, show, acknowledge, snooze, resolve, replay, fix, listen',
      load: async () => (await import('./commands/incidents.ts')).defineIncidents,
    },
    {
      name: 'openlineage',
      description: 'the run as events of OpenLineage, to a file or a server such as Marquez',
      load: async () => (await import('./commands/openlineage.ts')).defineOpenLineage,
    },
  ],
  summary: async (lake) => (await import('./notices.ts')).summaryOf(lake),
  digest: async (lake, asked) => (await import('./digest.ts')).digestOf(lake, asked),
  notices: async (lake, run) => (await import('./notices.ts')).noticesOf(lake, run),
};
