import type { Json } from '../json.ts';
import type { AddedOpsTable } from '../ports/ledger.ts';
import type { TableColumn } from '../ports/tables.ts';
import type { KeptEvent } from './treat.ts';

type Cell = Json;

interface LiveColumn extends TableColumn {
  readonly privacy: 'none' | 'quasi' | 'education';
  readonly description: string;
  /** Whether it names a person by the id of Canvas: text where the catalog gives it a pseudonym. */
  readonly isPerson?: true;
  of(event: KeptEvent): Cell;
}

/** A table of live events: what is known since the last load, which goes before it. */
export interface LiveTable {
  /** `campus.live_<name>` */
  readonly name: string;
  readonly description: string;
  readonly grain: string;
  /** Names of events. */
  readonly events: readonly string[];
  /** Of what a row is: of two events with it the newer counts. Undefined: the event is about nothing. */
  keyOf(event: KeptEvent): string | undefined;
  /** The table of Canvas that has the same, and goes before it once it is loaded. Absent: none. */
  readonly truth?: string;
  readonly columns: readonly LiveColumn[];
}

const text = (value: Json | undefined): Cell =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
const whole = (value: Json | undefined): Cell => {
  const given = text(value);
  return given !== null && /^-?\d{1,19}$/.test(String(given)) ? given : null;
};
const decimal = (value: Json | undefined): Cell => {
  const given = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof given === 'number' && Number.isFinite(given) ? given : null;
};
const flag = (value: Json | undefined): Cell =>
  value === true || value === 'true' ? true : value === false || value === 'false' ? false : null;
