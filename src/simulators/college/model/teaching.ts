import { groupBy } from '../group-by.ts';
import { Random } from '../random.ts';
import { COURSES, type Course, FIRST_COURSES } from './catalogue.ts';
import type { Person, Population, Student } from './people.ts';
import type { Term } from './terms.ts';

/** A section as the registrar knows it. */
export interface Section {
  readonly n: number;
  readonly term: Term;
  readonly course: Course;
  /** Sequence within course and term: 1, 2, … */
  readonly sequence: number;
  readonly crn: number;
  readonly teacher: Person;
  readonly shell: Shell;
}

/** A course in Canvas: one section, or two that are taught together (cross-listed). */
export interface Shell {
  readonly n: number;
  readonly term: Term;
  readonly course: Course;
  readonly teacher: Person;
  readonly assistant: Person | undefined;
  readonly sections: Section[];
  /** Made, and opened to students. */
  readonly madeAt: number;
  readonly opensAt: number;
}

/** A seat wanted by a student, before sections are made. */
export interface Seat {
  readonly student: Student;
  readonly section: Section;
}

const SECTION_SIZE = 28;

/** Chooses every student's courses for every term and cuts each course into sections. */
export function timetable(
  seed: number,
  population: Population,
  dayAt: (day: number, minutes: number) => number,
  opens: number,
): { sections: Section[]; shells: Shell[]; seats: Seat[] } {
  const wanted = population.students.flatMap((student) =>
    student.terms.flatMap((term) =>
      chooseCourses(student, term, new Random(seed, 'courses', student.n, term.n)).map((course) => ({
        student,
        term,
        course,
      })),
    ),
  );
  const sections: Section[] = [];
  const shells: Shell[] = [];
  const seats: Seat[] = [];
  const byCourse = [...groupBy(wanted, ({ term, course }) => term.n * 1000 + course.n)].sort(
    (a, b) => a[0] - b[0],
  );
  for (const [, takers] of byCourse) {
    const { term, course } = takers[0]!;
    const count = Math.ceil(takers.length / SECTION_SIZE);
    const made: Section[] = [];
    for (let sequence = 1; sequence <= count; sequence += 1) {
      const n = sections.length + 1;
      const random = new Random(seed, 'section', n);
      const crossListed = sequence % 2 === 0 && random.chance(0.3);
      const shell = crossListed ? made.at(-1)!.shell : newShell(shells.length + 1, term, course, random);
      const section = { n, term, course, sequence, crn: 20_000 + n, teacher: shell.teacher, shell };
      if (!crossListed) shells.push(shell);
      shell.sections.push(section);
      sections.push(section);
      made.push(section);
    }
    takers.forEach(({ student }, i) => {
      seats.push({ student, section: made[i % count]! });
    });
  }
  return { sections, shells, seats };

  function newShell(n: number, term: Term, course: Course, random: Random): Shell {
    return {
      n,
      term,
      course,
      teacher: random.pick(population.teachers),
      assistant: random.chance(0.2) ? random.pick(population.assistants) : undefined,
      sections: [],
      madeAt: Math.max(opens, dayAt(term.registrationDay - 7, 120)),
      opensAt: dayAt(term.firstDay - random.between(1, 7), random.between(480, 1020)),
    };
  }
}

function chooseCourses(student: Student, term: Term, random: Random): Course[] {
  const load = random.chance(0.6) ? 4 : random.between(2, 5);
  const chosen = new Set<Course>();
  if (student.firstTerm === term) {
    for (const subject of FIRST_COURSES) chosen.add(COURSES.find((course) => course.subject === subject)!);
  }
  const own = COURSES.filter((course) => student.program.subjects.includes(course.subject));
  while (chosen.size < load) chosen.add(random.pick(random.chance(0.7) ? own : COURSES));
  return [...chosen].slice(0, Math.max(load, 3));
}
