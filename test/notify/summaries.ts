import type { FailureGroup } from '../../src/failure-groups.ts';
import type { RunSummary } from '../../src/notify/summary.ts';

/** A failure of one dataset, of which a test says what it is about. */
export const failure = (
  about: string,
  message: string,
  hint: string,
  more: Partial<FailureGroup> = {},
): FailureGroup => ({
  code: 'job-failed',
  class: 'JobFailedError',
  about,
  source: about.includes('.') ? about.split('.', 1)[0]! : '',
  retryable: false,
  reach: 'item',
  message,
  hint,
  count: 1,
  tables: about === '' ? [] : [about],
  owners: [],
  ...more,
});

/** A good night of a big college. */
export const good: RunSummary = {
  run: '20261122T023000Z-4f1c',
  campus: 'Lakeside College',
  status: 'succeeded',
  startedAt: '2026-11-22T02:30:00.000Z',
  endedAt: '2026-11-22T02:32:31.000Z',
  asOf: '2026-11-22T02:15:00.000Z',
  loads: Array.from({ length: 2_500 }, (_, i) => ({
    dataset: `sis.table_${i}`,
    kind: i < 3 ? 'snapshot' : 'increment',
    rows: i * 10,
    bytes: i * 1_000,
  })),
  failures: [],
  failed: 0,
  checks: { run: 2_612, warned: 2, failed: 0 },
  stale: [],
  schemaChanges: [{ dataset: 'canvas.terms', change: 'column sort_order (integer) added' }],
  remarks: [{ about: 'canvas.users', text: 'the job had expired and was asked for again' }],
  published: true,
  tables: 2_530,
  headlines: ['31 students may need attention'],
  lines: ['31 first-semester students may need attention.'],
};

export const bad: RunSummary = {
  ...good,
  status: 'failed',
  loads: [],
  failures: [
    failure(
      'canvas.submissions',
      'The job 7c1b was refused: ProcessingError.',
      'Run again; if it fails the same way, tell Instructure the uuid.',
    ),
    failure('', 'The disk is full.', 'Free some space.', {
      code: 'disk-full',
      class: 'SystemError',
      reach: 'lake',
    }),
  ],
  failed: 2,
  schemaChanges: [],
  remarks: [],
  published: false,
};
