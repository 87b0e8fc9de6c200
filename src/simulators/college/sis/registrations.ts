import { dateOf, MINUTE } from '../calendar.ts';
import { type LivingTable, lifeTable } from '../history.ts';
import type { Enrolment } from '../model/enrolments.ts';
import type { World } from '../model/world.ts';
import { hash } from '../random.ts';
import { droppedEarly, qualityPoints, standings } from './standings.ts';

const SEAT = {
  'term_code+crn': 'registrar.sections.term_code+crn',
  student_id: 'registrar.students.student_id',
};

/** Registrations, their log, grades and academic standing. */
export function registrationTables(world: World): LivingTable[] {
  const { calendar } = world;
  const kept = world.enrolments.filter((enrolment) => !droppedEarly(world, enrolment));
  const seat = ({ student, section }: Enrolment) => ({
    student_id: student.sisId,
    term_code: section.term.code,
    crn: section.crn,
  });
  const midterm = ({ term }: Enrolment) => calendar.at(term.firstDay + 8 * 7 - 3, 1020);
  const final = ({ term }: Enrolment) => calendar.at(term.gradesDay, 720);
  const census = ({ term }: Enrolment) => calendar.midnight(term.censusDay);
  const stays = (enrolment: Enrolment, at: number) => enrolment.leftAt === undefined || enrolment.leftAt > at;
  return [
    lifeTable({
      namespace: 'registrar',
      name: 'registrations',
      key: ['student_id', 'term_code', 'crn'],
      references: SEAT,
      columns: {
        student_id: 'char(8)',
        term_code: 'varchar(6)',
        crn: 'integer',
        status: 'char(2)',
        registered_at: 'timestamptz',
        status_date: 'date',
        credits: 'numeric(4,1)',
        grading_basis: 'char(1)?',
        source_ip: 'inet?',
        updated_at: 'timestamptz',
      },
      things: world.enrolments,
      moments: ({ registeredAt, leftAt }) => [registeredAt, leftAt],
      // A drop before the first day takes the row away; later the row says RE, DC (before the census) or RW.
      row: (enrolment, at) => {
        const { leftAt, registeredAt } = enrolment;
        const left = leftAt !== undefined && at >= leftAt;
        if (left && droppedEarly(world, enrolment)) return undefined;
        return {
          ...seat(enrolment),
          status: left ? (leftAt < census(enrolment) ? 'DC' : 'RW') : 'RE',
          registered_at: registeredAt,
          status_date: dateOf(calendar.dayOf(at)),
          credits: enrolment.section.course.credits.toFixed(1),
          grading_basis: hash(enrolment.n, 'basis') % 40 === 0 ? 'P' : 'G',
          source_ip: hash(enrolment.n, 'desk') % 6 === 0 ? null : sourceIp(enrolment.n),
          updated_at: at,
        };
      },
    }),
    lifeTable({
      namespace: 'registrar',
      name: 'registration_events',
      key: ['event_id'],
      columns: {
        event_id: 'bigint',
        student_id: 'char(8)',
        term_code: 'varchar(6)',
        crn: 'integer',
        action: 'varchar(10)',
        happened_at: 'timestamptz',
        took: 'interval?',
        agent: 'jsonb?',
      },
      things: world.enrolments.flatMap((enrolment) => [
        { enrolment, action: 'register', at: enrolment.registeredAt },
        ...(enrolment.leftAt === undefined ? [] : [{ enrolment, action: 'withdraw', at: enrolment.leftAt }]),
      ]),
      moments: ({ at }) => [at],
      row: ({ enrolment, action }, at) => ({
        event_id: 7_000_000_000_000_000_000n + BigInt(enrolment.n * 2 + (action === 'register' ? 0 : 1)),
        ...seat(enrolment),
        action,
        happened_at: at,
        took: `00:00:0${hash(enrolment.n, action) % 10}`,
        agent: { from: hash(enrolment.n, 'desk') % 6 === 0 ? 'desk' : 'web', version: 3 },
      }),
    }),
    lifeTable({
      namespace: 'registrar',
      name: 'grades',
      key: ['student_id', 'term_code', 'crn'],
      references: { 'student_id+term_code+crn': 'registrar.registrations.student_id+term_code+crn' },
      columns: {
        student_id: 'char(8)',
        term_code: 'varchar(6)',
        crn: 'integer',
        midterm_grade: 'varchar(2)?',
        final_grade: 'varchar(12)?',
        quality_points: 'numeric(5,2)?',
        posted_by: 'char(8)?',
        posted_at: 'timestamptz?',
        updated_at: 'timestamptz',
      },
      things: kept,
      moments: (enrolment) => [
        stays(enrolment, midterm(enrolment)) ? midterm(enrolment) : undefined,
        enrolment.leftAt !== undefined && enrolment.leftAt >= census(enrolment)
          ? enrolment.leftAt + 10 * MINUTE
          : undefined,
        enrolment.leftAt === undefined ? final(enrolment) : undefined,
      ],
      row: (enrolment, at) => {
        const isFinal = at > midterm(enrolment) || enrolment.leftAt !== undefined;
        const left = enrolment.leftAt !== undefined && at > enrolment.leftAt;
        const shown = left || (isFinal && enrolment.leftAt === undefined);
        const points = shown ? qualityPoints(enrolment.letter) : undefined;
        return {
          ...seat(enrolment),
          midterm_grade:
            stays(enrolment, midterm(enrolment)) && at >= midterm(enrolment) ? midtermGrade(enrolment) : null,
          final_grade: shown ? enrolment.letter : null,
          quality_points:
            points === undefined ? null : (points * enrolment.section.course.credits).toFixed(2),
          posted_by: shown && !left ? enrolment.section.teacher.sisId : null,
          posted_at: shown ? at : null,
          updated_at: at,
        };
      },
    }),
    standingTable(world),
  ];
}

