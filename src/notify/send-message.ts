import { failureOf } from '../failure.ts';
import type { OpsRow } from '../ports/ledger.ts';
import type { Uses } from '../ports/step.ts';
import { type Channel, channelFor, topicChannel } from './channel.ts';
import type { Fate, Fates } from './delivery.ts';
import { type Message, takes } from './message.ts';

/** So long between two tries of a receiver that says "later": what greylisting asks for as a rule (RFC 6647). */
export const ASK_AGAIN_SECONDS = 300;

export interface Sent {
  /** Names of the channels that reached all of their receivers, now or in an earlier attempt. */
  readonly sent: string[];
  readonly failed: { readonly notifier: string; readonly error: string }[];
  /** Whether a receiver that said "later" is to be asked again after `ASK_AGAIN_SECONDS`. */
  readonly waits: boolean;
}

/**
 * Sends a message by every channel whose route it fits: those that campus.yaml names, and the topic of the platform
 * where it has one. One that fails does not stop the others; each receiver's fate is in `ops.notifications`. Repeated,
 * it tells only those who were not reached before.
 * @param run the run in which it is sent, for the rows
 */
export async function sendMessage(
  lake: Uses<'campus' | 'signal' | 'clock' | 'ledger' | 'secrets' | 'topic'>,
  message: Message,
  run: string,
): Promise<Sent> {
  const { ledger, clock } = lake.platform;
  const { dedupeKey } = message;
  const earlier = new Map((await ledger.rows('notifications', `${dedupeKey}/`)).map((row) => [row.id, row]));
  const sent: string[] = [];
  const failed: Sent['failed'] = [];
  let waits = false;
  for (const { way, channel } of waysOf(lake)) {
    if (!takes(channel.route, message)) continue;
    const idOf = (receiver: string) =>
      receiver === '' ? `${dedupeKey}/${way}` : `${dedupeKey}/${way}/${receiver}`;
    const open = channel.receivers.filter((name) => earlier.get(idOf(name))?.status !== 'sent');
    const fates = open.length === 0 ? new Map<string, Fate>() : await tell(channel, message, open);
    const now = clock.now();
    const written = [...fates].map(([receiver, fate]) => {
      const id = idOf(receiver);
      return rowOf({ id, run, notifier: channel.name, receiver }, fate, earlier.get(id), now);
    });
    if (written.length > 0) await ledger.append('notifications', written);
    const patience = channel.patienceMs ?? 0;
    waits ||= written.some(
      (row) =>
        row.status === 'deferred' &&
        now + ASK_AGAIN_SECONDS * 1000 <= Date.parse(String(row.first_tried_at)) + patience,
    );
    const errors = [
      ...new Set([...fates.values()].flatMap((fate) => (fate.status === 'sent' ? [] : [fate.error]))),
    ];
    if (errors.length === 0) sent.push(channel.name);
    else failed.push({ notifier: channel.name, error: errors.join('; ') });
  }
  return { sent, failed, waits };
}

/** Every channel of the lake, with what it is called in `ops.notifications`. */
export function waysOf({
  campus,
  platform,
  signal,
}: Uses<'campus' | 'signal' | 'secrets' | 'topic'>): { way: string; channel: Channel }[] {
  const parts = { campus, secrets: platform.secrets, signal };
  const ways = campus.notify.map((config, at) => ({ way: String(at), channel: channelFor(config, parts) }));
  return platform.topic ? [...ways, { way: 'topic', channel: topicChannel(platform.topic) }] : ways;
}

async function tell(channel: Channel, message: Message, receivers: readonly string[]): Promise<Fates> {
  try {
    return await channel.send(message, receivers);
  } catch (error) {
    const { message: said } = failureOf(error, { step: 'notify' });
    return new Map(receivers.map((name): [string, Fate] => [name, { status: 'failed', error: said }]));
  }
}

function rowOf(
  about: { readonly id: string; readonly run: string; readonly notifier: string; readonly receiver: string },
  fate: Fate,
  before: OpsRow | undefined,
  now: number,
): OpsRow {
  const at = new Date(now).toISOString();
  return {
    ...about,
    receiver: about.receiver === '' ? null : about.receiver,
    status: fate.status,
    at,
    first_tried_at: before?.first_tried_at ?? at,
    error: fate.status === 'sent' ? null : fate.error,
  };
}
