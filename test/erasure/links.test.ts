import { expect, it } from 'vitest';
import { loadCampus } from '../../src/campus/load.ts';
import { linksOf } from '../../src/erasure/links.ts';

const { campus, catalog } = await loadCampus(new URL('../..', import.meta.url).pathname);
const LINKS = linksOf({ campus, catalog });

/** `column role kind` of each link of a dataset. */
const linksIn = (id: string): string[] =>
  (LINKS.find(({ dataset }) => dataset.id === id)?.links ?? []).map(
    ({ column, role, kind }) => `${column.name} ${role} ${kind}`,
  );

it.each([
  ['canvas.users', ['id owner row:canvas.users', 'merged_into_user_id owner row:canvas.users']],
  ['canvas.pseudonyms', ['sis_user_id owner id:person', 'user_id owner row:canvas.users']],
  [
    'canvas.submissions',
    [
      'grader_id mention row:canvas.users',
      'quiz_submission_id owner row:canvas.quiz_submissions',
      'user_id owner row:canvas.users',
    ],
  ],
  ['canvas.scores', ['enrollment_id owner row:canvas.enrollments']],
  [
    'canvas.submission_comments',
    ['author_id owner row:canvas.users', 'submission_id owner row:canvas.submissions'],
  ],
  ['sis.registrar_advisors', ['advisor_id owner id:person', 'student_id owner id:person']],
  ['sis.registrar_grades', ['posted_by mention id:person', 'student_id owner id:person']],
  ['sis.bursar_charges', ['account_id owner row:sis.bursar_accounts']],
  ['sis.registrar_courses', []],
  ['canvas.courses', []],
])('%s belongs to people by its columns', (id, expected) => {
  expect(linksIn(id).sort()).toEqual(expected);
});

it('has tables before those that hang on them, and first what tells that two numbers are one person', () => {
  const ids = LINKS.map(({ dataset }) => dataset.id);
  const identity = LINKS.filter(({ isIdentity }) => isIdentity).map(({ dataset }) => dataset.id);
  expect(identity).toEqual(['canvas.pseudonyms', 'canvas.users']);
  expect(ids.slice(0, 2)).toEqual(identity);
  expect(ids.indexOf('canvas.enrollments')).toBeLessThan(ids.indexOf('canvas.scores'));
  expect(ids.indexOf('canvas.submissions')).toBeLessThan(ids.indexOf('canvas.submission_comments'));
  expect(ids.indexOf('sis.bursar_accounts')).toBeLessThan(ids.indexOf('sis.bursar_payments'));
});