function standingTable(world: World): LivingTable {
  const sisIds = new Map(world.students.map((student) => [student.n, student.sisId]));
  const things = [...standings(world)].flatMap(([student, terms]) =>
    terms.map((term) => ({ sisId: sisIds.get(student)!, ...term })),
  );
  return lifeTable({
    namespace: 'registrar',
    name: 'standing',
    key: ['student_id', 'term_code'],
    references: { student_id: 'registrar.students.student_id', term_code: 'registrar.terms.term_code' },
    columns: {
      student_id: 'char(8)',
      term_code: 'varchar(6)',
      standing: 'varchar(20)',
      attempted_credits: 'numeric(5,1)',
      earned_credits: 'numeric(5,1)',
      term_gpa: 'numeric(4,3)?',
      completion_rate: 'real?',
      decided_at: 'timestamptz',
    },
    things,
    moments: ({ at }) => [at],
    row: ({ sisId, term, attempted, earned, gpa }, at) => ({
      student_id: sisId,
      term_code: term.code,
      standing:
        gpa === null
          ? 'none'
          : gpa < 1
            ? 'suspension'
            : gpa < 2
              ? 'probation'
              : gpa >= 3.5
                ? 'dean’s list'
                : 'good',
      attempted_credits: attempted.toFixed(1),
      earned_credits: earned.toFixed(1),
      term_gpa: gpa === null ? null : gpa.toFixed(3),
      completion_rate: attempted === 0 ? null : Math.fround(earned / attempted),
      decided_at: at,
    }),
  });
}

/** Half-term warnings: S or U, by what the teacher can see by then. */
function midtermGrade(enrolment: Enrolment): string {
  const failing = enrolment.result === 'Fail' || enrolment.result === 'Withdrawn';
  return failing && (enrolment.stop < 0.6 || enrolment.standing < 0) ? 'U' : 'S';
}

/** Addresses that are reserved for documentation (RFC 5737, RFC 3849). */
function sourceIp(n: number): string {
  return hash(n, 'ip6') % 5 === 0
    ? `2001:db8::${(hash(n, 'ip') % 65536).toString(16)}`
    : `203.0.113.${hash(n, 'ip') % 255}`;
}