const instant = (value: Json | undefined): Cell => {
  if (typeof value !== 'string') return null;
  const time = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value}Z`);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
};

const column = (
  name: string,
  type: TableColumn['type'],
  privacy: LiveColumn['privacy'],
  description: string,
  of: LiveColumn['of'],
): LiveColumn => ({ name, type, privacy, description, of });

const id = (name: string, description: string, field = name): LiveColumn =>
  column(name, 'bigint', 'none', description, ({ body }) => whole(body[field]));

const person = (name: string, description: string, of: LiveColumn['of']): LiveColumn => ({
  ...column(name, 'bigint', 'quasi', description, of),
  isPerson: true,
});

const student = person('user_id', 'the student in Canvas', ({ body, metadata }) =>
  text(body.user_id ?? body.student_id ?? metadata.user_id),
);
const actor = person('user_id', 'who did it, in Canvas', ({ body, metadata }) =>
  text(metadata.user_id ?? body.user_id),
);
const course = column(
  'course_id',
  'bigint',
  'none',
  'the Canvas course, where the event tells it',
  ({ body, metadata }) =>
    whole(body.course_id ?? (metadata.context_type === 'Course' ? metadata.context_id : undefined)),
);

const COMMON: readonly LiveColumn[] = [
  column('source', 'varchar', 'none', 'the source, as campus.yaml calls it', ({ source }) => source),
];
const WHEN: readonly LiveColumn[] = [
  column('event', 'varchar', 'none', 'the newest event about it, as Canvas calls it', ({ name }) => name),
  column('event_time', 'timestamp', 'education', 'when that happened, by the clock of Canvas', ({ time }) =>
    new Date(time).toISOString(),
  ),
];
const eventId = column(
  'event_id',
  'varchar',
  'none',
  'the same for all deliveries of one event',
  (event) => event.id,
);

export const LIVE_TABLES: readonly LiveTable[] = [
  {
    name: 'campus.live_submissions',
    description: 'Work that was handed in, changed or graded since the last load of canvas.submissions',
    grain: 'source, submission_id',
    events: ['submission_created', 'submission_updated'],
    keyOf: ({ body }) => text(body.submission_id)?.toString(),
    truth: 'submissions',
    columns: [
      ...COMMON,
      id('submission_id', 'the submission'),
      id('assignment_id', 'the assignment'),
      student,
      column('submitted_at', 'timestamp', 'education', 'when it was handed in', ({ body }) =>
        instant(body.submitted_at),
      ),
      column('graded_at', 'timestamp', 'education', 'when it was graded', ({ body }) =>
        instant(body.graded_at),
      ),
      column('posted_at', 'timestamp', 'education', 'since when the student can see the grade', ({ body }) =>
        instant(body.posted_at),
      ),
      column('score', 'double', 'education', 'points given', ({ body }) => decimal(body.score)),
      column('attempt', 'integer', 'education', 'which attempt it is', ({ body }) => whole(body.attempt)),
      column('workflow_state', 'varchar', 'education', "Canvas's state of it", ({ body }) =>
        text(body.workflow_state),
      ),
      column('is_late', 'boolean', 'education', 'whether Canvas calls it late', ({ body }) =>
        flag(body.late),
      ),
      column('is_missing', 'boolean', 'education', 'whether Canvas calls it missing', ({ body }) =>
        flag(body.missing),
      ),
      ...WHEN,
    ],
  },
  {
    name: 'campus.live_grades',
    description:
      'Changes of grades since the last load of canvas.submissions, and of points that change them',
    grain: 'event_id',
    events: ['grade_change'],
    keyOf: (event) => event.id,
    truth: 'submissions',
    columns: [
      ...COMMON,
      eventId,
      id('submission_id', 'the submission'),
      id('assignment_id', 'the assignment'),
      student,
      person('grader_id', 'who graded it; empty where Canvas did', ({ body }) => text(body.grader_id)),
      column('score', 'double', 'education', 'points now', ({ body }) => decimal(body.score)),
      column('old_score', 'double', 'education', 'points before', ({ body }) => decimal(body.old_score)),
      column('points_possible', 'double', 'none', 'points that it can bring', ({ body }) =>
        decimal(body.points_possible),
      ),
      column('is_muted', 'boolean', 'education', 'whether the student may not see it yet', ({ body }) =>
        flag(body.muted),
      ),
      ...WHEN,
    ],
  },
  {
    name: 'campus.live_enrolments',
    description: 'Enrolments that were made or changed since the last load of canvas.enrollments',
    grain: 'source, enrolment_id',
    events: ['enrollment_created', 'enrollment_updated'],
    keyOf: ({ body }) => text(body.enrollment_id)?.toString(),
    truth: 'enrollments',
    columns: [
      ...COMMON,
      id('enrolment_id', 'the enrolment', 'enrollment_id'),
      course,
      id('section_id', 'the section', 'course_section_id'),
      student,
      column('type', 'varchar', 'none', 'StudentEnrollment, TeacherEnrollment, …', ({ body }) =>
        text(body.type),
      ),
      column('workflow_state', 'varchar', 'education', "Canvas's state of it", ({ body }) =>
        text(body.workflow_state),
      ),
      ...WHEN,
    ],
  },
  {
    name: 'campus.live_quizzes',
    description: 'Classic quizzes that were handed in since the last load of canvas.quiz_submissions',
    grain: 'source, quiz_submission_id',
    events: ['quiz_submitted'],
    keyOf: ({ body }) => text(body.submission_id)?.toString(),
    truth: 'quiz_submissions',
    columns: [
      ...COMMON,
      id(
        'quiz_submission_id',
        'the submission of the quiz, which is none of canvas.submissions',
        'submission_id',
      ),
      id('quiz_id', 'the quiz'),
      actor,
      ...WHEN,
    ],
  },
  {
    name: 'campus.live_discussion',
    description: 'Posts since the last load of canvas.discussion_entries',
    grain: 'source, entry_id',
    events: ['discussion_entry_created', 'discussion_entry_submitted'],
    keyOf: ({ body }) => text(body.discussion_entry_id)?.toString(),
    truth: 'discussion_entries',
    columns: [
      ...COMMON,
      id('entry_id', 'the post', 'discussion_entry_id'),
      id('topic_id', 'the discussion', 'discussion_topic_id'),
      actor,
      course,
      ...WHEN,
    ],
  },
  {
    name: 'campus.live_assets_accessed',
    description:
      'What was opened in Canvas within the last 48 hours. It is no page view: canvas.web_logs has every request, and the two are never added',
    grain: 'event_id',
    events: ['asset_accessed'],
    keyOf: (event) => event.id,
    columns: [
      ...COMMON,
      eventId,
      actor,
      course,
      column('asset_type', 'varchar', 'none', 'what it is', ({ body }) => text(body.asset_type)),
      id('asset_id', 'which of them'),
      column('asset_subtype', 'varchar', 'none', 'a part of it', ({ body }) => text(body.asset_subtype)),
      column('category', 'varchar', 'none', 'kind of the content', ({ body }) => text(body.category)),
      column('role', 'varchar', 'none', 'in which role', ({ body }) => text(body.role)),
      column('level', 'varchar', 'none', 'view or participate', ({ body }) => text(body.level)),
      ...WHEN,
    ],
  },
  {
    name: 'campus.live_logins',
    description: 'Who logged in or out within the last 48 hours',
    grain: 'event_id',
    events: ['logged_in', 'logged_out'],
    keyOf: (event) => event.id,
    columns: [...COMMON, eventId, actor, ...WHEN],
  },
];

/** Of tables that no table of Canvas overtakes, so much is kept, ms. */
export const WINDOW_MS = 48 * 3600_000;
/** So late does Canvas deliver at the latest: three attempts within 20 minutes, and some more. */
export const LATENESS_MS = 30 * 60_000;

/** What the header of a model would say of it. */
export function headerOf({ name, description, grain, columns, events }: LiveTable): string {
  return `
-- description: ${description}. Provisional: Canvas delivers live events at its best effort, and the next load tells what
--   is true
-- grain: ${grain}
-- owner: Data team
${columns.map((one) => `-- column ${one.name} (${one.privacy}): ${one.description}`).join('\n')}
-- Made of ${events.join(', ')}.
SELECT ${columns.map((one) => one.name).join(', ')} FROM ${rowsTable(name)}`.trim();
}

/** What the table is made of. */
export const rowsTable = (name: string): string => `${name}_rows`;

/** How many events of Canvas were lost, as far as its tables tell. */
export const LIVE_LOSS: AddedOpsTable = {
  name: 'live_event_loss',
  description:
    'In each run, for every kind of live event whose result is in a table of Canvas: how many there must have been since the run before, and how many never came',
  privacy: 'none',
  columns: [
    { name: 'source', type: 'varchar' },
    { name: 'event', type: 'varchar' },
    { name: 'since', type: 'timestamp' },
    { name: 'until', type: 'timestamp' },
    { name: 'expected', type: 'bigint' },
    { name: 'received', type: 'bigint' },
    { name: 'lost', type: 'bigint' },
    { name: 'repeated', type: 'bigint' },
  ],
};
