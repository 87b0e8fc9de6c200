import type Fraction from 'fraction.js';
import { didYouMean } from '../campus/nearest.ts';
import type { Finding, YamlPath } from '../campus/problem.ts';
import { type AlertRule, defaultAlerts, parseDuration, parsePart, shortOf, toAlert } from './burn-alerts.ts';
import type { CalendarUnit, Indicator, Objective, Window } from './objective.ts';
import { lengthMs } from './periods.ts';
import { type PolicyRule, WORK } from './policy.ts';
import { type SloFile, WEEKDAYS, type WrittenObjective, type WrittenRule } from './slo-schema.ts';

/** What the file has to fit to. */
export interface Setting {
  /** Time zone of the campus. */
  readonly zone: string;
  /** Every table that can be published. */
  readonly tables: ReadonlySet<string>;
}

/** What slo.yaml says that its schema cannot see. */
export function checkWritten({ objectives, breaks, maintenance }: SloFile, { tables }: Setting): Finding[] {
  const found: Finding[] = [];
  for (const [name, objective] of Object.entries(objectives)) {
    const at: YamlPath = ['objectives', name];
    found.push(...checkKind(objective, at));
    for (const key of ['tables', 'checks'] as const) {
      const named = objective[key];
      if (!Array.isArray(named)) continue;
      for (const [i, table] of named.entries())
        if (!tables.has(table))
          found.push({
            path: [...at, key, i],
            text: `there is no table "${table}"${didYouMean(table, [...tables])}`,
          });
    }
  }
  for (const [i, pause] of breaks.entries())
    if (pause.to < pause.from) found.push({ path: ['breaks', i, 'to'], text: 'it ends before it begins' });
  for (const [i, work] of maintenance.entries())
    if (work.to <= work.from)
      found.push({ path: ['maintenance', i, 'to'], text: 'it ends before it begins' });
  return found;
}

/** Exactly one thing is promised. */
function checkKind(written: WrittenObjective, path: YamlPath): Finding[] {
  const { tables, age, by, on, runs, checks } = written;
  const kinds = [tables && 'tables', runs && 'runs', checks && 'checks'].filter(Boolean);
  const say = (text: string): Finding[] => [{ path, on: 'key', text }];
  if (kinds.length === 0)
    return say('it promises nothing: tables with age or by, runs: succeed, or checks is missing');
  if (kinds.length > 1)
    return say(`${kinds.join(' and ')} are promises of their own: write an objective for each`);
  if (tables && age === undefined && by === undefined)
    return say('tables: which promise? age (no older than, at any time) or by (ready at a time of the day)');
  if (!tables && (age ?? by ?? on)) return say('age, by and on are said of tables');
  if (on && by === undefined) return say('on is said of a deadline: by is missing');
  return [];
}

/** One objective of slo.yaml. @param place where it is written */
export function toObjective(
  name: string,
  written: WrittenObjective,
  place: string,
  { zone }: Setting,
): Objective {
  const target = exact(written.target);
  const window = toWindow(written.window, zone);
  const indicator = toIndicator(written);
  return {
    name,
    ...(written.description === undefined ? {} : { description: written.description }),
    ...(written.owner === undefined ? {} : { owner: written.owner }),
    indicator,
    target,
    window,
    budgeting: { method: 'occurrences' },
    alerts: toAlerts(written.alerts, indicator, target, lengthMs(window)),
    place,
  };
}

/** Objectives that a rule of the policy names and that there are not. */
export function checkPolicy(policy: SloFile['policy'], names: readonly string[]): Finding[] {
  return policy.flatMap(({ objectives = [] }, i) =>
    objectives.flatMap((name, j) =>
      names.includes(name)
        ? []
        : [
            {
              path: ['policy', i, 'objectives', j],
              text: `there is no objective "${name}"${didYouMean(name, [...names])}`,
            },
          ],
    ),
  );
}

export const toRule = ({ below, objectives, hold }: WrittenRule): PolicyRule => ({
  below: exact(below),
  ...(objectives ? { objectives } : {}),
  hold: hold.map((work) => WORK[work]),
});

const exact = (part: string | number): Fraction => parsePart(String(part))!;

function toWindow(text: string, zone: string): Window {
  const [kind, unit] = text.split(' ');
  if (kind === 'calendar') return { kind, unit: unit as CalendarUnit, zone };
  return { kind: 'rolling', ms: parseDuration(text)! };
}

function toIndicator({ tables, age, by, on, runs, checks }: WrittenObjective): Indicator {
  if (runs) return { kind: 'runs' };
  if (checks) return { kind: 'checks', tables: checks === 'all' ? [] : checks };
  if (by === undefined) return { kind: 'age', tables: tables!, atMostMs: parseDuration(age!)! };
  const days = [...new Set(on ?? WEEKDAYS.slice(0, 5))].map((day) => WEEKDAYS.indexOf(day) + 1);
  return { kind: 'deadline', tables: tables!, at: by, days, atMostMs: parseDuration(age ?? '24h')! };
}

function toAlerts(
  written: WrittenObjective['alerts'],
  indicator: Indicator,
  target: Fraction,
  periodMs: number,
): Objective['alerts'] {
  if (written === 'none') return [];
  if (written === 'default') return defaultAlerts(indicator, target, periodMs);
  return written.map((alert) => {
    const longMs = parseDuration(alert.long)!;
    const rule: AlertRule = {
      severity: alert.severity,
      budget: exact(alert.budget),
      longMs,
      shortMs: alert.short === undefined ? shortOf(longMs) : parseDuration(alert.short)!,
    };
    return { ...toAlert(rule, periodMs), ...(alert.for ? { forMs: parseDuration(alert.for)! } : {}) };
  });
}
