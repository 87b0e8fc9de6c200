import { debugLog } from '../debug-log.ts';
import type { Lake } from '../ports/step.ts';
import { composeMessage } from './compose.ts';
import { waysOf } from './step.ts';
import type { RunSummary } from './summary.ts';

/**
 * Tells people of a run by every way that works, without the ledger: so nobody knows afterwards who was told, and
 * whoever was told already is told again. Never fails.
 */
export async function tellUnrecorded(lake: Lake, summary: RunSummary): Promise<void> {
  const message = composeMessage(summary);
  for (const { notifier } of waysOf(lake)) {
    if (!notifier.wants(summary)) continue;
    await notifier.send(message, summary).catch((error: unknown) => {
      debugLog(notifier.name, error);
      lake.report.note('notify', `${notifier.name} could not be told`);
    });
  }
}
