import fc from 'fast-check';
import type { LakeType } from '../../src/campus/lake-type.ts';
import type { Json } from '../../src/json.ts';
import type { LocalEngine } from '../../src/platform/local/duckdb/engine.ts';
import type { TableColumn, TableVersion } from '../../src/ports/tables.ts';

/** A piece of a student's work; days count from the first day of the term, `NEVER` for never. */
export interface Work {
  readonly handedIn: number;
  readonly posted: number;
  /** Default: the day it was posted. */
  readonly graded?: number;
  readonly score: number;
  /** Default: never. */
  readonly excused?: number;
  /** A status that a teacher has set; it has no date. Default: none. */
  readonly status?: 'none' | 'extended' | 'late' | null;
}

export interface Seat {
  readonly registered: number;
  readonly left: number;
  /** Gone, and nobody says since when. Default: no. */
  readonly goneUndated?: boolean;
  /** Last seen in the course. Default: never. */
  readonly seen?: number;
  /** When Canvas last touched the enrolment. Default: after the term. */
  readonly touched?: number;
  readonly work: readonly Work[];
}

export interface Piece {
  readonly due: number;
  readonly quiz: boolean;
  readonly weight: number;
  /** Why its mark says nothing about the grade. Default: it does. */
  readonly kind?: 'counts' | 'omitted' | 'pass_fail' | 'practice' | 'no points';
}

/** One course with its pieces of work and its students. */
export interface World {
  readonly pieces: readonly Piece[];
  readonly seats: readonly Seat[];
}

export const NEVER = -100;
const PIECES = 5;
const LAST_DAY = 84;
const day = fc.integer({ min: -5, max: LAST_DAY });
const dayOrNever = fc.oneof({ arbitrary: day, weight: 4 }, fc.constant(NEVER));
const rarely = fc.oneof({ arbitrary: fc.constant(NEVER), weight: 9 }, day);
const work: fc.Arbitrary<Work> = fc
  .record({
    handedIn: dayOrNever,
    posted: dayOrNever,
    gradedAfter: fc.oneof({ arbitrary: fc.constant(0), weight: 3 }, fc.integer({ min: -20, max: 40 })),
    score: fc.integer({ min: 0, max: 20 }),
    excused: rarely,
    status: fc.oneof(
      { arbitrary: fc.constant(null), weight: 8 },
      fc.constantFrom('none' as const, 'extended' as const, 'late' as const),
    ),
  })
  .map(({ gradedAfter, ...one }) => ({
    ...one,
    graded: one.posted === NEVER ? NEVER : one.posted + gradedAfter,
  }));
const seat: fc.Arbitrary<Seat> = fc.record({
  registered: fc.integer({ min: -30, max: 30 }),
  left: fc.oneof({ arbitrary: fc.constant(NEVER), weight: 3 }, fc.integer({ min: 0, max: LAST_DAY })),
  goneUndated: fc.oneof({ arbitrary: fc.constant(false), weight: 9 }, fc.constant(true)),
  seen: dayOrNever,
  touched: day,
  work: fc.array(work, { minLength: PIECES, maxLength: PIECES }),
});

export const worlds: fc.Arbitrary<World[]> = fc.array(
  fc.record({
    pieces: fc.array(
      fc.record({
        due: fc.integer({ min: 1, max: LAST_DAY }),
        quiz: fc.boolean(),
        weight: fc.constantFrom(0, 10, 30),
        kind: fc.oneof(
          { arbitrary: fc.constant('counts' as const), weight: 4 },
          fc.constantFrom(
            'omitted' as const,
            'pass_fail' as const,
            'practice' as const,
            'no points' as const,
          ),
        ),
      }),
      { minLength: PIECES, maxLength: PIECES },
    ),
    seats: fc.array(seat, { minLength: 1, maxLength: 6 }),
  }),
  { minLength: 60, maxLength: 90 },
);

/**
 * The same world, with everything that is dated after a day drawn again: later, or not at all, or more of it. What had
 * happened by then stays, also where only its last date is kept: what was marked again had been marked.
 */
export function alteredAfter(world: World, cut: number, random: () => number): World {
  const after = () => cut + 1 + Math.floor(random() * (LAST_DAY + 10 - cut));
  const later = () => (random() < 0.3 ? NEVER : after());
  const again = (when: number) => (when === NEVER || when > cut ? later() : when);
  const alteredWork = (one: Work): Work => {
    const { handedIn, posted, graded = posted, excused = NEVER } = one;
    const wasMarked = posted !== NEVER && posted <= cut;
    return {
      ...one,
      handedIn: again(handedIn),
      posted: again(posted),
      graded: wasMarked && graded <= cut ? graded : wasMarked ? after() : later(),
      score: wasMarked && graded <= cut ? one.score : Math.floor(random() * 21),
      // What had been marked and was excused later stays so: an excuse takes the mark with its day.
      excused: excused > cut ? (wasMarked ? after() : later()) : excused,
    };
  };
  const students = world.seats.map((one) => ({
    ...one,
    registered: one.registered > cut ? cut + 1 + Math.floor(random() * 20) : one.registered,
    // Of whom nobody knows when they left, nobody knows it later either.
    left: one.goneUndated ? (one.left > cut ? after() : one.left) : again(one.left),
    seen: again(one.seen ?? NEVER),
    touched: after(),
    work: one.work.map(alteredWork),
  }));
  const newcomer: Seat = {
    registered: cut + 1 + Math.floor(random() * 9),
    left: NEVER,
    work: world.pieces.map(() => ({ handedIn: later(), posted: later(), score: 20 })),
  };
  return { ...world, seats: [...students, newcomer] };
}

