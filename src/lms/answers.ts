import type { Question } from '../loads/state.ts';
import type { LmsCompleteJob } from '../ports/lms-source.ts';

/**
 * In which way a job answers another question than the one that was asked, in words; undefined where it answers it.
 * A job that begins earlier than asked holds all that was asked for, and what it holds more is known already.
 */
export function otherAnswer(
  asked: Question,
  job: Pick<LmsCompleteJob, 'kind' | 'since' | 'watermark'>,
): string | undefined {
  if (asked.kind !== job.kind) {
    return `${WORDS[asked.kind]} was asked for, and its job is ${WORDS[job.kind]}`;
  }
  if (asked.kind === 'snapshot') return undefined;
  if (!isInstant(job.watermark) || !isInstant(job.since))
    return 'its job does not say from when to when it goes';
  if (Date.parse(job.since!) > Date.parse(asked.since)) {
    return `changes since ${asked.since} were asked for, and its job begins at ${job.since}`;
  }
  return Date.parse(job.watermark) < Date.parse(asked.since)
    ? `changes since ${asked.since} were asked for, and its job ends before, at ${job.watermark}`
    : undefined;
}

const WORDS = { snapshot: 'a snapshot', increment: 'an increment' } as const;

const isInstant = (text: string | undefined): boolean => !Number.isNaN(Date.parse(text ?? ''));
