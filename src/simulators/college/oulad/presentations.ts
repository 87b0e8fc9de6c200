import { type Calendar, dayNumber } from '../calendar.ts';
import { OuladError } from '../errors.ts';
import { groupBy } from '../group-by.ts';
import { hash } from '../random.ts';
import type { Oulad, OuladAssessment, OuladCourse, OuladResult, OuladStudent } from './files.ts';

/** One module in one term: a course, its only section, and its work. */
export interface Presentation {
  readonly n: number;
  readonly course: OuladCourse;
  /** `AAA-2013J`: the section's name in both systems. */
  readonly code: string;
  /** Day number (since 1970-01-01) of its day 0. */
  readonly dayZero: number;
  readonly assessments: readonly OuladAssessment[];
  /** The morning before the first registration: when course, section and work are entered in both systems. */
  readonly madeAt: number;
  /** Noon of its last day: when final results are released. */
  readonly endsAt: number;
}

/** One real student in one presentation. */
export interface RealEnrolment {
  readonly n: number;
  readonly presentation: Presentation;
  readonly student: OuladStudent;
  readonly registeredDay: number | null;
  readonly unregisteredDay: number | null;
  readonly since: number;
  readonly leftAt: number | undefined;
  readonly results: ReadonlyMap<number, OuladResult>;
}

export const OULAD_ZONE = 'Europe/London';

/** The first of the month that a presentation's letter stands for: B is February, J is October. */
function dayZeroOf(presentation: string): number {
  const match = /^(\d{4})([A-L])$/.exec(presentation);
  if (match === null) {
    throw new OuladError(
      `Presentation “${presentation}” is not a year and a letter from A to L, such as 2013J`,
    );
  }
  const month = match[2]!.charCodeAt(0) - 64;
  return dayNumber(`${match[1]}-${String(month).padStart(2, '0')}-01`);
}

export function presentationsOf(oulad: Oulad, calendar: Calendar): Presentation[] {
  const assessments = groupBy(oulad.assessments, codeOf);
  const registrations = groupBy(oulad.registrations, codeOf);
  return oulad.courses.map((course, i) => {
    const dayZero = dayZeroOf(course.presentation);
    const first = (registrations.get(codeOf(course)) ?? []).reduce(
      (least, { registered }) => Math.min(least, registered ?? 0),
      0,
    );
    return {
      n: i + 1,
      course,
      code: codeOf(course),
      dayZero,
      assessments: assessments.get(codeOf(course)) ?? [],
      madeAt: calendar.at(dayZero + first - 1, 6 * 60),
      endsAt: calendar.at(dayZero + course.length, 12 * 60),
    };
  });
}

/**
 * Joins the files. What happened on a day happens there between 8:00 and 21:00, so that its date is the same in
 * London and in UTC: registrations before 12:00, departures from 12:00 on, work handed in at any hour.
 */
export function enrolmentsOf(
  oulad: Oulad,
  presentations: readonly Presentation[],
  calendar: Calendar,
): RealEnrolment[] {
  const byCode = new Map(presentations.map((presentation) => [presentation.code, presentation]));
  const registrations = new Map(oulad.registrations.map((r) => [`${codeOf(r)}/${r.student}`, r]));
  const homes = new Map(oulad.assessments.map((assessment) => [assessment.id, codeOf(assessment)]));
  const results = groupBy(oulad.results, (result) => `${homes.get(result.assessment)}/${result.student}`);
  return oulad.students.map((student, i) => {
    const key = `${codeOf(student)}/${student.student}`;
    const presentation = byCode.get(codeOf(student));
    const registration = registrations.get(key);
    if (presentation === undefined || registration === undefined) {
      const file = presentation === undefined ? 'courses.csv' : 'studentRegistration.csv';
      throw new OuladError(
        `studentInfo.csv has an enrolment in ${codeOf(student)} that ${file} does not know`,
        {
          about: file,
          hint: 'Take all five files from the same copy of the data.',
        },
      );
    }
    const { registered, unregistered } = registration;
    const hour = hash('hour', key) % 200;
    // Eighteen real enrolments have no date: they stand from day 0, or from the day they end if that is earlier.
    const first = registered ?? Math.min(0, unregistered ?? 0);
    const since = calendar.at(presentation.dayZero + first, 480 + hour);
    const left =
      unregistered === null ? undefined : calendar.at(presentation.dayZero + unregistered, 720 + hour);
    return {
      n: i + 1,
      presentation,
      student,
      registeredDay: registered,
      unregisteredDay: unregistered,
      since,
      leftAt: left === undefined ? undefined : Math.max(left, since + 60_000),
      results: new Map((results.get(key) ?? []).map((result) => [result.assessment, result])),
    };
  });
}

/** When a result was handed in; a banked one is dated by its file too (day -1). */
export function handedInAt(calendar: Calendar, { presentation }: RealEnrolment, result: OuladResult): number {
  const minute = 480 + (hash('work', result.assessment, result.student) % 720);
  return calendar.at(presentation.dayZero + result.submitted, minute);
}

function codeOf(of: { readonly module: string; readonly presentation: string }): string {
  return `${of.module}-${of.presentation}`;
}
