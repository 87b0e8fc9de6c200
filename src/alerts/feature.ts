import type { Feature } from '../ports/feature.ts';
import { ALERTS, ALERTS_FILE, CURRENT, SILENCED } from './tables.ts';

/** Alerts on what students and the lake do: a stack language and plain English, over history and over a stream. */
export const alerts: Feature = {
  name: 'alerts',
  steps: [
    {
      name: 'alerts',
      after: 'models',
      seconds: 20,
      load: async () => (await import('./step.ts')).dataAlerts,
    },
    {
      name: 'run-alerts',
      after: 'end',
      seconds: 3,
      load: async () => (await import('./step.ts')).lakeAlerts,
    },
  ],
  tables: {
    names: [CURRENT],
    headers: async () => [{ table: CURRENT, text: (await import('./current-table.ts')).CURRENT_SQL }],
    overNothing: async (lake) => (await import('./over-nothing.ts')).overNothing(lake),
  },
  opsTables: [ALERTS, SILENCED],
  files: [
    {
      name: ALERTS_FILE,
      loadSchema: async () => (await import('./rules/alerts-schema.ts')).alertsSchema,
      examine: async ({ campus }) => (await import('./rules/load-alerts.ts')).examineAlerts(campus),
    },
  ],
  lists: [
    {
      title: 'Alerts: whom they are about',
      table: CURRENT,
      order: [{ column: 'since', descending: true }, { column: 'alert' }, { column: 'student_id' }],
      where: { sql: "phase = 'firing' AND student_id IS NOT NULL", reads: ['phase', 'student_id'] },
      columns: [
        { name: 'student_id', title: 'Student' },
        { name: 'alert', title: 'Alert' },
        { name: 'course_code', title: 'Course' },
        { name: 'since', title: 'Since' },
      ],
      reasons: 'reasons',
      note: 'An alert tells that something happened, or did not. It is no judgement.',
    },
  ],
  commands: [
    {
      name: 'alerts',
      description: 'alerts on students, classes and the lake: list, test, explain, backtest, silence',
      load: async () => (await import('./commands/define.ts')).defineAlerts,
    },
  ],
  notices: async (lake, run) => (await import('./notices.ts')).noticesOf(lake, run),
  summary: async (lake, run) => (await import('./notices.ts')).summaryOf(lake, run),
};
