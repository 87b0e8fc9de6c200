import type { LedgerStore } from '../ports/ledger.ts';
import { holdsAt, rowOfTimeLimited, type TimeLimited, timeLimitedIn } from '../time-limited.ts';
import { SILENCED } from './tables.ts';

/** An alert that nobody is told of for a while; it is evaluated and shown as before. */
export interface SilencedAlert extends TimeLimited {
  readonly alert: string;
}

/** Every silence there ever was, the oldest first. */
export const readSilenced = async (ledger: Pick<LedgerStore, 'rows'>): Promise<SilencedAlert[]> =>
  (await ledger.rows(SILENCED.name)).map((row) => ({ ...timeLimitedIn(row), alert: String(row.alert) }));

/** Records a silence; one with the id of another replaces it. */
export const keepSilenced = (ledger: Pick<LedgerStore, 'append'>, silence: SilencedAlert): Promise<void> =>
  ledger.append(SILENCED.name, [{ ...rowOfTimeLimited(silence), alert: silence.alert }]);

/** The names of the alerts that are silenced at an instant (epoch ms). */
export const silencedAt = (silences: readonly SilencedAlert[], at: number): ReadonlySet<string> =>
  new Set(silences.filter((one) => holdsAt(one, at)).map(({ alert }) => alert));
