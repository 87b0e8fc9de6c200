import type { LedgerStore } from '../../ports/ledger.ts';
import { ageAt, knownMinutes, lateMinutes } from '../age.ts';
import { standingAsJson } from '../as-json.ts';
import { assess } from '../assess.ts';
import { detectionMs, duration, resetMs } from '../burn-alerts.ts';
import { readHistory } from '../history.ts';
import type { Objectives } from '../load-objectives.ts';
import type { Objective } from '../objective.ts';
import { periodAt } from '../periods.ts';
import { intersection, MINUTE_MS, minuteCount } from '../spans.ts';
import { amount, moment } from '../words.ts';

/** Times at which it was not kept that are shown; `--json` has all. */
const SHOWN = 10;

interface Explanation {
  readonly standing: ReturnType<typeof standingAsJson>;
  readonly budget: string;
  readonly alerts: readonly { name: string; text: string }[];
  readonly tables: readonly {
    readonly table: string;
    /** Age of its rows for a reader, in minutes; null: not shown. */
    readonly ageMinutes: number | null;
    readonly late: readonly { readonly from: string; readonly minutes: number }[];
  }[];
}

/** What an objective promises and when it was not kept, table by table. @param at epoch ms */
export async function explanationOf(
  ledger: Pick<LedgerStore, 'rows'>,
  { calendar }: Objectives,
  objective: Objective,
  at: number,
): Promise<Explanation> {
  const period = periodAt(objective.window, at);
  const history = await readHistory(ledger, period.from * MINUTE_MS, at);
  const standing = assess(objective, history, calendar, at);
  const { target, indicator } = objective;
  const { budget, measured } = standing;
  return {
    standing: standingAsJson(standing),
    budget: `${amount(budget.tally.bad, measured.unit)} of ${amount(budget.tally.total, measured.unit)} bad; ${amount(budget.allowed, measured.unit)} allowed`,
    alerts: objective.alerts.map((alert) => ({
      name: alert.name,
      text: `fires above a burn rate of ${Number(alert.threshold.round(3))} over ${alert.windowsMs.map(duration).join(' and ')}: ${minutes(Number(detectionMs(alert, target)))} into a total outage, ends ${minutes(Number(resetMs(alert, target)))} after it`,
    })),
    tables:
      indicator.kind === 'age' || indicator.kind === 'deadline'
        ? indicator.tables.map((table) => {
            const seen = history.seen(table);
            const age = ageAt(seen, at);
            const late = intersection(
              intersection(lateMinutes(seen, indicator.atMostMs, at), knownMinutes(seen, at)),
              [period],
            );
            return {
              table,
              ageMinutes: age === undefined ? null : Math.floor(age / MINUTE_MS),
              late: late.map(({ from, to }) => ({
                from: new Date(from * MINUTE_MS).toISOString(),
                minutes: minuteCount([{ from, to }])(from, to),
              })),
            };
          })
        : [],
  };
}

/** `42m`, `7h`, `12d` */
const roughly = (count: number): string =>
  count < 120 ? `${count}m` : count < 2880 ? `${Math.floor(count / 60)}h` : `${Math.floor(count / 1440)}d`;

const minutes = (ms: number): string =>
  `${(ms / MINUTE_MS).toLocaleString('en-US', { maximumFractionDigits: 1 })} min`;

export function explainInWords({ standing, budget, alerts, tables }: Explanation): string {
  const { name, promise, place, sli } = standing;
  const lines = [
    `${name} (${place})`,
    `  ${promise}`,
    '',
    sli === null ? '  Nothing has been measured yet.' : `  ${percentOf(sli)} so far: ${budget}.`,
    ...(alerts.length > 0 ? ['', 'Alerts'] : []),
    ...alerts.map((alert) => `  ${alert.name}: ${alert.text}`),
  ];
  for (const { table, ageMinutes, late } of tables) {
    const age = ageMinutes === null ? 'not shown yet' : `${roughly(ageMinutes)} old`;
    lines.push(
      '',
      `${table}: ${age}, late ${late.length} ${late.length === 1 ? 'time' : 'times'} in the window`,
    );
    for (const { from, minutes: length } of late.slice(-SHOWN))
      lines.push(`  from ${moment(Date.parse(from) / MINUTE_MS)} for ${duration(length * MINUTE_MS)}`);
  }
  return lines.join('\n');
}

const percentOf = (part: number): string => `${Number((part * 100).toFixed(4))} %`;
