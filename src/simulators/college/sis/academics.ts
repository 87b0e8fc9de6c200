import { dateOf } from '../calendar.ts';
import { sectionCode } from '../canvas/courses.ts';
import { type LivingTable, lifeTable } from '../history.ts';
import { COURSES, PROGRAMS } from '../model/catalogue.ts';
import { TERMS } from '../model/terms.ts';
import type { World } from '../model/world.ts';
import { Random } from '../random.ts';

/** Terms, programs, courses and sections. */
export function academicTables(world: World): LivingTable[] {
  const { opens, calendar } = world;
  return [
    lifeTable({
      namespace: 'registrar',
      name: 'terms',
      key: ['term_code'],
      columns: {
        term_code: 'varchar(6)',
        description: 'varchar(40)',
        first_day: 'date',
        last_day: 'date',
        census_day: 'date',
        weeks: 'smallint',
        registration_opens: 'timestamptz',
        grades_official: 'timestamptz?',
        is_open: 'boolean',
      },
      things: TERMS,
      moments: (term) =>
        [opens, calendar.at(term.registrationDay, 420), calendar.at(term.gradesDay, 720)].map((at) =>
          Math.max(at, opens),
        ),
      row: (term, at) => {
        const official = calendar.at(term.gradesDay, 720);
        return {
          term_code: term.code,
          description: term.name,
          first_day: dateOf(term.firstDay),
          last_day: dateOf(term.lastDay),
          census_day: dateOf(term.censusDay),
          weeks: term.weeks,
          registration_opens: calendar.at(term.registrationDay, 420),
          grades_official: at >= official ? official : null,
          is_open: at >= calendar.at(term.registrationDay, 420) && at < official,
        };
      },
    }),
    lifeTable({
      namespace: 'registrar',
      name: 'programs',
      key: ['program_code'],
      columns: {
        program_code: 'varchar(12)',
        title: 'varchar(80)',
        degree: 'varchar(4)',
        required_credits: 'numeric(5,1)',
        subjects: 'text[]',
      },
      things: PROGRAMS,
      moments: () => [opens],
      row: (program) => ({
        program_code: program.code,
        title: program.title,
        degree: program.degree,
        required_credits: program.degree === 'CERT' ? '30.0' : '60.0',
        subjects: [...program.subjects],
      }),
    }),
    lifeTable({
      namespace: 'registrar',
      name: 'courses',
      key: ['subject', 'number'],
      columns: {
        subject: 'char(3)',
        number: 'varchar(6)',
        title: 'varchar(80)',
        credits: 'numeric(4,1)',
        contact_hours: 'real?',
        description: 'text?',
        catalog: 'jsonb?',
      },
      things: COURSES,
      moments: () => [opens],
      row: (course) => ({
        subject: course.subject,
        number: course.number,
        title: course.title,
        credits: course.credits.toFixed(1),
        contact_hours: course.credits * 1.25,
        description:
          course.n % 7 === 0
            ? null
            : `${course.title}: an introduction — ${course.credits} credits.\nSee the catalogue.`,
        catalog: {
          level: course.number,
          transferable: course.n % 5 !== 0,
          tags: [course.subject.toLowerCase()],
        },
      }),
    }),
    lifeTable({
      namespace: 'registrar',
      name: 'sections',
      key: ['term_code', 'crn'],
      references: {
        term_code: 'registrar.terms.term_code',
        'subject+number': 'registrar.courses.subject+number',
        instructor_id: 'registrar.persons.person_id',
      },
      columns: {
        term_code: 'varchar(6)',
        crn: 'integer',
        subject: 'char(3)',
        number: 'varchar(6)',
        section_code: 'varchar(30)',
        instructor_id: 'char(8)?',
        capacity: 'smallint?',
        modality: 'varchar(10)?',
        room: 'varchar(12)?',
        meets_on: 'text[]?',
        meets_from: 'time?',
        meets_for: 'interval?',
        created_at: 'timestamp',
        updated_at: 'timestamptz',
      },
      things: world.sections,
      moments: (section) =>
        [section.shell.madeAt, calendar.at(section.term.firstDay - 3, 600)].map((at) => Math.max(at, opens)),
      row: (section, at) => {
        const draw = new Random(world.seed, 'room', section.n);
        const online = draw.chance(0.3);
        const confirmed = at > section.shell.madeAt;
        return {
          term_code: section.term.code,
          crn: section.crn,
          subject: section.course.subject,
          number: section.course.number,
          section_code: sectionCode(section),
          instructor_id: section.teacher.sisId,
          capacity: 30,
          modality: online ? 'online' : 'on campus',
          room: online || !confirmed ? null : `${draw.pick(['A', 'B', 'É'])}-${draw.between(100, 399)}`,
          meets_on: online ? [] : draw.pick([['Mon', 'Wed'], ['Tue', 'Thu'], ['Fri']]),
          meets_from: online ? null : `${String(draw.between(8, 18)).padStart(2, '0')}:30:00`,
          meets_for: online ? null : '01:15:00',
          created_at: section.shell.madeAt,
          updated_at: at,
        };
      },
    }),
  ];
}
