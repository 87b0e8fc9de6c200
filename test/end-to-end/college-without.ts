import type { Change, College, SystemHistory, TableShape } from '../../src/simulators/college/college.ts';

/** Columns that say whose a row is, named here apart from what the lake makes of its catalog. */
const OWNERS = ['user_id', 'author_id', 'student_id', 'person_id', 'sis_user_id'];
/** What hangs on a row, by the name of the column that points to it. */
const PARENTS: Readonly<Record<string, string>> = {
  enrollment_id: 'canvas.enrollments',
  submission_id: 'canvas.submissions',
  quiz_submission_id: 'canvas.quiz_submissions',
  account_id: 'bursar.accounts',
};

const nameOf = ({ namespace, name }: TableShape): string => `${namespace}.${name}`;
const keyOf = ({ key }: TableShape, { row }: Change): string =>
  key.map((column) => String(row[column])).join('|');

/**
 * The same college, in which one person has never been: every row about that person is missing, and so is what hangs
 * on it.
 * @param numbers of the person, in either system
 */
export function collegeWithout(college: College, numbers: readonly string[]): College {
  const sought = new Set(numbers);
  const gone = new Map<string, Set<string>>();
  const isTheirs = (table: TableShape, { row }: Change) => {
    if (nameOf(table) === 'canvas.users' && sought.has(String(row.id))) return true;
    if (OWNERS.some((column) => sought.has(String(row[column])))) return true;
    return Object.entries(PARENTS).some(([column, parent]) => {
      const isSame = nameOf(table) === parent || parent.split('.')[0] !== table.namespace;
      return !isSame && gone.get(parent)?.has(String(row[column]));
    });
  };
  const note = (history: SystemHistory) => {
    for (const table of history.tables) {
      const keys = gone.get(nameOf(table)) ?? new Set<string>();
      gone.set(nameOf(table), keys);
      for (const change of history.changes(table, -1, Number.MAX_SAFE_INTEGER)) {
        if (isTheirs(table, change)) keys.add(keyOf(table, change));
      }
    }
  };
  // What hangs on a row may come before it in the list of tables, and may itself have something that hangs on it.
  for (let round = 0; round < 3; round++) for (const history of [college.canvas, college.sis]) note(history);
  const without = (history: SystemHistory): SystemHistory => ({
    tables: history.tables,
    *changes(table, after, upTo, wanted) {
      for (const change of history.changes(table, after, upTo, wanted)) {
        if (!gone.get(nameOf(table))?.has(keyOf(table, change))) yield change;
      }
    },
  });
  return { ...college, canvas: without(college.canvas), sis: without(college.sis) };
}
