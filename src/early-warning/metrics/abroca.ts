import type { Scored } from './ranking.ts';

/** A point of a ROC curve: shares of the good and of the bad cases that score at least so much. */
type Point = readonly [good: number, bad: number];

/**
 * The area between the ROC curves of two groups: the integral of the distance of their true positive rates over the false
 * positive rate (Gardner J., Brooks C., Baker R., "Evaluating the Fairness of Predictive Student Models Through Slicing
 * Analysis", LAK 2019). Ties are straight lines, as in the AUC. Both groups need cases of both kinds.
 */
export function abroca(a: readonly Scored[], b: readonly Scored[]): number {
  const [one, other] = [curve(a), curve(b)];
  const at = [...new Set([...one, ...other].map(([good]) => good))].sort((x, y) => x - y);
  let area = 0;
  for (let i = 1; i < at.length; i++) {
    const [from, to] = [at[i - 1]!, at[i]!];
    const left = height(one, from, 'last') - height(other, from, 'last');
    const right = height(one, to, 'first') - height(other, to, 'first');
    const width = to - from;
    // Where the curves cross between the two, there is a triangle on each side.
    area +=
      left * right >= 0
        ? (width * Math.abs(left + right)) / 2
        : (width * (left * left + right * right)) / (2 * (Math.abs(left) + Math.abs(right)));
  }
  return area;
}

function curve(cases: readonly Scored[]): Point[] {
  const sorted = [...cases].sort((x, y) => y.score - x.score);
  const bads = cases.filter(({ bad }) => bad).length;
  const goods = cases.length - bads;
  const points: Point[] = [[0, 0]];
  let [good, bad] = [0, 0];
  sorted.forEach((one, i) => {
    if (one.bad) bad++;
    else good++;
    if (sorted[i + 1]?.score !== one.score) points.push([good / goods, bad / bads]);
  });
  return points;
}

/** Where the curve rises straight up, its lower end is `first` and its upper end `last`. */
function height(points: readonly Point[], at: number, which: 'first' | 'last'): number {
  const own = points.filter(([good]) => good === at);
  if (own.length > 0) return (which === 'first' ? own[0] : own.at(-1))![1];
  const next = points.findIndex(([good]) => good > at);
  const [[fromGood, fromBad], [toGood, toBad]] = [points[next - 1]!, points[next]!];
  return fromBad + ((toBad - fromBad) * (at - fromGood)) / (toGood - fromGood);
}
