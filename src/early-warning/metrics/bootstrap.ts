import type { Scored } from './ranking.ts';

const ROUNDS = 400;

/**
 * A 95 % interval of the AUC, by drawing students (not rows: a student's courses are not independent) with
 * replacement. Seeded: the same cases give the same interval.
 * @param students of each case, who it is
 */
export function aucInterval(
  cases: readonly Scored[],
  students: readonly string[],
): readonly [low: number, high: number] {
  const order = cases.map((_, i) => i).sort((a, b) => cases[b]!.score - cases[a]!.score);
  const numbers = new Map<string, number>();
  const who = students.map((student) => {
    const known = numbers.get(student) ?? numbers.size;
    numbers.set(student, known);
    return known;
  });
  const random = minimalStandard(20_170_411);
  const drawn = new Float64Array(numbers.size);
  const values: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    drawn.fill(0);
    for (let i = 0; i < drawn.length; i++) drawn[Math.floor(random() * drawn.length)]!++;
    values.push(weightedAuc(cases, order, (i) => drawn[who[i]!]!));
  }
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return [at(0.025), at(0.975)];
}

/** The AUC of cases that count so many times, from the order of their scores. */
function weightedAuc(
  cases: readonly Scored[],
  order: readonly number[],
  times: (i: number) => number,
): number {
  let bad = 0;
  let good = 0;
  let won = 0;
  for (let from = 0; from < order.length; ) {
    const { score } = cases[order[from]!]!;
    let tiedBad = 0;
    let tiedGood = 0;
    for (; from < order.length && cases[order[from]!]!.score === score; from++) {
      const i = order[from]!;
      if (cases[i]!.bad) tiedBad += times(i);
      else tiedGood += times(i);
    }
    won += tiedGood * bad + (tiedGood * tiedBad) / 2;
    bad += tiedBad;
    good += tiedGood;
  }
  return won / (bad * good);
}

/** Random numbers in (0, 1), the same ones each time: Park and Miller's minimal standard (Comm. ACM 36(7), 1993). */
function minimalStandard(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
