import { expect, it } from 'vitest';
import { knownUpTo } from '../../src/lms/known-up-to.ts';

const at = (hour: number) => new Date(Date.UTC(2026, 2, 9, hour)).toISOString();

it.each([
  ['of a table that changes: its watermark', 'canvas', { watermark: at(5), startedAt: at(6) }, at(5)],
  ['of a quiet one: the refresh before its job', 'canvas', { watermark: at(-900), startedAt: at(6) }, at(2)],
  ['which comes later for new quizzes', 'new_quizzes', { watermark: at(-900), startedAt: at(9) }, at(1)],
  ['of a job that does not say when it began', 'canvas', { watermark: at(-900) }, at(-900)],
])('%s', (_what, namespace, job, known) => {
  expect(knownUpTo(namespace, job)).toBe(known);
});
