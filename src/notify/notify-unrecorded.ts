import { debugLog } from '../debug-log.ts';
import type { Uses } from '../ports/step.ts';
import { type Message, takes } from './message.ts';
import { waysOf } from './send-message.ts';

/**
 * Notifies by every channel that works, without the ledger. Nothing records who was notified, and who was notified
 * before is notified again. Never fails.
 */
export async function notifyUnrecorded(
  lake: Uses<'campus' | 'report' | 'signal' | 'secrets' | 'topic'>,
  message: Message,
): Promise<void> {
  for (const { channel } of waysOf(lake)) {
    if (!takes(channel.route, message)) continue;
    await channel.send(message).catch((error: unknown) => {
      debugLog(channel.name, error);
      lake.report.note('notify', `${channel.name} could not be notified`);
    });
  }
}
