import type { ErrorHandler } from 'hono';
import { ZodError } from 'zod';
import { LakeError } from '../../src/errors.ts';
import { failureOf } from '../../src/failure.ts';
import { systemError } from '../../src/system-error.ts';

/** Errors as answers: the lake's own words, and of what is none of its errors only that it happened. */
export const answerError: ErrorHandler = (error, c) => {
  if (error instanceof ZodError)
    return c.json({ error: { code: 'request', message: 'The request is not one of this server.' } }, 400);
  const known = error instanceof LakeError ? error : systemError(error);
  const { code, message, hint, line, column } = failureOf(error);
  const status = known?.code === 'answer-gone' ? 410 : known?.exitCode === 2 ? 400 : 500;
  // The hint of a failure that nobody has foreseen is about runs, and this is none.
  return c.json(
    { error: { code, message, hint: known?.hint ?? (known ? undefined : hint), line, column } },
    status,
  );
};
