import type { Tags } from '../language/query.ts';

/**
 * What alerts are evaluated over, wherever it comes from: a value of a metric (the tag `name`) at an instant.
 * Datapoints of the same tags in the same step are added up, counted or compared, as an expression says.
 */
export interface Datapoint {
  readonly tags: Tags;
  /** Epoch ms. */
  readonly time: number;
  readonly value: number;
}

/** Takes datapoints, in any order, and the progress of time. The stream evaluator is one; sources know no more of it. */
export interface DatapointSink {
  add(point: Datapoint): void;
  /** Says that the clock stands there (epoch ms), also when nothing happens. It never goes back. */
  advance(now: number): void;
}
