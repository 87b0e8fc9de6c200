import { type Calendar, dateOf } from '../calendar.ts';
import { groupBy } from '../group-by.ts';
import { type LivingTable, lifeTable } from '../history.ts';
import { uuidOf } from '../random.ts';
import type { Presentation, RealEnrolment } from './presentations.ts';
import type { Shapes } from './shapes.ts';

const PROGRAM = 'OU';
const NUMBER = '1';

/** `id_student` in eight characters; the digits are the original id. */
export function sisIdOf(student: number): string {
  return `S${String(student).padStart(7, '0')}`;
}

/** The real students' SIS tables. Final results come out on the last day, withdrawals on theirs. */
export function fillRegistrar(
  shapes: Shapes,
  presentations: readonly Presentation[],
  enrolments: readonly RealEnrolment[],
  calendar: Calendar,
): void {
  const opens = Math.min(...presentations.map(({ madeAt }) => madeAt));
  fillOffer(shapes, presentations, calendar, opens);
  const people = [...groupBy(enrolments, ({ student }) => student.student)].map(([id, own]) => ({
    id,
    enrolments: own.sort((a, b) => a.since - b.since),
  }));
  const declared = ({ enrolments: own }: (typeof people)[number], at: number) =>
    own.findLast(({ since }) => since <= at)!;
  shapes.fill('registrar.persons', {
    things: people,
    moments: ({ enrolments: own }) => own.map(({ since }) => since),
    row: (person, at) => ({
      person_id: sisIdOf(person.id),
      person_uuid: uuidOf('person', person.id),
      family_name: String(person.id),
      given_name: 'Student',
      gender: declared(person, at).student.gender,
      created_at: person.enrolments[0]!.since,
      updated_at: at,
    }),
  });
  shapes.fill('registrar.students', {
    things: people,
    moments: ({ enrolments: own }) => own.map(({ since }) => since),
    row: (person, at) => ({
      student_id: sisIdOf(person.id),
      program_code: PROGRAM,
      admitted_term: person.enrolments[0]!.presentation.course.presentation,
      student_type: person.enrolments[0]!.student.previousAttempts === 0 ? 'N' : 'C',
      disability_code: declared(person, at).student.disability,
      status: 'AS',
      updated_at: at,
    }),
  });
  shapes.fill('registrar.registrations', {
    things: enrolments,
    moments: ({ since, leftAt }) => [since, leftAt],
    row: ({ student, presentation, since, leftAt, registeredDay, unregisteredDay }, at) => {
      const left = leftAt !== undefined && at >= leftAt;
      return {
        student_id: sisIdOf(student.student),
        term_code: presentation.course.presentation,
        crn: presentation.n,
        status: left ? 'RW' : 'RE',
        registered_at: since,
        status_date: dateOf(presentation.dayZero + ((left ? unregisteredDay : registeredDay) ?? 0)),
        credits: student.studiedCredits.toFixed(1),
        updated_at: at,
      };
    },
  });
  shapes.fill('registrar.grades', {
    things: enrolments,
    moments: (enrolment) => [releasedAt(enrolment)],
    row: ({ student, presentation }, at) => ({
      student_id: sisIdOf(student.student),
      term_code: presentation.course.presentation,
      crn: presentation.n,
      final_grade: student.result,
      posted_at: at,
      updated_at: at,
    }),
  });
}

/** A withdrawal is known when it happens; every other result when the presentation ends. */
function releasedAt({ student, presentation, since, leftAt }: RealEnrolment): number {
  const withdrew = student.result === 'Withdrawn' ? leftAt : undefined;
  return withdrew ?? Math.max(presentation.endsAt, since + 60_000);
}

function fillOffer(
  shapes: Shapes,
  presentations: readonly Presentation[],
  calendar: Calendar,
  opens: number,
): void {
  shapes.fill('registrar.terms', {
    things: [...groupBy(presentations, ({ course }) => course.presentation)],
    moments: () => [opens],
    row: ([code, own]) => {
      const { dayZero } = own[0]!;
      const length = Math.max(...own.map(({ course }) => course.length));
      return {
        term_code: code,
        description: code,
        first_day: dateOf(dayZero),
        last_day: dateOf(dayZero + length),
        census_day: dateOf(dayZero + 14),
        weeks: Math.ceil(length / 7),
        registration_opens: opens,
        grades_official: calendar.at(dayZero + length, 720),
        is_open: true,
      };
    },
  });
  shapes.fill('registrar.programs', {
    things: [PROGRAM],
    moments: () => [opens],
    row: (code) => ({
      program_code: code,
      title: 'Open University modules',
      degree: 'NONE',
      required_credits: '0.0',
      subjects: [...new Set(presentations.map(({ course }) => course.module))],
    }),
  });
  shapes.fill('registrar.courses', {
    things: [...new Set(presentations.map(({ course }) => course.module))],
    moments: () => [opens],
    row: (module) => ({ subject: module, number: NUMBER, title: `Module ${module}`, credits: '0.0' }),
  });
  shapes.fill('registrar.sections', {
    things: presentations,
    moments: ({ madeAt }) => [madeAt],
    row: ({ n, course, code }, at) => ({
      term_code: course.presentation,
      crn: n,
      subject: course.module,
      number: NUMBER,
      section_code: code,
      created_at: at,
      updated_at: at,
    }),
  });
}

/** What a student said of themselves on registering, column for column as the file has it. All of it sensitive. */
export function declarations(enrolments: readonly RealEnrolment[]): LivingTable {
  return lifeTable({
    namespace: 'registrar',
    name: 'declarations',
    key: ['student_id', 'term_code', 'crn'],
    references: { 'student_id+term_code+crn': 'registrar.registrations.student_id+term_code+crn' },
    columns: {
      student_id: 'char(8)',
      term_code: 'varchar(6)',
      crn: 'integer',
      gender: 'char(1)',
      region: 'varchar(40)',
      highest_education: 'varchar(40)',
      imd_band: 'varchar(10)?',
      age_band: 'varchar(10)',
      previous_attempts: 'smallint',
      studied_credits: 'smallint',
      disability: 'char(1)',
      registered_on: 'date?',
      unregistered_on: 'date?',
    },
    things: enrolments,
    moments: ({ since, leftAt }) => [since, leftAt],
    row: ({ student, presentation, registeredDay, unregisteredDay, leftAt }, at) => {
      const date = (day: number | null) => (day === null ? null : dateOf(presentation.dayZero + day));
      return {
        student_id: sisIdOf(student.student),
        term_code: presentation.course.presentation,
        crn: presentation.n,
        gender: student.gender,
        region: student.region,
        highest_education: student.highestEducation,
        imd_band:
          student.imdBand === '20-Oct' ? '10-20%' : student.imdBand === '10-20' ? '10-20%' : student.imdBand,
        age_band: student.ageBand,
        previous_attempts: student.previousAttempts,
        studied_credits: student.studiedCredits,
        disability: student.disability,
        registered_on: date(registeredDay),
        unregistered_on: leftAt !== undefined && at >= leftAt ? date(unregisteredDay) : null,
      };
    },
  });
}
