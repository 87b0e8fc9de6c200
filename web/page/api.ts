import type { ErrorAnswer } from '../answers.ts';

/** What the server has refused or could not do, in the lake's own words. */
export class AnswerError extends Error {
  readonly code: string;
  readonly hint?: string;
  readonly line?: number;
  readonly column?: number;

  constructor({ code, message, hint, line, column }: ErrorAnswer['error']) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.line = line;
    this.column = column;
  }
}

const GONE: ErrorAnswer['error'] = {
  code: 'no-server',
  message: 'The workbench does not answer.',
  hint: 'Start it again with `lake serve`, and open the link that it prints.',
};

/** Reads an answer. @throws AnswerError */
export async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  return ask<T>(path, { signal });
}

/** Sends something. @throws AnswerError */
export async function send<T>(
  method: 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> {
  return ask<T>(path, {
    method,
    signal,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  });
}

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(path, init).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    throw new AnswerError(GONE);
  });
  const answer = (await response.json().catch(() => undefined)) as (T & Partial<ErrorAnswer>) | undefined;
  if (answer === undefined) throw new AnswerError(GONE);
  if (!response.ok) throw new AnswerError(answer.error ?? GONE);
  return answer;
}
