/** A case that has been scored: `score` orders (higher is riskier), `bad` is how it ended. */
export interface Scored {
  readonly score: number;
  readonly bad: boolean;
}

/** Cases of one score. */
interface Tie {
  readonly bad: number;
  readonly good: number;
}

/**
 * The area under the ROC curve: how often a random bad case scores above a random good one, ties counted half.
 * @returns NaN where there is only one kind
 */
export function rocAuc(cases: readonly Scored[]): number {
  let won = 0;
  let bad = 0;
  let good = 0;
  for (const tie of tiesFromTop(cases)) {
    won += tie.good * bad + (tie.good * tie.bad) / 2;
    bad += tie.bad;
    good += tie.good;
  }
  return won / (bad * good);
}

/**
 * The area under the precision-recall curve as average precision: Σ (recall step × precision), without interpolation
 * (as scikit-learn's `average_precision_score`). What chance would give is the base rate.
 */
export function averagePrecision(cases: readonly Scored[]): number {
  const all = cases.filter(({ bad }) => bad).length;
  let bad = 0;
  let seen = 0;
  let area = 0;
  for (const tie of tiesFromTop(cases)) {
    bad += tie.bad;
    seen += tie.bad + tie.good;
    area += (tie.bad / all) * (bad / seen);
  }
  return area;
}

/**
 * What a list of the `size` riskiest finds. Where the list ends within cases of one score, what a random choice
 * among them finds on average.
 */
export function atCapacity(
  cases: readonly Scored[],
  size: number,
): { listed: number; found: number; precision: number; recall: number } {
  const all = cases.filter(({ bad }) => bad).length;
  let listed = 0;
  let found = 0;
  for (const tie of tiesFromTop(cases)) {
    const taken = Math.min(size - listed, tie.bad + tie.good);
    found += (tie.bad * taken) / (tie.bad + tie.good);
    listed += taken;
    if (listed >= size) break;
  }
  return { listed, found, precision: found / listed, recall: found / all };
}

function tiesFromTop(cases: readonly Scored[]): Tie[] {
  const sorted = [...cases].sort((a, b) => b.score - a.score);
  const ties: { score: number; bad: number; good: number }[] = [];
  for (const { score, bad } of sorted) {
    const last = ties.at(-1);
    const tie = last?.score === score ? last : { score, bad: 0, good: 0 };
    if (tie !== last) ties.push(tie);
    if (bad) tie.bad++;
    else tie.good++;
  }
  return ties;
}
