import type { FeatureHighlight } from '../ports/feature.ts';
import { MODEL } from './tables.ts';

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
  note: 'It supports an adviser; it decides nothing. Concern orders the list and is no probability.',
};
