import { asNotice, composeNotice } from '../notify/compose-notice.ts';
import { sendMessage } from '../notify/send-message.ts';
import type { FeatureLake, FeatureNotice } from '../ports/feature.ts';
import { runStamp } from '../ports/ledger.ts';
import type { Uses } from '../ports/step.ts';
import { changesIn, keepTold, lastTold } from './alert-changes.ts';
import { noticesOf } from './alert-notices.ts';
import { openObjectives } from './open-objectives.ts';
import { standings } from './standing.ts';

/** What of the alerts is news at the end of a run. Repeated in the same run, the answer is the same. */
export async function noticesOfRun(lake: FeatureLake, run: string): Promise<FeatureNotice[]> {
  const { ledger, clock } = lake.platform;
  const loaded = await openObjectives(lake);
  if (loaded.objectives.length === 0) return [];
  const now = clock.now();
  const changes = changesIn(await standings(ledger, loaded, now), await lastTold(ledger, run));
  await keepTold(ledger, changes, now, run);
  return noticesOf(lake.campus.name, changes, now);
}

export interface Announced {
  readonly [field: string]: number;
  /** Changes of alerts that were noticed. */
  readonly changes: number;
  /** Notices that reached every channel. */
  readonly told: number;
  /** Notices that did not; they are told next time. */
  readonly failed: number;
}

/**
 * Looks at every alert now and tells what is news, by the channels of campus.yaml. Between runs it is called every few
 * minutes; two that do so at once tell nothing twice.
 */
export async function announce(
  lake: Uses<'campus' | 'catalog' | 'features' | 'signal' | 'clock' | 'ledger' | 'secrets' | 'topic'>,
): Promise<Announced> {
  const { ledger, clock } = lake.platform;
  const now = clock.now();
  const changes = changesIn(await standings(ledger, await openObjectives(lake), now), await lastTold(ledger));
  const failed = new Set<string>();
  let told = 0;
  for (const notice of noticesOf(lake.campus.name, changes, now)) {
    const message = composeNotice(asNotice(notice));
    const sent = await sendMessage(lake, message, `${runStamp(now)}-between`);
    if (sent.failed.length === 0) told++;
    else failed.add(notice.reference.id);
  }
  await keepTold(
    ledger,
    changes.filter(({ standing }) => !failed.has(standing.objective.name)),
    now,
  );
  return { changes: changes.length, told, failed: failed.size };
}
