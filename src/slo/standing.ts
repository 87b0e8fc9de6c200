import type { LedgerStore } from '../ports/ledger.ts';
import { assess, type Standing } from './assess.ts';
import { readSilences } from './exceptions.ts';
import { readHistory } from './history.ts';
import type { Objectives } from './load-objectives.ts';
import { periodAt } from './periods.ts';
import { MINUTE_MS } from './spans.ts';

/** How every objective stood at a moment (epoch ms), by what the ledger says of the time before. */
export async function standings(
  ledger: Pick<LedgerStore, 'rows'>,
  { objectives, calendar }: Pick<Objectives, 'objectives' | 'calendar'>,
  at: number,
): Promise<Standing[]> {
  if (objectives.length === 0) return [];
  const starts = objectives.map(({ window, alerts }) =>
    Math.min(periodAt(window, at).from * MINUTE_MS, ...alerts.map(({ windowsMs }) => at - 4 * windowsMs[0]!)),
  );
  const history = await readHistory(ledger, Math.min(...starts), at);
  const silences = await readSilences(ledger);
  return objectives.map((objective) => assess(objective, history, calendar, at, silences));
}

/** The alerts that fire and are not silenced. */
export const firingIn = ({ alerts }: Standing) =>
  alerts.filter(({ state, silence }) => state.phase === 'firing' && !silence);
