import type { OpsRow } from '../ports/ledger.ts';
import { type OptionalWork, WORK_IN_WORDS } from '../ports/optional-work.ts';
import type { Standing } from './assess.ts';
import { duration } from './burn-alerts.ts';
import { firingIn } from './standing.ts';
import { amount, promiseInWords } from './words.ts';

/** A line for each objective that is broken, or burns too fast. */
export function warningsIn(standings: readonly Standing[]): string[] {
  return standings.flatMap((standing) => {
    const { objective, budget, measured, exhaustedInMinutes } = standing;
    const { name } = objective;
    if (budget.allowed.gt(0) && budget.left.lt(0))
      return [
        `${name} is broken: ${amount(budget.tally.bad, measured.unit)} bad, ${amount(budget.allowed, measured.unit)} allowed (${promiseInWords(objective)})`,
      ];
    const [firing] = firingIn(standing);
    if (!firing) return [];
    const lasts =
      exhaustedInMinutes === undefined
        ? ''
        : `, used up in ${duration(Math.ceil(Number(exhaustedInMinutes)) * 60_000)} at the pace of the last hour`;
    return [
      `${name} burns its budget too fast (${firing.alert.name}): ${amount(budget.left, measured.unit)} of ${amount(budget.allowed, measured.unit)} left${lasts}`,
    ];
  });
}

/** A row of `ops.held_work`: `held: the look for drift (registrar), submissions-fresh has nothing of …` */
export const heldInWords = ({ work, about, because }: OpsRow): string =>
  `held: ${WORK_IN_WORDS[work as OptionalWork]}${about ? ` (${about})` : ''}, ${because}`;
