import type { FeatureList } from '../ports/feature.ts';
import { SCORES } from './tables.ts';

/** The newest week of each term, in the order in which the students may need help. */
export const scoreList: FeatureList = {
  title: 'Early warning: courses that may be lost',
  table: SCORES,
  where: {
    sql: `evidence IN ('scored', 'nothing handed in') AND cutoff_date = (SELECT max(cutoff_date) FROM ${SCORES})`,
    reads: ['evidence', 'cutoff_date'],
  },
  order: [{ column: 'place' }],
  columns: [
    { name: 'student_id', title: 'Student' },
    { name: 'course_code', title: 'Course' },
    { name: 'week', title: 'Week' },
    { name: 'evidence', title: 'Evidence' },
    { name: 'in_favour', title: 'Speaks for the student' },
    { name: 'last_contact', title: 'Last contact' },
  ],
  reasons: 'reasons',
  note: "It supports an adviser's judgement; it decides nothing and is no part of a grade. `lake early-warning report` says how well it has done so far.",
};
