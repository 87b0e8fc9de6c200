import type { CloudEvent, FeatureNotice } from '../ports/feature.ts';
import type { AlertChange, Told } from './alert-changes.ts';
import { numberOf, standingAsJson } from './as-json.ts';
import type { Standing } from './assess.ts';
import { partLeft } from './policy.ts';
import { amount, promiseInWords } from './words.ts';

/**
 * One notice for each objective that has news, however many of its alerts changed at once. What is silenced is told to
 * nobody. The key names the alerts and since when they are so: told again, it is the same notice.
 * @param campus the name of the college
 */
export function noticesOf(campus: string, changes: readonly AlertChange[], at: number): FeatureNotice[] {
  const told = changes.filter(({ state }) => state !== 'silenced');
  const byObjective = new Map<string, AlertChange[]>();
  for (const change of told) {
    const { name } = change.standing.objective;
    byObjective.set(name, [...(byObjective.get(name) ?? []), change]);
  }
  return [...byObjective.values()].map((own) => noticeOf(campus, own, at));
}

/** The news that matters most gives the notice its words. */
const ORDER: readonly Told[] = ['firing', 'no-data', 'resolved'];

function noticeOf(campus: string, changes: readonly AlertChange[], at: number): FeatureNotice {
  const { standing } = changes[0]!;
  const { objective } = standing;
  const state = ORDER.find((one) => changes.some((change) => change.state === one))!;
  const own = changes.filter((change) => change.state === state);
  const isPage = own.some(({ alert }) => alert.alert.severity === 'page');
  const names = own.map(({ alert }) => alert.alert.name).join(', ');
  const since = Math.min(...own.map((change) => change.since));
  const key = `slo/${objective.name}/${new Date(since).toISOString()}/${state}/${names}`;
  return {
    key,
    severity: state === 'resolved' ? 'info' : isPage ? 'error' : 'warning',
    subject: subjectOf(state, objective.name),
    sections: [{ title: '', lines: linesOf(standing, state, names) }],
    reference: { what: 'Service level', id: objective.name },
    ...(objective.owner === undefined ? {} : { owners: [objective.owner] }),
    event: eventOf(campus, standing, state, { id: key, changes, at }),
  };
}

function subjectOf(state: Told, name: string): string {
  if (state === 'firing') return `${name} burns its error budget too fast`;
  return state === 'no-data' ? `Nobody knows how ${name} stands` : `${name} is kept again`;
}

function linesOf(standing: Standing, state: Told, names: string): string[] {
  const { objective, budget, measured } = standing;
  return [
    promiseInWords(objective),
    `${state === 'firing' ? 'Firing' : state === 'resolved' ? 'Ended' : 'Without data'}: ${names}`,
    `${amount(budget.left, measured.unit)} of ${amount(budget.allowed, measured.unit)} of the error budget left`,
  ];
}

interface EventParts {
  readonly id: string;
  readonly changes: readonly AlertChange[];
  /** Epoch ms. */
  readonly at: number;
}

function eventOf(
  campus: string,
  standing: Standing,
  state: Told,
  { id, changes, at }: EventParts,
): CloudEvent {
  const { objective, promise, sli, budget } = shortOf(standing);
  return {
    specversion: '1.0',
    id,
    source: `/campus-lake/${encodeURIComponent(campus)}/slo`,
    type: `campus-lake.service-level.${state}`,
    subject: objective,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    data: {
      objective,
      promise,
      owner: standing.objective.owner ?? null,
      sli,
      budgetLeft: budget,
      alerts: changes.map((change) => ({
        name: change.alert.alert.name,
        severity: change.alert.alert.severity,
        state: change.state,
        since: new Date(change.since).toISOString(),
      })),
    },
  };
}

function shortOf(standing: Standing) {
  const { name, promise, sli } = standingAsJson(standing);
  return { objective: name, promise, sli, budget: numberOf(partLeft(standing)) };
}
