import { failureOf } from '../failure.ts';
import type { EventWriter } from '../ports/event-log.ts';
import type { EventQueue } from '../ports/event-queue.ts';
import type { Uses } from '../ports/step.ts';
import { pseudonymKeys } from '../privacy/pseudonym-keys.ts';
import { readDelivery } from './envelope.ts';
import type { WithoutErased } from './erased.ts';
import { LiveEventFormError } from './errors.ts';
import { listen, type Receiver } from './https.ts';
import { SigningKeys } from './signed.ts';
import type { LiveSource } from './sources.ts';
import { EventTreatment, logKeyOf } from './treat.ts';

type Receiving = Uses<'campus' | 'catalog' | 'report' | 'secrets' | 'clock' | 'queue'>;

/** Treats deliveries and appends them; one that is appended is on the disk. */
export async function openKeeper(
  lake: Uses<'campus' | 'catalog' | 'secrets'>,
  { name, liveEvents }: LiveSource,
  log: EventWriter,
  without: WithoutErased,
): Promise<(deliveries: readonly unknown[]) => Promise<void>> {
  const treatment = new EventTreatment({
    source: name,
    campus: lake.campus,
    datasets: lake.catalog.of(name),
    keys: await pseudonymKeys(lake),
    ids: liveEvents.ids,
  });
  return async (deliveries) => {
    const events = deliveries.flatMap(readDelivery).flatMap((event) => without(treatment.treat(event)) ?? []);
    await log.append(events.map((event) => ({ key: logKeyOf(event), value: JSON.stringify(event) })));
  };
}

/** Begins to receive a source's live events. */
export async function receive(
  lake: Receiving,
  source: LiveSource,
  log: EventWriter,
  options: { readonly once: boolean; readonly without: WithoutErased },
): Promise<Receiver> {
  const keep = await openKeeper(lake, source, log, options.without);
  const { liveEvents } = source;
  const refused = (code: string) =>
    lake.report.note(source.name, `a delivery to the address of live events was refused: ${code}`);
  if (liveEvents.kind === 'https') {
    const keys = new SigningKeys(
      async () => {
        const response = await fetch(liveEvents.jwks, { signal: AbortSignal.timeout(10_000) });
        if (!response.ok) throw new TypeError(`status ${response.status}`);
        return response.json();
      },
      () => lake.platform.clock.now(),
    );
    const { address, port, unsigned } = liveEvents;
    return listen({ address, port, keys, unsigned, keep: (delivery) => keep([delivery]), refused });
  }
  const queue = await lake.platform.queue!(liveEvents.queueUrl, liveEvents.region);
  const stop = new AbortController();
  const polling = poll(lake, queue, keep, { stop: stop.signal, refused, once: options.once });
  if (options.once) await polling;
  return {
    at: liveEvents.queueUrl,
    async close() {
      stop.abort();
      await polling;
    },
  };
}

/**
 * Takes messages until it is stopped: first they are kept, then removed from the queue, so that a kill in between brings them
 * once more. A message that is no event is removed as well: it would come back for days.
 */
async function poll(
  lake: Receiving,
  queue: EventQueue,
  keep: (deliveries: readonly unknown[]) => Promise<void>,
  {
    stop,
    refused,
    once,
  }: { readonly stop: AbortSignal; refused(code: string): void; readonly once: boolean },
): Promise<void> {
  const { clock } = lake.platform;
  for (let failures = 0; !stop.aborted; ) {
    try {
      const messages = await queue.receive(stop);
      const good: unknown[] = [];
      for (const { body } of messages) {
        try {
          const delivery: unknown = JSON.parse(body);
          readDelivery(delivery);
          good.push(delivery);
        } catch (error) {
          if (!(error instanceof LiveEventFormError || error instanceof SyntaxError)) throw error;
          refused(error instanceof LiveEventFormError ? error.code : 'live-event-form');
        }
      }
      await keep(good);
      if (messages.length > 0) await queue.remove(messages);
      failures = 0;
      if (once && messages.length === 0) return;
    } catch (error) {
      if (stop.aborted) return;
      if (once) throw error;
      failures += 1;
      lake.report.note('live events', failureOf(error).message);
      await clock.sleep(Math.min(1_000 * 2 ** failures, 60_000), stop).catch(() => undefined);
    }
  }
}
