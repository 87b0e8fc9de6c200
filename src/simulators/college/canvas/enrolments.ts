import { type LivingTable, lifeTable } from '../history.ts';
import type { Enrolment } from '../model/enrolments.ts';
import type { Section } from '../model/teaching.ts';
import type { World } from '../model/world.ts';
import { hash } from '../random.ts';
import { type EnrolmentType, globalId, OFFSET, ROLE_OF } from './ids.ts';

interface Seat {
  readonly n: number;
  readonly user: number;
  readonly section: Section;
  readonly type: EnrolmentType;
  readonly since: number;
  readonly enrolment: Enrolment | undefined;
  readonly observes: number | undefined;
  /** When Canvas ended it: deleted before the census, inactive after it. */
  readonly leftAt: number | undefined;
  readonly concludesAt: number;
}

/** Enrolments of every type, and the state that Canvas derives from each. */
export function enrolmentTables(world: World): LivingTable[] {
  const places = [...studentSeats(world), ...otherSeats(world)];
  return [
    lifeTable({
      namespace: 'canvas',
      name: 'enrollments',
      columns: {
        id: 'bigint',
        user_id: 'bigint',
        course_id: 'bigint',
        course_section_id: 'bigint',
        root_account_id: 'bigint',
        role_id: 'bigint',
        type: 'text',
        workflow_state: 'text',
        start_at: 'timestamptz?',
        end_at: 'timestamptz?',
        completed_at: 'timestamptz?',
        associated_user_id: 'bigint?',
        sis_pseudonym_id: 'bigint?',
        sis_batch_id: 'bigint?',
        self_enrolled: 'boolean?',
        limit_privileges_to_course_section: 'boolean',
        grade_publishing_status: 'text',
        last_activity_at: 'timestamptz?',
        total_activity_time: 'integer?',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
      },
      things: places,
      moments: (place) => [
        place.since,
        place.leftAt,
        place.leftAt === undefined ? place.concludesAt : undefined,
      ],
      row: (place, at) => ({
        id: globalId(place.n),
        user_id: globalId(place.user),
        course_id: globalId(place.section.shell.n),
        course_section_id: globalId(place.section.n),
        root_account_id: globalId(1),
        role_id: ROLE_OF[place.type],
        type: place.type,
        workflow_state: stateOf(world, place, at),
        start_at: null,
        end_at: null,
        completed_at: place.leftAt === undefined && at >= place.concludesAt ? place.concludesAt : null,
        associated_user_id: place.observes === undefined ? null : globalId(place.observes),
        sis_pseudonym_id: place.enrolment ? globalId(place.user) : null,
        sis_batch_id: null,
        self_enrolled: null,
        limit_privileges_to_course_section: false,
        grade_publishing_status: 'unpublished',
        last_activity_at: null,
        total_activity_time: 0,
        created_at: place.since,
        updated_at: at,
      }),
    }),
    lifeTable({
      namespace: 'canvas',
      name: 'enrollment_states',
      columns: {
        enrollment_id: 'bigint',
        state: 'text',
        state_is_current: 'boolean',
        state_started_at: 'timestamptz?',
        state_valid_until: 'timestamptz?',
        restricted_access: 'boolean',
        access_is_current: 'boolean',
        updated_at: 'timestamptz?',
      },
      key: ['enrollment_id'],
      things: places,
      moments: (place) => [
        place.since,
        place.leftAt,
        place.leftAt === undefined ? place.concludesAt : undefined,
      ],
      row: (place, at) => ({
        enrollment_id: globalId(place.n),
        state: stateOf(world, place, at),
        state_is_current: true,
        state_started_at: at,
        state_valid_until: null,
        restricted_access: false,
        access_is_current: true,
        updated_at: at,
      }),
    }),
  ];
}

/** True for one who left before the census: the enrolment, and with it the student's work, counts as deleted. */
export function leftWithoutTrace(world: World, enrolment: Enrolment): boolean {
  return (
    enrolment.leftAt !== undefined && enrolment.leftAt < world.calendar.midnight(enrolment.term.censusDay)
  );
}

function stateOf(world: World, place: Seat, at: number): string {
  if (place.leftAt !== undefined && at >= place.leftAt) {
    return place.enrolment && leftWithoutTrace(world, place.enrolment) ? 'deleted' : 'inactive';
  }
  return at >= place.concludesAt ? 'completed' : 'active';
}

function studentSeats(world: World): Seat[] {
  return world.enrolments
    .filter(({ canvasAt, canvasLeftAt }) => canvasAt < (canvasLeftAt ?? Number.POSITIVE_INFINITY))
    .map((enrolment) => ({
      n: enrolment.n,
      user: enrolment.student.n,
      section: enrolment.section,
      type: 'StudentEnrollment',
      since: enrolment.canvasAt,
      enrolment,
      observes: undefined,
      leftAt: enrolment.canvasLeftAt,
      concludesAt: world.calendar.at(enrolment.term.lastDay + 7, 150),
    }));
}

function otherSeats(world: World): Seat[] {
  let n = OFFSET.staffEnrolment;
  const place = (
    user: number,
    section: Section,
    type: EnrolmentType,
    since: number,
    observes?: number,
  ): Seat => {
    n += 1;
    const concludesAt = world.calendar.at(section.term.lastDay + 7, 150);
    return { n, user, section, type, since, enrolment: undefined, observes, leftAt: undefined, concludesAt };
  };
  const staff = world.sections.flatMap((section) => [
    place(section.teacher.n, section, 'TeacherEnrollment', section.shell.madeAt),
    ...(section.shell.assistant
      ? [place(section.shell.assistant.n, section, 'TaEnrollment', section.shell.madeAt)]
      : []),
    ...(section.shell.sections[0] === section && hash(world.seed, 'view', section.n) % 3 === 0
      ? [place(OFFSET.testStudent + section.shell.n, section, 'StudentViewEnrollment', section.shell.madeAt)]
      : []),
  ]);
  const observerOf = new Map(world.observers.map((observer) => [observer.of.n, observer]));
  const observers = world.enrolments.flatMap(({ student, section, canvasAt }) => {
    const observer = observerOf.get(student.n);
    if (observer === undefined) return [];
    const since = Math.max(canvasAt, world.calendar.nextNight(observer.knownAt));
    return [place(observer.n, section, 'ObserverEnrollment', since, student.n)];
  });
  return [...staff, ...observers];
}
