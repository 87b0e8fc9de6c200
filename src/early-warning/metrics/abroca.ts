import type { Scored } from './ranking.ts';

/** A step of a ROC curve: the share of the good cases so far, and from and to where the curve rises there. */
interface Step {
  readonly good: number;
  readonly from: number;
  readonly to: number;
}

/**
 * The area between the ROC curves of two groups: the integral of the distance of their true positive rates over the false
 * positive rate (Gardner J., Brooks C., Baker R., "Evaluating the Fairness of Predictive Student Models Through Slicing
 * Analysis", LAK 2019). Ties are straight lines, as in the AUC. Both groups need cases of both kinds.
 */
export function abroca(a: readonly Scored[], b: readonly Scored[]): number {
  const [one, other] = [curve(a), curve(b)];
  const at = [...new Set([...one, ...other].map(({ good }) => good))].sort((x, y) => x - y);
  const [ones, others] = [heights(one, at), heights(other, at)];
  let area = 0;
  for (let i = 1; i < at.length; i++) {
    const width = at[i]! - at[i - 1]!;
    const left = ones[i - 1]!.to - others[i - 1]!.to;
    const right = ones[i]!.from - others[i]!.from;
    // Where the curves cross between the two, there is a triangle on each side.
    area +=
      left * right >= 0
        ? (width * Math.abs(left + right)) / 2
        : (width * (left * left + right * right)) / (2 * (Math.abs(left) + Math.abs(right)));
  }
  return area;
}

/** Ascending; the last is at 1. */
function curve(cases: readonly Scored[]): Step[] {
  const sorted = [...cases].sort((x, y) => y.score - x.score);
  const bads = cases.filter(({ bad }) => bad).length;
  const goods = cases.length - bads;
  const steps: Step[] = [{ good: 0, from: 0, to: 0 }];
  let [good, bad] = [0, 0];
  sorted.forEach((one, i) => {
    if (one.bad) bad++;
    else good++;
    if (sorted[i + 1]?.score === one.score) return;
    const last = steps.at(-1)!;
    if (last.good === good / goods) steps[steps.length - 1] = { ...last, to: bad / bads };
    else steps.push({ good: good / goods, from: bad / bads, to: bad / bads });
  });
  return steps;
}

/** The curve at each of the places, which ascend and have all of its own. */
function heights(steps: readonly Step[], at: readonly number[]): Step[] {
  let next = 0;
  return at.map((good) => {
    while (steps[next]!.good < good) next++;
    const to = steps[next]!;
    if (to.good === good) return to;
    const from = steps[next - 1]!;
    const height = from.to + ((to.from - from.to) * (good - from.good)) / (to.good - from.good);
    return { good, from: height, to: height };
  });
}
