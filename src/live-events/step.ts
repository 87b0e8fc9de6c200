import { forgetModelRecord, listModelRecords } from '../pipeline/model-record.ts';
import type { FeatureLake } from '../ports/feature.ts';
import type { Step } from '../ports/step.ts';
import { eraseFromLog, openErased } from './erased.ts';
import { LiveState } from './live-state.ts';
import { measureLoss, recordLoss } from './loss.ts';
import { showLive } from './resident.ts';
import { liveSources } from './sources.ts';
import { LIVE_TABLES } from './tables.ts';

type Out = { sources: number; lost: number };

/**
 * After each load: measures what was lost of the live events, and leaves in the live tables only what is newer than what
 * was loaded.
 */
export const settleLiveEvents: Step<{ run: string }, Out, FeatureLake> = {
  name: 'live-events',
  async run({ run }, lake) {
    const { events } = lake.platform;
    const sources = liveSources(lake.campus);
    if (sources.length === 0) await forgetTables(lake);
    if (sources.length === 0 || !events) return { sources: 0, lost: 0 };
    const erased = await openErased(lake.platform.register);
    const states: LiveState[] = [];
    let lost = 0;
    for (const { name } of sources) {
      if (erased) await eraseFromLog(events, name, erased.without);
      const log = await events.openReader(name);
      const losses = await measureLoss(lake, name, log);
      await recordLoss(lake, run, losses);
      lost += losses.reduce((sum, loss) => sum + loss.lost, 0);
      const state = new LiveState(name, erased?.without);
      await state.readOn(log);
      states.push(state);
    }
    await showLive(lake, states, run, true);
    return { sources: sources.length, lost };
  },
};

/** Where nothing is received any more, what came last would be shown, and scored, over every load to come. */
async function forgetTables({ platform: { ledger } }: Pick<FeatureLake, 'platform'>): Promise<void> {
  for (const { model } of await listModelRecords(ledger))
    if (LIVE_TABLES.some(({ name }) => name === model)) await forgetModelRecord(ledger, model);
}
