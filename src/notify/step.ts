import type { NotYet, Step, Uses } from '../ports/step.ts';
import { composeNotice, type Notice } from './compose-notice.ts';
import { composeRun } from './compose-run.ts';
import { ASK_AGAIN_SECONDS, type Sent, sendMessage } from './send-message.ts';
import type { RunSummary } from './summary.ts';

const LATER: NotYet = { done: false, retryAfterSeconds: ASK_AGAIN_SECONDS };

export type NotifyInput = {
  readonly summary: RunSummary;
  /** What else is to be told. Default: nothing. */
  readonly notices?: Notice[];
};

export type NotifyOutput = Pick<Sent, 'sent' | 'failed'>;

/**
 * Tells people of a run, and what features have to tell, by every channel that wants to hear of it. One that fails stops neither the others nor the run;
 * who was not reached is in the output and among the remarks. While a mail server says "later", it asks to be repeated.
 */
export const notify: Step<
  NotifyInput,
  NotifyOutput | NotYet,
  Uses<'campus' | 'report' | 'signal' | 'clock' | 'ledger' | 'secrets' | 'topic'>
> = {
  name: 'notify',
  async run({ summary, notices = [] }, lake) {
    const messages = [composeRun(summary), ...notices.map(composeNotice)];
    const results: Sent[] = [];
    for (const message of messages) results.push(await sendMessage(lake, message, summary.run));
    if (results.some(({ waits }) => waits)) return LATER;
    // Every message goes by the same channels, and one that is broken is broken for all of them.
    const failed = [
      ...new Map(results.flatMap((one) => one.failed).map((one) => [one.notifier, one])).values(),
    ];
    for (const { notifier, error } of failed) lake.report.note('notify', `${notifier}: ${error}`);
    return { sent: results[0]!.sent, failed };
  },
};
