import type { LedgerStore } from '../platform/ports.ts';
import { listStates } from './dataset-state.ts';

/**
 * How far the lake has been loaded: the newest watermark of any dataset, ISO 8601 UTC. What models call now, so
 * that a model answers the same for the same loads, whenever it is built. Undefined before the first load.
 */
export async function asOf(ledger: LedgerStore): Promise<string | undefined> {
  const marks = (await listStates(ledger)).flatMap((state) => (state.watermark ? [state.watermark] : []));
  return marks.sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1);
}
