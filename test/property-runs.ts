const isFull = process.env.PROPERTY_RUNS === 'full';

/**
 * How often a property of much work is tried: a third of `full`, so that the fast suite stays fast. With
 * `PROPERTY_RUNS=full`, as before a change lands, all of it.
 */
export const propertyRuns = (full: number): number => (isFull ? full : Math.ceil(full / 3));
