import type { Feature } from '../ports/feature.ts';
import { LIVE_SCORES } from './live/tables.ts';
import { MODEL_DECISIONS, MODEL_MONITOR } from './registry/tables.ts';
import { scoreList } from './score-list.ts';
import { DRIFT, FEATURES, SCORES } from './tables.ts';

/** Which students may need help, learned from past terms: everything about it. */
export const earlyWarningFeature: Feature = {
  name: 'early-warning',
  steps: [
    {
      name: 'early-warning',
      after: 'models',
      seconds: 60,
      load: async () => (await import('./step.ts')).earlyWarning,
    },
  ],
  tables: {
    names: [FEATURES, DRIFT, SCORES, LIVE_SCORES],
    headers: async (campus) => (await import('./headers.ts')).headersOf(campus),
    overNothing: async (lake, built) => (await import('./over-nothing.ts')).overNothing(lake, built),
  },
  lists: [scoreList],
  rounds: { load: async () => (await import('./live/round.ts')).scoreRound },
  opsTables: [MODEL_MONITOR, MODEL_DECISIONS],
  signals: async (lake, run) => (await import('./registry/signals.ts')).modelSignals(lake, run),
  commands: [
    {
      name: 'early-warning',
      description: 'which students may need help, learned from past terms and honestly scored',
      load: async () => (await import('./commands/define.ts')).defineEarlyWarning,
    },
    {
      name: 'models',
      description: 'trained models of early warning: list, compare, propose, promote, roll back',
      load: async () => (await import('./commands/models.ts')).defineModels,
    },
  ],
  people: { load: async () => (await import('./students/people.ts')).studentsOfRequests },
  rights: { read: ['early-warning/*'] },
};