export const FIRST_DAY = Date.UTC(2026, 0, 12);
const DAY_MS = 86_400_000;
export const dateOf = (count: number): string =>
  new Date(FIRST_DAY + count * DAY_MS).toISOString().slice(0, 10);
/** Noon in Chicago: the same date in UTC. */
const instantOf = (count: number): string | null =>
  count === NEVER ? null : new Date(FIRST_DAY + count * DAY_MS + 18 * 3_600_000).toISOString();

/** A table as its rows. */
export interface Rows {
  readonly table: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly Json[])[];
}

/** The tables that the features are made of, of many courses at once: each is a world of its own. */
export function rowsOf(all: readonly World[], cutoffs: readonly number[]): Rows[] {
  const tables: Rows[] = [];
  const add = (table: string, columns: Record<string, LakeType>, rows: Json[][]) => {
    const named = Object.entries(columns).map(([name, type]) => ({ name, type }));
    tables.push({ table, columns: named, rows });
  };
  const courses = all.map((world, c) => ({ ...world, id: c + 1 }));
  const seats = courses.flatMap(({ seats: own, id }) =>
    own.map((one, s) => ({ ...one, course: id, user: id * 100 + s })),
  );
  add(
    'campus.early_warning_cutoffs',
    { term_code: 'varchar', week: 'integer', cutoff_date: 'date', time_zone: 'varchar' },
    cutoffs.map((days) => ['T', days / 7, dateOf(days), 'America/Chicago']),
  );
  add(
    'campus.canvas_people',
    { user_id: 'bigint', person_user_id: 'bigint' },
    seats.map(({ user }) => [user, user]),
  );
  add(
    'campus.courses',
    { course_id: 'bigint', course_code: 'varchar' },
    courses.map(({ id }) => [id, `C${id}`]),
  );
  add(
    'campus.students',
    { student_id: 'varchar', admitted_term: 'varchar' },
    seats.map(({ user }) => [`S${user}`, 'T']),
  );
  add(
    'campus.enrolments',
    {
      user_id: 'bigint',
      student_id: 'varchar',
      course_id: 'bigint',
      term_code: 'varchar',
      is_current: 'boolean',
      registered_at: 'timestamp',
      created_at: 'timestamp',
      updated_at: 'timestamp',
      last_activity_at: 'timestamp',
      registration_status: 'varchar',
      withdrawn_on: 'date',
    },
    seats.map(
      ({ user, course, registered, left, goneUndated = false, seen = NEVER, touched = LAST_DAY + 30 }) => [
        user,
        `S${user}`,
        course,
        'T',
        left === NEVER && !goneUndated,
        instantOf(registered),
        instantOf(registered),
        instantOf(touched),
        instantOf(seen),
        left === NEVER ? null : 'DW',
        left === NEVER ? null : dateOf(left),
      ],
    ),
  );
  add(
    'canvas.courses',
    { id: 'bigint', group_weighting_scheme: 'varchar' },
    courses.map(({ id }) => [id, id % 3 === 0 ? 'equal' : 'percent']),
  );
  const pieces = courses.flatMap(({ pieces: own, id }) =>
    own.map((piece, p) => ({ ...piece, id: id * 10 + p, course: id, group: id * 10 + (p % 2) })),
  );
  add(
    'canvas.assignment_groups',
    { id: 'bigint', group_weight: 'double' },
    pieces.map(({ id, weight }) => [id, weight]),
  );
  add(
    'canvas.assignments',
    {
      id: 'bigint',
      assignment_group_id: 'bigint',
      context_id: 'bigint',
      context_type: 'varchar',
      points_possible: 'double',
      submission_types: 'varchar',
      grading_type: 'varchar',
      omit_from_final_grade: 'boolean',
      workflow_state: 'varchar',
    },
    pieces.map(({ id, course, group, quiz, kind }) => [
      id,
      group,
      course,
      'Course',
      kind === 'no points' ? 0 : 20,
      quiz ? 'online_quiz' : 'online_upload',
      kind === 'pass_fail' ? 'pass_fail' : 'points',
      kind === 'omitted',
      'published',
    ]),
  );
  add(
    'canvas.quizzes',
    { assignment_id: 'bigint', quiz_type: 'varchar' },
    pieces.map(({ id, kind }) => [id, kind === 'practice' ? 'graded_survey' : 'assignment']),
  );
  add(
    'canvas.submissions',
    {
      user_id: 'bigint',
      course_id: 'bigint',
      assignment_id: 'bigint',
      cached_due_date: 'timestamp',
      submitted_at: 'timestamp',
      posted_at: 'timestamp',
      graded_at: 'timestamp',
      score: 'double',
      excused: 'boolean',
      custom_grade_status_id: 'bigint',
      late_policy_status: 'varchar',
      cached_quiz_lti: 'boolean',
    },
    seats.flatMap(({ user, course, work: own }) =>
      own.map((one, p) => {
        const { handedIn, posted, graded = posted, score, excused = NEVER, status = null } = one;
        return [
          user,
          course,
          course * 10 + p,
          instantOf(courses[course - 1]!.pieces[p]!.due),
          instantOf(handedIn),
          instantOf(posted),
          // Canvas grades an excuse.
          instantOf(excused === NEVER ? graded : excused),
          score,
          excused !== NEVER,
          null,
          status,
          false,
        ];
      }),
    ),
  );
  return tables;
}

/** The same in a lake. */
export async function tablesOf(
  engine: LocalEngine,
  all: readonly World[],
  cutoffs: readonly number[],
  version: string,
): Promise<Record<string, TableVersion>> {
  const tables: Record<string, TableVersion> = {};
  for (const { table, columns, rows } of rowsOf(all, cutoffs)) {
    tables[table] = await engine.literalTable(table, columns, rows, version);
  }
  return tables;
}
