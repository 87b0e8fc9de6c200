import type { TableSpec } from './dap-types.ts';
import { ASSIGNMENTS } from './tables/assignments.ts';
import { CONTENT } from './tables/content.ts';
import { COURSES } from './tables/courses.ts';
import { OUTCOMES } from './tables/outcomes.ts';
import { PEOPLE } from './tables/people.ts';
import { QUIZZES } from './tables/quizzes.ts';
import { TALK } from './tables/talk.ts';
import { TOOLS } from './tables/tools.ts';

/**
 * The tables of the `canvas` namespace, with the platform's own column names and types. Source: Instructure's
 * developer documentation, "Canvas dataset" (2026); lists of words from the schemas it hands out.
 */
export const CANVAS_TABLES: Readonly<Record<string, TableSpec>> = {
  ...PEOPLE,
  ...COURSES,
  ...ASSIGNMENTS,
  ...QUIZZES,
  ...CONTENT,
  ...TALK,
  ...OUTCOMES,
  ...TOOLS,
};
