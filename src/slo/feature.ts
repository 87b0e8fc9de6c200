import type { Feature } from '../ports/feature.ts';
import {
  ALERT_CHANGES,
  APPROVALS,
  HELD_WORK,
  PUBLISHED_TABLES,
  SERVICE_LEVELS,
  SILENCES,
  SLO_FILE,
  SLO_FOLDER,
} from './tables.ts';

/** Service levels: promises about tables and runs, what is left of their error budgets, and alerts on how fast they burn. */
export const slo: Feature = {
  name: 'slo',
  steps: [
    {
      name: 'service-levels',
      after: 'publish',
      seconds: 5,
      load: async () => (await import('./step.ts')).serviceLevels,
    },
  ],
  opsTables: [PUBLISHED_TABLES, SERVICE_LEVELS, SILENCES, APPROVALS, HELD_WORK, ALERT_CHANGES],
  holds: { load: async () => (await import('./hold.ts')).holdOf },
  files: [
    {
      name: SLO_FILE,
      folder: SLO_FOLDER,
      loadSchema: async () => (await import('./slo-schema.ts')).sloSchema,
      examine: async (lake) => (await import('./open-objectives.ts')).examineObjectives(lake),
    },
  ],
  commands: [
    {
      name: 'slo',
      description: 'service levels: promises about tables and runs, and what is left of their error budgets',
      load: async () => (await import('./commands/define.ts')).defineSlo,
    },
  ],
  signals: async (lake) => (await import('./signals.ts')).signalsOf(lake),
  notices: async (lake, run) => (await import('./announce.ts')).noticesOfRun(lake, run),
  digest: async (lake, asked) => (await import('./digest.ts')).digestOf(lake, asked),
  watch: { load: async () => (await import('./watch.ts')).watchLevels },
  stack: { load: async () => (await import('./infrastructure.ts')).buildLevels },
  summary: async (lake, run) => (await import('./summary.ts')).summaryOf(lake, run),
};
