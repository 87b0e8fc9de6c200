import type { LedgerStore, OpsRow } from '../ports/ledger.ts';
import type { EvaluatedHistory } from './history/evaluate-history.ts';
import type { Alert } from './rules/alert.ts';
import { readSilenced, silencedAt } from './silences.ts';
import { ALERTS } from './tables.ts';

/** How an alert stood at the end of a run. */
export interface Standing {
  readonly alert: string;
  readonly severity: Alert['severity'];
  readonly role: string;
  readonly owner?: string;
  readonly evaluatedTo: string;
  readonly firing: number;
  readonly pending: number;
  /** Series for which it began or ended since it was evaluated before. */
  readonly began: number;
  readonly ended: number;
  readonly isOverLimit: boolean;
  readonly isSilenced: boolean;
}

/** Writes down how each alert stands. Repeated in a run, it writes the same. */
export async function recordStandings(
  ledger: LedgerStore,
  alerts: readonly Alert[],
  evaluated: EvaluatedHistory,
  { run, to, now }: { run: string; to: number; now: number },
): Promise<void> {
  const before = new Map<string, number>();
  for (const row of await ledger.rows(ALERTS.name))
    if (row.run !== run) before.set(String(row.alert), Date.parse(String(row.evaluated_to)));
  const silenced = silencedAt(await readSilenced(ledger), now);
  await ledger.append(
    ALERTS.name,
    alerts.map((alert): OpsRow => {
      const series = evaluated.states.of(alert.name);
      const since = before.get(alert.name) ?? Number.NEGATIVE_INFINITY;
      const news = evaluated.changes.filter((change) => change.alert === alert && change.at > since);
      const firing = series.filter(({ state }) => state.phase === 'firing');
      return {
        id: `${run}/${alert.name}`,
        run,
        alert: alert.name,
        severity: alert.severity,
        for_role: alert.role,
        owner: alert.owner ?? null,
        evaluated_to: new Date(to).toISOString(),
        series: series.length,
        firing: firing.length,
        pending: series.filter(({ state }) => state.phase === 'pending').length,
        // One that came and went since is no news.
        began: firing.filter((one) => one.since > since).length,
        ended:
          since === Number.NEGATIVE_INFINITY
            ? 0
            : news.filter(({ from, to: into }) => from === 'firing' && into !== 'firing').length,
        over_limit: evaluated.over.get(alert.name)?.size ?? 0,
        is_silenced: silenced.has(alert.name),
      };
    }),
  );
}

/** How the alerts stood at the end of a run; of the newest that has evaluated any. */
export async function standingsOf(ledger: Pick<LedgerStore, 'rows'>, run?: string): Promise<Standing[]> {
  const rows = await ledger.rows(ALERTS.name, run === undefined ? undefined : `${run}/`);
  const newest = run ?? rows.at(-1)?.run;
  return rows.filter((row) => row.run === newest).map(standingIn);
}

const standingIn = (row: OpsRow): Standing => ({
  alert: String(row.alert),
  severity: String(row.severity) as Alert['severity'],
  role: String(row.for_role),
  ...(row.owner ? { owner: String(row.owner) } : {}),
  evaluatedTo: String(row.evaluated_to),
  firing: Number(row.firing),
  pending: Number(row.pending),
  began: Number(row.began),
  ended: Number(row.ended),
  isOverLimit: Number(row.over_limit) > 0,
  isSilenced: row.is_silenced === true,
});
