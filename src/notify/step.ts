import { failureOf } from '../failure.ts';
import type { Lake, Step } from '../step.ts';
import { composeMessage } from './compose.ts';
import { type Notifier, notifierFor, topicNotifier } from './notifier.ts';
import type { RunSummary } from './summary.ts';

export type NotifyInput = { readonly summary: RunSummary };

export type NotifyOutput = {
  /** Names of the ways by which people were told, now or in an earlier attempt. */
  readonly sent: string[];
  readonly failed: { readonly notifier: string; readonly error: string }[];
};

/**
 * Tells people of a run by every way that campus.yaml names, and by the topic of the home where it has one. One that
 * fails stops neither the others nor the run; it is in the output, in `ops.notifications` and among the remarks.
 * Repeated, it tells only what failed before.
 */
export const notify: Step<NotifyInput, NotifyOutput> = {
  name: 'notify',
  async run({ summary }, lake) {
    const { platform, report } = lake;
    const message = composeMessage(summary);
    const earlier = await platform.ledger.rows('notifications', `${summary.run}/`);
    const told = new Set(earlier.filter((row) => row.status === 'sent').map((row) => row.id));
    const sent: string[] = [];
    const failed: NotifyOutput['failed'] = [];

    for (const { way, notifier } of waysOf(lake)) {
      const id = `${summary.run}/${way}`;
      if (!notifier.wants(summary)) continue;
      let error: string | null = null;
      if (!told.has(id)) {
        error = await notifier.send(message, summary).then(
          () => null,
          (e: unknown) => failureOf(e).message,
        );
        await platform.ledger.append('notifications', [
          {
            id,
            run: summary.run,
            notifier: notifier.name,
            status: error === null ? 'sent' : 'failed',
            at: new Date(platform.clock.now()).toISOString(),
            error,
          },
        ]);
      }
      if (error === null) sent.push(notifier.name);
      else {
        failed.push({ notifier: notifier.name, error });
        report.note('notify', `${notifier.name}: ${error}`);
      }
    }
    return { sent, failed };
  },
};

/** Every way by which people are told, with what it is called in `ops.notifications`. */
export function waysOf({ campus, platform, signal }: Lake): { way: string; notifier: Notifier }[] {
  const parts = { campus, secrets: platform.secrets, signal };
  const ways = campus.notify.map((config, at) => ({ way: String(at), notifier: notifierFor(config, parts) }));
  return platform.topic ? [...ways, { way: 'topic', notifier: topicNotifier(platform.topic) }] : ways;
}
