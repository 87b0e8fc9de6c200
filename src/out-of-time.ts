import { LakeError } from './errors.ts';

/**
 * The reason with which a lake's signal is aborted when whatever runs the step will soon be taken away, as a Lambda
 * is after 15 minutes: nothing failed, and the work goes on in another process.
 */
export class OutOfTimeError extends LakeError {}

/** Whether the work was ended by the clock, and not by a person or a failure. */
export function isOutOfTime(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason instanceof OutOfTimeError;
}
