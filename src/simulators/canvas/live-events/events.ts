import type { College, Row } from '../../college/college.ts';

/** An event as Canvas's own format delivers it. */
export interface SimulatedEvent {
  /** When it happened, epoch ms. */
  readonly at: number;
  readonly name: string;
  readonly payload: {
    readonly metadata: Readonly<Record<string, unknown>>;
    readonly body: Readonly<Record<string, unknown>>;
  };
}

const SHARD = 10_000_000_000_000n;

/** What Canvas's tables tell of an event, by table. `before` is the row as it stood. */
const KINDS: Readonly<
  Record<
    string,
    (row: Row, before: Row | undefined, at: number) => [name: string, body: object, actor: unknown][]
  >
> = {
  submissions(row, before, at) {
    const body = {
      submission_id: row.id,
      assignment_id: row.assignment_id,
      user_id: row.user_id,
      submitted_at: iso(row.submitted_at),
      graded_at: iso(row.graded_at),
      posted_at: iso(row.posted_at),
      score: row.score,
      grade: row.grade,
      attempt: row.attempt,
      late: false,
      missing: false,
      workflow_state: row.workflow_state,
      updated_at: iso(row.updated_at),
      submission_type: row.submission_type,
    };
    const handedIn = row.submitted_at !== null && (before === undefined || before.submitted_at === null);
    const graded = row.graded_at !== null && (before === undefined || before.graded_at === null);
    const events: [string, object, unknown][] = [
      [handedIn ? 'submission_created' : 'submission_updated', body, handedIn ? row.user_id : row.grader_id],
    ];
    if (graded)
      events.push([
        'grade_change',
        {
          submission_id: row.id,
          assignment_id: row.assignment_id,
          user_id: row.user_id,
          student_id: row.user_id,
          grader_id: row.grader_id,
          score: row.score,
          old_score: before?.score ?? null,
          grade: row.grade,
          old_grade: before?.grade ?? null,
          grading_complete: true,
          // The student may not see it before it is posted.
          muted: row.posted_at === null || Number(row.posted_at) > at,
        },
        row.grader_id,
      ]);
    return events;
  },
  enrollments: (row, before) => [
    [
      before === undefined ? 'enrollment_created' : 'enrollment_updated',
      {
        enrollment_id: row.id,
        course_id: row.course_id,
        course_section_id: row.course_section_id,
        user_id: row.user_id,
        type: row.type,
        workflow_state: row.workflow_state,
        created_at: iso(row.created_at),
        updated_at: iso(row.updated_at),
      },
      null,
    ],
  ],
  quiz_submissions: (row, before) =>
    row.finished_at !== null && (before === undefined || before.finished_at === null)
      ? [['quiz_submitted', { submission_id: row.id, quiz_id: row.quiz_id }, row.user_id]]
      : [],
  discussion_entries: (row, before) =>
    before === undefined
      ? [
          [
            'discussion_entry_created',
            {
              discussion_entry_id: row.id,
              discussion_topic_id: row.discussion_topic_id,
              parent_discussion_entry_id: row.parent_id,
              text: row.message,
            },
            row.user_id,
          ],
        ]
      : [],
  web_logs: (row) =>
    row.user_id === null || row.user_id === undefined
      ? []
      : [
          [
            'asset_accessed',
            {
              asset_type: row.web_application_context_type === 'Course' ? 'course' : 'user_dashboard',
              asset_id: row.web_application_context_id,
              asset_subtype: row.web_application_controller,
              role: 'StudentEnrollment',
              level: row.participated ? 'participate' : null,
            },
            row.user_id,
          ],
        ],
};

/**
 * The live events of a college in a range of time, as its tables tell them: each is consistent with what the DAP server
 * hands out of the same instant. Ids are texts, global in bodies and local in the metadata, as Canvas mixes them.
 */
export function* canvasEventsOf(
  college: College,
  after: number,
  upTo: number,
): Generator<SimulatedEvent, void> {
  const all: SimulatedEvent[] = [];
  for (const [name, eventsOf] of Object.entries(KINDS)) {
    const table = college.canvas.tables.find((one) => one.name === name);
    if (!table) continue;
    const before = new Map<string, Row>();
    // Rows as they stood are needed of those that change in the range only.
    const changes = [...college.canvas.changes(table, after, upTo)];
    const ids = new Set(changes.map(({ row }) => String(row.id)));
    if (name !== 'web_logs')
      for (const { row } of college.canvas.changes(table, Number.NEGATIVE_INFINITY, after, 'newest'))
        if (ids.has(String(row.id))) before.set(String(row.id), row);
    for (const { at, op, row } of changes) {
      const id = String(row.id);
      if (op === 'U') {
        let n = 0;
        for (const [event, body, actor] of eventsOf(row, before.get(id), at)) {
          all.push(simulated(event, at, body, actor, `${name}-${id}-${at}-${n}`));
          n += 1;
        }
        before.set(id, row);
      } else before.delete(id);
    }
  }
  yield* all.sort((a, b) => a.at - b.at);
}

function simulated(name: string, at: number, body: object, actor: unknown, request: string): SimulatedEvent {
  const texts = Object.fromEntries(
    Object.entries(body).map(([field, value]) => [field, typeof value === 'bigint' ? String(value) : value]),
  );
  return {
    at,
    name,
    payload: {
      metadata: {
        event_name: name,
        event_time: new Date(at).toISOString(),
        producer: 'canvas',
        root_account_id: '21070000000000001',
        request_id: request,
        ...(actor === null || actor === undefined
          ? { job_id: request, job_tag: 'SIS::CSV::Import' }
          : {
              user_id: String(BigInt(String(actor)) % SHARD),
              user_login: `login-${actor}@example.edu`,
              user_sis_id: `S${actor}`,
              client_ip: '192.0.2.17',
              user_agent: 'Mozilla/5.0',
              url: 'https://canvas.example.edu/courses/1',
            }),
      },
      body: texts,
    },
  };
}

const iso = (value: unknown): string | null =>
  typeof value === 'number' ? new Date(value).toISOString() : null;
