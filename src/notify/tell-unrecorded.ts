import { debugLog } from '../debug-log.ts';
import type { Uses } from '../ports/step.ts';
import { type Message, takes } from './message.ts';
import { waysOf } from './send-message.ts';

/**
 * Tells people by every channel that works, without the ledger: so nobody knows afterwards who was told, and
 * whoever was told already is told again. Never fails.
 */
export async function tellUnrecorded(
  lake: Uses<'campus' | 'report' | 'signal' | 'secrets' | 'topic'>,
  message: Message,
): Promise<void> {
  for (const { channel } of waysOf(lake)) {
    if (!takes(channel.route, message)) continue;
    await channel.send(message).catch((error: unknown) => {
      debugLog(channel.name, error);
      lake.report.note('notify', `${channel.name} could not be told`);
    });
  }
}
