import type { NotYet } from '../ports/step.ts';
import { ThrottledError } from './errors.ts';

/** Retry jitter in seconds, so that throttled tables do not all come back at once. */
const SPREAD = 45;

/** The result of `work`; if a rate limit refuses it, that it is not done yet. */
export async function deferIfThrottled<T>(work: () => Promise<T>): Promise<T | NotYet> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ThrottledError)) throw error;
    return { done: false, retryAfterSeconds: Math.ceil(error.waitMs / 1000 + Math.random() * SPREAD) };
  }
}
