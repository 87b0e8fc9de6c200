import type { Case } from '../../src/early-warning/week-model.ts';

/** Problems on which the fit is evaluated: made from a seed, so that the judge and the fast tests have the same. */
export interface Problem {
  readonly name: string;
  readonly cases: readonly Case[];
}

const MEASURES = 10;

/** Random numbers in (0, 1), the same for the same seed (Park and Miller's minimal standard). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

export function problems(): Problem[] {
  return [
    { name: 'measures that go their own ways', cases: made(11, 400, (x) => x) },
    {
      // The second says the opposite of the first, so that without the bound its weight would be below zero.
      name: 'measures that contradict each other',
      cases: made(23, 600, (x) => [x[0]!, -0.9 * x[0]! + 0.3 * x[1]!, -x[2]!, ...x.slice(3)]),
    },
    {
      name: 'measures of one source',
      cases: made(37, 500, (x) => [x[0]!, x[0]! + 1e-3 * x[1]!, x[0]! - 1e-3 * x[2]!, ...x.slice(3)]),
    },
    {
      name: 'shares, days and flags, as they are',
      cases: made(41, 800, (x) => [
        Math.max(0, Math.min(1, 0.3 * x[0]!)),
        x[1]! > 0.8 ? 1 : 0,
        0,
        40 * x[3]!,
        ...x.slice(4).map((value) => Math.round(10 * value)),
      ]),
    },
    { name: 'one outcome in twenty', cases: made(53, 900, (x) => x, -3.2) },
    { name: 'outcomes that a measure tells almost without fail', cases: made(67, 300, (x) => x, 0, 9) },
  ];
}

function made(
  seed: number,
  count: number,
  shape: (x: readonly number[]) => readonly number[],
  intercept = -0.4,
  slope = 1.1,
): Case[] {
  const random = randomOf(seed);
  return Array.from({ length: count }, (_, i) => {
    const x = Array.from({ length: MEASURES }, () => random() + random() + random() + random() - 2);
    const z = intercept + slope * (1.6 * x[0]! + 0.8 * x[3]! + 0.5 * x[4]! - 0.6 * x[5]!);
    const unsuccessful = random() < 1 / (1 + Math.exp(-z));
    return { user: `${i}`, course: 'MAT101', measures: shape(x), unsuccessful };
  });
}
