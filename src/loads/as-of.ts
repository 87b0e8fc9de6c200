import type { Campus } from '../campus/campus.ts';
import type { LedgerStore } from '../platform/ports/ledger.ts';
import { listStates } from './dataset-state.ts';

/**
 * How far the lake has been loaded: the newest watermark of an LMS dataset (of any dataset, where the campus has no
 * LMS), ISO 8601 UTC. What models call now, so that a model answers the same for the same loads, whenever it is
 * built. It is the LMS's clock because what people do, and when, is told by the LMS. Undefined before the first load.
 */
export async function asOf(
  ledger: LedgerStore,
  campus: Pick<Campus, 'sources'>,
): Promise<string | undefined> {
  const ofLms = (dataset: string) => campus.sources[dataset.split('.')[0]!]?.kind === 'canvas';
  const loaded = (await listStates(ledger)).filter((state) => state.watermark !== undefined);
  const lms = loaded.filter((state) => ofLms(state.dataset));
  const marks = (lms.length > 0 ? lms : loaded).map((state) => state.watermark!);
  return marks.sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1);
}
