import { LEAST_PEOPLE } from '../small-numbers.ts';
import { type GroupFigures, roundedFigures, roundedShares, type Tally } from './group-figures.ts';

/** How coarse shares may get, finest first. */
const STEPS = [0.01, 0.02, 0.05, 0.1] as const;

/** Between how many and how many unsuccessful outcomes everybody may have, for all that may be known. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * The finest step at which rounded shares of groups do not tell more of the total of unsuccessful outcomes than the
 * window: each number of them in a group that would be rounded alike is possible for a reader.
 * @param lists for each list that is shown (of several models, over the same people) the groups that are shown, in one
 * order; groups do not overlap
 * @param rest how many cases are in none of them
 * @returns undefined where even the coarsest tells more
 */
export function safeStep(
  lists: readonly (readonly Tally[])[],
  rest: number,
  window: Window,
): number | undefined {
  return STEPS.find((step) => {
    const ranges = lists[0]!.map((_, i) => {
      const each = lists.map((shown) => possible(roundedFigures(shown[i]!, step), step));
      return {
        from: Math.max(...each.map(({ from }) => from)),
        to: Math.min(...each.map(({ to }) => to)),
      };
    });
    const least = Math.min(rest, LEAST_PEOPLE);
    const from = ranges.reduce((sum, range) => sum + range.from, least);
    const to = ranges.reduce((sum, range) => sum + range.to, rest - least);
    return from <= window.from && window.to <= to;
  });
}

/** How many unsuccessful outcomes a group may have whose rounded figures are these. */
export function possible(figures: GroupFigures, step: number): Window {
  const { cases } = figures;
  let [from, to] = [LEAST_PEOPLE, cases - LEAST_PEOPLE];
  while (from < to && !isPossible(from, figures, step)) from++;
  while (to > from && !isPossible(to, figures, step)) to--;
  return { from, to };
}

/** Whether some numbers of listed students, with this one of unsuccessful outcomes, are rounded to the figures. */
function isPossible(bad: number, shown: GroupFigures, step: number): boolean {
  const { cases, listed, missed, falselyListed } = shown;
  const good = cases - bad;
  // Up to the edge, which is rounded one way or the other: what lies there is looked at below.
  const half = step / 2 + 1e-9;
  const least = (share: number, of: number) => Math.max(0, Math.ceil((share - half) * of));
  const most = (share: number, of: number) => Math.min(of, Math.floor((share + half) * of));
  for (let badListed = bad - most(missed, bad); badListed <= bad - least(missed, bad); badListed++) {
    const from = Math.max(least(falselyListed, good), least(listed, cases) - badListed);
    const to = Math.min(most(falselyListed, good), most(listed, cases) - badListed);
    for (let goodListed = from; goodListed <= to; goodListed++) {
      const other = roundedShares({ cases, bad, badListed, listed: badListed + goodListed }, step);
      if (
        other.listed === listed &&
        other.missed === missed &&
        other.falselyListed === falselyListed &&
        other.precision === shown.precision
      )
        return true;
    }
  }
  return false;
}
