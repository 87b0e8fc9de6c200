import type { LmsCompleteJob } from '../ports/lms-source.ts';

/** So often, in hours, the source takes in what happened ("Limits & policies" of the DAP documentation). */
const REFRESH_HOURS = 4;
const REFRESH_HOURS_OF: { readonly [namespace: string]: number } = { new_quizzes: 8 };

const HOUR_MS = 3_600_000;

/**
 * Up to when a job's rows are known: all that happened until then is in them. Its watermark says so of a table that
 * changes. Of one that stays quiet the watermark stays where it is, since by the documentation it is the commit of the
 * latest record; then the job itself says so, less the time after which the source has taken in what happened.
 */
export function knownUpTo(
  namespace: string,
  { watermark, startedAt }: Pick<LmsCompleteJob, 'watermark' | 'startedAt'>,
): string {
  if (startedAt === undefined) return watermark;
  const known = Date.parse(startedAt) - (REFRESH_HOURS_OF[namespace] ?? REFRESH_HOURS) * HOUR_MS;
  return known > Date.parse(watermark) ? new Date(known).toISOString() : watermark;
}
