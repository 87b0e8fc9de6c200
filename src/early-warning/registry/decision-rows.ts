import { type OpsRow, runStamp } from '../../ports/ledger.ts';
import type { Uses } from '../../ports/step.ts';
import { readRegistry } from './registry.ts';
import { MODEL_DECISIONS } from './tables.ts';

/**
 * Decisions as rows of `ops.model_decisions`, those that are not there yet: the registry is what counts, and what a kill
 * left out is written by the next command or run. A row has one id for good.
 */
export async function keepDecisions(lake: Uses<'ledger' | 'objects'>): Promise<void> {
  const { ledger, objects } = lake.platform;
  const { decisions } = await readRegistry(objects);
  if (decisions.length === 0) return;
  const kept = new Set((await ledger.rows(MODEL_DECISIONS.name)).map(({ id }) => id));
  const rows = decisions.map(({ at, action, model, before, by, because, card }): OpsRow => {
    const stamp = runStamp(Date.parse(at));
    return {
      id: `${stamp}/${action}/${model}`,
      run: stamp,
      model,
      action,
      before: before ?? null,
      by_whom: by,
      reason: because,
      card: card ?? null,
      decided_at: at,
    };
  });
  const missing = rows.filter(({ id }) => !kept.has(id));
  if (missing.length > 0) await ledger.append(MODEL_DECISIONS.name, missing);
}
