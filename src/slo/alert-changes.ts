import { type LedgerStore, type OpsRow, runStamp } from '../ports/ledger.ts';
import { phaseOf } from './as-json.ts';
import type { AlertStanding, Standing } from './assess.ts';
import { MINUTE_MS } from './spans.ts';
import { ALERT_CHANGES } from './tables.ts';

/** What is told of an alert. That it is inactive or pending is no news, unless it ends something that was told. */
export type Told = 'firing' | 'resolved' | 'silenced' | 'no-data';

/** An alert of which something else is true than what was last told. */
export interface AlertChange {
  readonly standing: Standing;
  readonly alert: AlertStanding;
  readonly state: Told;
  /** Epoch ms. */
  readonly since: number;
}

/** What was last told of each alert, by `<objective>/<alert>`; what this run has told itself is left out. */
export async function lastTold(
  ledger: Pick<LedgerStore, 'rows'>,
  run?: string,
): Promise<ReadonlyMap<string, Told>> {
  const rows = await ledger.rows(ALERT_CHANGES.name);
  const told = rows.filter((row) => run === undefined || row.run !== run);
  return new Map(told.map((row) => [`${row.objective}/${row.alert}`, String(row.state) as Told]));
}

/** The alerts of which there is news. */
export function changesIn(standings: readonly Standing[], told: ReadonlyMap<string, Told>): AlertChange[] {
  return standings.flatMap((standing) =>
    standing.alerts.flatMap((alert) => {
      const before = told.get(`${standing.objective.name}/${alert.alert.name}`);
      const state = newsOf(standing, alert, before);
      if (state === undefined || state === before) return [];
      return [{ standing, alert, state, since: alert.state.since * MINUTE_MS }];
    }),
  );
}

function newsOf(
  standing: Standing,
  { state, silence }: AlertStanding,
  before: Told | undefined,
): Told | undefined {
  switch (phaseOf(state, silence)) {
    case 'firing':
      return 'firing';
    case 'silenced':
      return state.phase === 'firing' ? 'silenced' : before;
    case 'no-data':
      // Of an objective that was never measured, nothing is amiss yet.
      return standing.budget.sli === undefined ? before : 'no-data';
    case 'inactive':
    case 'pending':
    case 'resolved':
      return before === undefined ? undefined : 'resolved';
  }
}

/** Keeps that a change was told. @param run in which it was; undefined: between runs */
export async function keepTold(
  ledger: Pick<LedgerStore, 'append'>,
  changes: readonly AlertChange[],
  now: number,
  run?: string,
): Promise<void> {
  if (changes.length === 0) return;
  const begins = run ?? `${runStamp(now)}-between`;
  await ledger.append(
    ALERT_CHANGES.name,
    changes.map(
      ({ standing: { objective }, alert: { alert }, state, since }): OpsRow => ({
        id: `${begins}/${objective.name}/${alert.name}`,
        run: run ?? null,
        objective: objective.name,
        alert: alert.name,
        severity: alert.severity,
        state,
        since: new Date(since).toISOString(),
        noticed_at: new Date(now).toISOString(),
      }),
    ),
  );
}
