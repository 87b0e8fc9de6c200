import fc from 'fast-check';
import type { LakeType } from '../../src/campus/lake-type.ts';
import type { Json } from '../../src/json.ts';
import type { LocalEngine } from '../../src/platform/local/duckdb/engine.ts';
import type { TableColumn, TableVersion } from '../../src/platform/ports/tables.ts';

/** A piece of a student's work; days count from the first day of the term, -1 for never. */
export interface Work {
  readonly handedIn: number;
  readonly posted: number;
  readonly score: number;
}

export interface Seat {
  readonly registered: number;
  readonly left: number;
  readonly work: readonly Work[];
}

/** One course with its pieces of work and its students. */
export interface World {
  readonly pieces: readonly { readonly due: number; readonly quiz: boolean; readonly weight: number }[];
  readonly seats: readonly Seat[];
}

const PIECES = 5;
const LAST_DAY = 84;
const day = fc.integer({ min: -5, max: LAST_DAY });
const dayOrNever = fc.oneof({ arbitrary: day, weight: 4 }, fc.constant(-100));
const work: fc.Arbitrary<Work> = fc.record({
  handedIn: dayOrNever,
  posted: dayOrNever,
  score: fc.integer({ min: 0, max: 20 }),
});
const seat: fc.Arbitrary<Seat> = fc.record({
  registered: fc.integer({ min: -30, max: 30 }),
  left: fc.oneof({ arbitrary: fc.constant(-100), weight: 3 }, fc.integer({ min: 0, max: LAST_DAY })),
  work: fc.array(work, { minLength: PIECES, maxLength: PIECES }),
});

export const worlds: fc.Arbitrary<World[]> = fc.array(
  fc.record({
    pieces: fc.array(
      fc.record({
        due: fc.integer({ min: 1, max: LAST_DAY }),
        quiz: fc.boolean(),
        weight: fc.constantFrom(0, 10, 30),
      }),
      { minLength: PIECES, maxLength: PIECES },
    ),
    seats: fc.array(seat, { minLength: 1, maxLength: 6 }),
  }),
  { minLength: 60, maxLength: 90 },
);

/** The same world, with everything that happened after a day drawn anew: later, or not at all, or more of it. */
export function alteredAfter(world: World, cut: number, random: () => number): World {
  const later = () => (random() < 0.3 ? -100 : cut + 1 + Math.floor(random() * (LAST_DAY + 10 - cut)));
  const again = (when: number) => (when === -100 || when > cut ? later() : when);
  const students = world.seats.map(({ registered, left, work: own }) => ({
    registered: registered > cut ? cut + 1 + Math.floor(random() * 20) : registered,
    left: again(left),
    work: own.map(({ handedIn, posted, score }) => ({
      handedIn: again(handedIn),
      posted: again(posted),
      score: posted === -100 || posted > cut ? Math.floor(random() * 21) : score,
    })),
  }));
  const newcomer: Seat = {
    registered: cut + 1 + Math.floor(random() * 9),
    left: -100,
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
  count === -100 ? null : new Date(FIRST_DAY + count * DAY_MS + 18 * 3_600_000).toISOString();

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
      withdrawn_on: 'date',
    },
    seats.map(({ user, course, registered, left }) => [
      user,
      `S${user}`,
      course,
      'T',
      left === -100,
      instantOf(registered),
      instantOf(registered),
      instantOf(LAST_DAY + 30),
      left === -100 ? null : dateOf(left),
    ]),
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
      points_possible: 'double',
      submission_types: 'varchar',
      workflow_state: 'varchar',
    },
    pieces.map(({ id, group, quiz }) => [id, group, 20, quiz ? 'online_quiz' : 'online_upload', 'published']),
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
      score: 'double',
      excused: 'boolean',
      custom_grade_status_id: 'bigint',
      late_policy_status: 'varchar',
      cached_quiz_lti: 'boolean',
    },
    seats.flatMap(({ user, course, work: own }) =>
      own.map(({ handedIn, posted, score }, p) => [
        user,
        course,
        course * 10 + p,
        instantOf(courses[course - 1]!.pieces[p]!.due),
        instantOf(handedIn),
        instantOf(posted),
        score,
        false,
        null,
        null,
        false,
      ]),
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
