import type { FeatureHighlight, FeatureList } from '../ports/feature.ts';
import { MODEL } from './tables.ts';

const NOTE = 'It supports an adviser; it decides nothing. Concern orders the list and is no probability.';

/** All of them, for the people who advise them. */
export const attentionList: FeatureList = {
  title: 'First semester: who may need attention',
  table: `campus.${MODEL}`,
  order: [{ column: 'concern', descending: true }, { column: 'student_id' }],
  columns: [
    { name: 'student_id', title: 'Student' },
    { name: 'given_name', title: 'Given name' },
    { name: 'family_name', title: 'Family name' },
    { name: 'program_code', title: 'Program' },
    { name: 'concern', title: 'Concern' },
    { name: 'worst_course_code', title: 'Course of most concern' },
  ],
  reasons: 'reasons',
  note: NOTE,
};

/** The students of greatest concern, with the reasons. */
export const highlight: FeatureHighlight = {
  table: `campus.${MODEL}`,
  sql: `
  SELECT student_id, given_name || ' ' || family_name AS name, concern, reasons
  FROM campus.${MODEL}
  ORDER BY concern DESC, student_id`,
  heading: (rows, shown) => `${rows} first-semester students need attention; the first ${shown}:`,
  columns: [
    { title: 'student', width: 12 },
    { title: 'name', width: 24 },
    { title: 'concern', width: 9 },
  ],
  last: 'why',
  brief: ([student, name, concern, why]) => `${student} ${name}, concern ${concern}\n  ${why}`,
  note: NOTE,
};
