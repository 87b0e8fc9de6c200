import type { Feature } from '../ports/feature.ts';
import { JOB_DECISIONS, JOB_RUNS, JOB_SUMMARIES } from './tables.ts';

/** What every piece of work uses, how that changes, and what would make it cheaper. */
export const jobs: Feature = {
  name: 'jobs',
  steps: [
    {
      name: 'job-summaries',
      after: 'publish',
      seconds: 5,
      load: async () => (await import('./step.ts')).jobSummaries,
    },
  ],
  opsTables: [JOB_RUNS, JOB_SUMMARIES, JOB_DECISIONS],
  commands: [
    {
      name: 'jobs',
      description:
        'every piece of work: how long it takes, what it uses and costs, what would make it cheaper',
      load: async () => (await import('./commands/define.ts')).defineJobs,
    },
  ],
  digest: async (lake, asked) => (await import('./digest.ts')).digestOf(lake, asked),
  stepMeter: { open: async (lake, run) => (await import('./meter.ts')).openMeter(lake, run) },
};
