import type { Calendar } from '../calendar.ts';
import { Random } from '../random.ts';
import { normalShare, quantile, stepQuantile } from './distributions.ts';
import { type Parameters, RESULTS, type Result } from './parameters.ts';
import type { Student } from './people.ts';
import type { Seat, Section } from './teaching.ts';
import type { Term } from './terms.ts';

/** One student's seat in one section, with the whole of its story. */
export interface Enrolment {
  readonly n: number;
  readonly student: Student;
  readonly section: Section;
  readonly term: Term;
  readonly registeredAt: number;
  /** Dropped or withdrawn; undefined when the student stayed. */
  readonly leftAt: number | undefined;
  /** The nights on which Canvas came to know of the two. */
  readonly canvasAt: number;
  readonly canvasLeftAt: number | undefined;
  readonly result: Result;
  /** After this share of the pieces due the student hands in nothing more. */
  readonly stop: number;
  /** Where the student stands among those of the same result: shifts every score. Standard normal. */
  readonly standing: number;
  /** Scores move by so much of a standard deviation from the first piece to the last. */
  readonly trend: number;
  readonly letter: string;
}

/** Share of what decides a result that belongs to the student and not to the course. */
const OWN = 0.55;
/** How much those who leave late have also worked longer. */
const LASTING = 0.15;

/** Draws how every seat ends, in the measured proportions, alike among one student's seats. */
export function enrol(
  seed: number,
  seats: readonly Seat[],
  parameters: Parameters,
  calendar: Calendar,
  opens: number,
): Enrolment[] {
  const dayAt = (day: number, minutes: number) => calendar.at(day, minutes);
  return seats.map(({ student, section }, i) => {
    const { term } = section;
    const random = new Random(seed, 'seat', student.n, section.n);
    const luck = Math.sqrt(OWN) * student.strength + Math.sqrt(1 - OWN) * random.normal();
    const result = resultAt(parameters, normalShare(luck));
    const of = parameters.byResult[result];
    const habit = Math.sqrt(OWN) * student.strength + Math.sqrt(1 - OWN) * random.normal();
    const latest = quantile(parameters.registrationDay, normalShare(-habit));
    const earliest =
      student.firstTerm === term ? Math.max(term.registrationDay, term.firstDay - 120) : term.registrationDay;
    const registrationDay = Math.min(
      Math.max(term.firstDay + Math.round(latest), earliest),
      term.firstDay + 9,
    );
    const registeredAt = Math.max(
      opens,
      student.knownAt + 3_600_000,
      dayAt(registrationDay, random.between(420, 1380)),
    );
    const standing = random.normal();
    const length = term.lastDay - term.firstDay;
    const patience = random.normal();
    const share = quantile(parameters.withdrawal, normalShare(patience));
    const leaveDay = term.firstDay + Math.round(Math.max(-40 / length, Math.min(share, 0.97)) * length);
    const leftAt =
      result === 'Withdrawn'
        ? Math.max(registeredAt + 6 * 3_600_000, dayAt(leaveDay, random.between(480, 1200)))
        : undefined;
    return {
      n: i + 1,
      student,
      section,
      term,
      registeredAt,
      leftAt,
      canvasAt: Math.max(calendar.nextNight(registeredAt), section.shell.madeAt),
      canvasLeftAt: leftAt === undefined ? undefined : calendar.nextNight(leftAt),
      result,
      stop: stepQuantile(
        of.stop,
        normalShare(LASTING * patience + Math.sqrt(1 - LASTING ** 2) * random.normal()),
      ),
      standing,
      trend: result === 'Fail' || result === 'Withdrawn' ? -0.8 * random.next() : 0.3 * random.normal(),
      letter: letterOf(result, standing),
    };
  });
}

function resultAt(parameters: Parameters, share: number): Result {
  let below = 0;
  for (const result of RESULTS) {
    below += parameters.results[result];
    if (share < below) return result;
  }
  return 'Distinction';
}

function letterOf(result: Result, standing: number): string {
  if (result === 'Withdrawn') return 'W';
  if (result === 'Distinction') return standing > -0.5 ? 'A' : 'A-';
  if (result === 'Fail') return standing > 0.8 ? 'D' : 'F';
  const letters = ['C', 'C+', 'B-', 'B', 'B+'];
  return letters[Math.min(4, Math.floor(normalShare(standing) * 5))]!;
}
