import { failureOf } from '../failure.ts';
import type { OpsRow } from '../ports/ledger.ts';
import type { Lake, NotYet, Step } from '../ports/step.ts';
import { composeMessage } from './compose.ts';
import type { Fate, Fates } from './delivery.ts';
import { type Notifier, notifierFor, topicNotifier } from './notifier.ts';
import type { RunSummary } from './summary.ts';

export type NotifyInput = { readonly summary: RunSummary };

export type NotifyOutput = {
  /** Names of the ways by which everybody was told, now or in an earlier attempt. */
  readonly sent: string[];
  readonly failed: { readonly notifier: string; readonly error: string }[];
};

/** So long between two tries of a receiver that says "later": what greylisting asks for as a rule (RFC 6647). */
const ASK_AGAIN_SECONDS = 300;

const LATER: NotYet = { done: false, retryAfterSeconds: ASK_AGAIN_SECONDS };

/**
 * Tells people of a run by every way that campus.yaml names, and by the topic of the platform where it has one. One
 * that fails stops neither the others nor the run; each receiver's fate is in `ops.notifications`, and who was not
 * reached is in the output and among the remarks. Repeated, it tells only those who were not reached before; while a
 * mail server says "later", it asks to be repeated.
 */
export const notify: Step<NotifyInput, NotifyOutput | NotYet> = {
  name: 'notify',
  async run({ summary }, lake) {
    const { ledger, clock } = lake.platform;
    const earlier = new Map(
      (await ledger.rows('notifications', `${summary.run}/`)).map((row) => [row.id, row]),
    );
    const sent: string[] = [];
    const failed: NotifyOutput['failed'] = [];
    let waits = false;
    for (const { way, notifier } of waysOf(lake)) {
      if (!notifier.wants(summary)) continue;
      const rows = new Map(
        notifier.receivers.map((name) => [name, earlier.get(idOf(summary.run, way, name))]),
      );
      const open = notifier.receivers.filter((name) => rows.get(name)?.status !== 'sent');
      const fates = open.length === 0 ? new Map<string, Fate>() : await tell(notifier, summary, open);
      const now = clock.now();
      const written = [...fates].map(([name, fate]) =>
        rowOf(summary.run, way, notifier, name, fate, rows.get(name), now),
      );
      if (written.length > 0) await ledger.append('notifications', written);
      const patience = notifier.patienceMs ?? 0;
      waits ||= written.some(
        (row) =>
          row.status === 'deferred' &&
          now + ASK_AGAIN_SECONDS * 1000 <= Date.parse(String(row.first_tried_at)) + patience,
      );
      const errors = [
        ...new Set([...fates.values()].flatMap((fate) => (fate.status === 'sent' ? [] : [fate.error]))),
      ];
      if (errors.length === 0) sent.push(notifier.name);
      else failed.push({ notifier: notifier.name, error: errors.join('; ') });
    }
    if (waits) return LATER;
    for (const { notifier, error } of failed) lake.report.note('notify', `${notifier}: ${error}`);
    return { sent, failed };
  },
};

/** Every way by which people are told, with what it is called in `ops.notifications`. */
export function waysOf({ campus, platform, signal }: Lake): { way: string; notifier: Notifier }[] {
  const parts = { campus, secrets: platform.secrets, signal };
  const ways = campus.notify.map((config, at) => ({ way: String(at), notifier: notifierFor(config, parts) }));
  return platform.topic ? [...ways, { way: 'topic', notifier: topicNotifier(platform.topic) }] : ways;
}

async function tell(notifier: Notifier, summary: RunSummary, receivers: readonly string[]): Promise<Fates> {
  try {
    return await notifier.send(composeMessage(summary), summary, receivers);
  } catch (error) {
    const { message } = failureOf(error, { step: 'notify' });
    return new Map(receivers.map((name): [string, Fate] => [name, { status: 'failed', error: message }]));
  }
}

const idOf = (run: string, way: string, receiver: string): string =>
  receiver === '' ? `${run}/${way}` : `${run}/${way}/${receiver}`;

function rowOf(
  run: string,
  way: string,
  notifier: Notifier,
  receiver: string,
  fate: Fate,
  before: OpsRow | undefined,
  now: number,
): OpsRow {
  const at = new Date(now).toISOString();
  return {
    id: idOf(run, way, receiver),
    run,
    notifier: notifier.name,
    receiver: receiver === '' ? null : receiver,
    status: fate.status,
    at,
    first_tried_at: before?.first_tried_at ?? at,
    error: fate.status === 'sent' ? null : fate.error,
  };
}
