import type { NotYet, Step, Uses } from '../ports/step.ts';
import { composeRun } from './compose-run.ts';
import { ASK_AGAIN_SECONDS, type Sent, sendMessage } from './send-message.ts';
import type { RunSummary } from './summary.ts';

const LATER: NotYet = { done: false, retryAfterSeconds: ASK_AGAIN_SECONDS };

export type NotifyInput = { readonly summary: RunSummary };

export type NotifyOutput = Pick<Sent, 'sent' | 'failed'>;

/**
 * Tells people of a run by every channel that wants to hear of it. One that fails stops neither the others nor the run;
 * who was not reached is in the output and among the remarks. While a mail server says "later", it asks to be repeated.
 */
export const notify: Step<
  NotifyInput,
  NotifyOutput | NotYet,
  Uses<'campus' | 'report' | 'signal' | 'clock' | 'ledger' | 'secrets' | 'topic'>
> = {
  name: 'notify',
  async run({ summary }, lake) {
    const { sent, failed, waits } = await sendMessage(lake, composeRun(summary), summary.run);
    if (waits) return LATER;
    for (const { notifier, error } of failed) lake.report.note('notify', `${notifier}: ${error}`);
    return { sent, failed };
  },
};
