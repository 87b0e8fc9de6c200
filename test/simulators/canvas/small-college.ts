import {
  type CanvasSimulator,
  type CanvasSimulatorOptions,
  startCanvasSimulator,
} from '../../../src/simulators/canvas/server.ts';
import type { Change, College, Row, TableShape } from '../../../src/simulators/college/college.ts';
import { VirtualClock } from '../../../src/simulators/virtual-clock.ts';
import { historyOf } from '../history-of.ts';

export const DAY = 86_400_000;
export const OPENS = Date.UTC(2026, 0, 5);

function shape(namespace: string, name: string, columns: Readonly<Record<string, string>>): TableShape {
  const list = Object.entries(columns).map(([column, type]) => ({ name: column, type }));
  return { namespace, name, key: ['id'], columns: list };
}

export const USERS = shape('canvas', 'users', {
  id: 'bigint',
  name: 'text',
  workflow_state: 'text',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
});
export const COURSES = shape('canvas', 'courses', {
  id: 'bigint',
  name: 'text',
  workflow_state: 'text',
  syllabus_body: 'text',
  settings: 'json',
  tab_configuration: 'json',
});
export const SUBMISSIONS = shape('canvas', 'submissions', {
  id: 'bigint',
  score: 'double precision',
  points_deducted: 'numeric(6,2)',
  excused: 'boolean',
  attempt: 'integer',
});
export const WEB_LOGS = shape('canvas_logs', 'web_logs', {
  id: 'uuid',
  timestamp: 'timestamptz',
  url: 'text',
  http_status: 'int32',
  user_id: 'bigint',
});
export const GADGETS = shape('new_quizzes', 'gadgets', { id: 'bigint', made: 'date', size: 'numeric(10,2)' });

/** A college whose Canvas has the given changes, each table's in order, and nothing else. */
export function collegeOf(...tables: readonly (readonly [TableShape, readonly Change[]])[]): College {
  return {
    name: 'Small College',
    timeZone: 'UTC',
    provenance: 'made by hand for tests',
    opens: OPENS,
    closes: OPENS + 120 * DAY,
    canvas: historyOf(new Map(tables)),
    sis: historyOf(new Map()),
  };
}

export function upsert(at: number, row: Row): Change {
  return { at, op: 'U', row };
}
export function remove(at: number, row: Row): Change {
  return { at, op: 'D', row };
}

/** A 17-digit id, as ids from another shard have: too long for a JavaScript number. */
export const GLOBAL_ID = 21070000000000001n;

/** Two users on the first day; on the second one is renamed, one deleted, one created, and one unknown deleted. */
export function twoDaysOfUsers(): Change[] {
  const user = (at: number, id: bigint, name: string | null): Change =>
    upsert(at, { id, name, workflow_state: 'registered', created_at: OPENS, updated_at: at });
  return [
    user(OPENS + 1000, GLOBAL_ID, 'Zoë "Z" Ångström\tline\nbreak, \\ comma 🎓'),
    user(OPENS + 2000, 2n, 'NULL'),
    user(OPENS + 3000, 3n, ''),
    user(OPENS + DAY + 1000, GLOBAL_ID, 'Zoë Ångström'),
    remove(OPENS + DAY + 2000, { id: 2n }),
    user(OPENS + DAY + 3000, 4n, null),
    remove(OPENS + DAY + 4000, { id: 999n }),
  ];
}

/** Values of every kind, in the corners where formats differ. */
export function oddCourses(): Change[] {
  return [
    upsert(OPENS + 1000, {
      id: 1n,
      name: 'All',
      workflow_state: 'available',
      syllabus_body: '<p>\r\n\f"quoted"\v\b</p>',
      settings: { hide_final_grade: 'true', course_format: null, allow_student_discussion_topics: 'a\tb' },
      tab_configuration: [{ id: 0 }, { id: GLOBAL_ID, hidden: true }],
    }),
    upsert(OPENS + 2000, { id: 2n, name: null, workflow_state: 'no such state', settings: {} }),
    upsert(OPENS + 3000, { id: 3n }),
  ];
}

export function someSubmissions(): Change[] {
  return [
    upsert(OPENS + 1000, { id: 1n, score: 0.1 + 0.2, points_deducted: '1234.50', excused: true, attempt: 2 }),
    upsert(OPENS + 2000, { id: 2n, score: 100, points_deducted: '-0.05', excused: false, attempt: null }),
  ];
}

/** A simulator of a college at an instant, its clock standing still. */
export async function simulatorOf(
  college: College,
  at: number,
  options: Omit<Partial<CanvasSimulatorOptions>, 'college' | 'clock'> = {},
): Promise<CanvasSimulator> {
  return startCanvasSimulator({ college, clock: new VirtualClock(at), ...options });
}
