import type { NotYet } from '../ports/step.ts';
import { NotYourTurnError } from './errors.ts';

/** So far apart, in s, those come again that were sent away together: otherwise one is let in and all others wait anew. */
const SPREAD = 45;

/** What `work` answers; where a limit sends it away, that it is not done yet. */
export async function orLater<T>(work: () => Promise<T>): Promise<T | NotYet> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NotYourTurnError)) throw error;
    return { done: false, retryAfterSeconds: Math.ceil(error.waitMs / 1000 + Math.random() * SPREAD) };
  }
}
