import Table from 'cli-table3';
import type Fraction from 'fraction.js';
import { colours } from '../../colours.ts';
import type { Standing } from '../assess.ts';
import { percent } from '../burn-alerts.ts';
import type { Objective } from '../objective.ts';
import { firingIn } from '../standing.ts';
import { amount, moment, promiseInWords } from '../words.ts';

const NONE =
  'There are no objectives. Write them in slo.yaml, beside campus.yaml; docs/service-levels.md shows how.';

export function listInWords(objectives: readonly Objective[]): string {
  if (objectives.length === 0) return NONE;
  const { bold, dim } = colours();
  return objectives
    .map(
      (objective) =>
        `${bold(objective.name)}  ${dim(objective.place)}\n  ${promiseInWords(objective)}${objective.description === undefined ? '' : `\n  ${objective.description}`}`,
    )
    .join('\n');
}

export function reportInWords(standings: readonly Standing[]): string {
  if (standings.length === 0) return NONE;
  const { red, green, yellow } = colours();
  const table = new Table({
    head: ['objective', 'target', 'so far', 'budget left', 'lasts', 'alerts'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const standing of standings) {
    const { objective, budget, measured, exhaustedInMinutes } = standing;
    const firing = firingIn(standing).map(({ alert }) => alert.name);
    const isBroken = budget.allowed.gt(0) && budget.left.lt(0);
    const left = amount(budget.left, measured.unit);
    table.push([
      objective.name,
      percent(objective.target),
      budget.sli === undefined ? 'nothing yet' : percent(budget.sli),
      budget.sli === undefined ? '' : isBroken ? red(left) : left,
      isBroken || exhaustedInMinutes === undefined ? '' : inTime(exhaustedInMinutes),
      firing.length > 0 ? red(firing.join(', ')) : isBroken ? yellow('budget used up') : green('none'),
    ]);
  }
  return `As of ${moment(Math.floor(standings[0]!.at / 60_000))}\n${table.toString()}`;
}

const inTime = (minutes: Fraction): string => {
  const whole = Math.ceil(Number(minutes));
  if (whole < 120) return `${whole}m`;
  if (whole < 2880) return `${Math.round(whole / 60)}h`;
  return `${Math.round(whole / 1440)}d`;
};
