const isFull = process.env.PROPERTY_RUNS === 'full';

/**
 * How often a property of much work is tried: a third of `full`, so that the fast suite stays fast. With
 * `PROPERTY_RUNS=full`, as before a change lands, all of it.
 */
export const propertyRuns = (full: number): number => (isFull ? full : Math.ceil(full / 3));

/** Of many cases of one kind every third, so that the fast suite stays fast; with `PROPERTY_RUNS=full` all of them. */
export const shareOf = <T>(cases: readonly T[]): readonly T[] =>
  isFull ? cases : cases.filter((_, i) => i % 3 === 0);
