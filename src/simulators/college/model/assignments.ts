import { Random } from '../random.ts';
import type { Shell } from './teaching.ts';

type AssignmentKind = 'paper' | 'quiz' | 'discussion' | 'exam';

export interface Assignment {
  readonly n: number;
  readonly shell: Shell;
  readonly kind: AssignmentKind;
  readonly title: string;
  readonly points: number;
  /** Share of the course grade that its group makes, percent. */
  readonly group: AssignmentGroup;
  readonly publishedAt: number;
  readonly dueDay: number;
  readonly dueAt: number;
  /** Position in the course, from 1. */
  readonly position: number;
}

export interface AssignmentGroup {
  readonly n: number;
  readonly shell: Shell;
  readonly name: string;
  readonly weight: number;
  readonly position: number;
}

const GROUPS: readonly (readonly [kind: AssignmentKind, name: string, weight: number])[] = [
  ['paper', 'Assignments', 40],
  ['quiz', 'Quizzes', 20],
  ['discussion', 'Discussion', 15],
  ['exam', 'Exams', 25],
];

/** A course's work: something is due in most weeks, the final exam in the last. */
export function planWork(
  seed: number,
  shells: readonly Shell[],
  dayAt: (day: number, minutes: number) => number,
): { groups: AssignmentGroup[]; assignments: Assignment[] } {
  const groups: AssignmentGroup[] = [];
  const assignments: Assignment[] = [];
  for (const shell of shells) {
    const random = new Random(seed, 'work', shell.n);
    const own = new Map(
      GROUPS.map(([kind, name, weight], i) => {
        const group = { n: groups.length + 1, shell, name, weight, position: i + 1 };
        groups.push(group);
        return [kind, group] as const;
      }),
    );
    // As measured: the first piece is due at once, the last before five sixths of the course are over.
    const lastPieceWeek = shell.term.weeks - 4;
    const pieces = random.between(7, 11);
    const counts = { paper: 0, quiz: 0, discussion: 0, exam: 0 };
    const dueWeekday = random.pick([6, 6, 6, 4]);
    for (let i = 0; i <= pieces; i += 1) {
      const kind: AssignmentKind =
        i === pieces ? 'exam' : random.pick(['paper', 'paper', 'quiz', 'discussion']);
      counts[kind] += 1;
      const week = i === pieces ? shell.term.weeks - 1 : Math.floor((i * lastPieceWeek) / (pieces - 1));
      const dueDay = shell.term.firstDay + week * 7 + (kind === 'exam' ? 2 : dueWeekday);
      const published = Math.max(0, week - 3) * 7;
      assignments.push({
        n: assignments.length + 1,
        shell,
        kind,
        title: titleOf(kind, counts[kind]),
        points: kind === 'exam' ? 100 : kind === 'paper' ? 50 : 20,
        group: own.get(kind)!,
        publishedAt:
          published === 0 ? shell.opensAt : dayAt(shell.term.firstDay + published, random.between(420, 600)),
        dueDay,
        dueAt: dayAt(dueDay, kind === 'exam' ? 17 * 60 : 23 * 60 + 59),
        position: i + 1,
      });
    }
  }
  return { groups, assignments };
}

function titleOf(kind: AssignmentKind, count: number): string {
  if (kind === 'exam') return 'Final exam';
  return `${{ paper: 'Assignment', quiz: 'Quiz', discussion: 'Discussion' }[kind]} ${count}`;
}
