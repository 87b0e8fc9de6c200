/**
 * Which end of a range belongs to it. The platform's documents disagree: its OpenAPI document reads
 * `since <= ts < until`, its page on data formats `since < ts <= until`. A client must live with either.
 */
export type Boundaries = 'since-inclusive' | 'since-exclusive';

/**
 * What an increment's end, and a snapshot's instant, are where nobody asked for one. `latest-commit`: the commit of the
 * table's latest record, as the documentation of the API has it, so that a table to which nothing happens is asked the
 * same question again and again. `clock`: the instant of the question.
 */
export type Until = 'latest-commit' | 'clock';

/** The last instant, in whole ms, that a state at `at`, or a range until `at`, contains. */
export function lastInstant(boundaries: Boundaries, at: number): number {
  return boundaries === 'since-inclusive' ? at - 1 : at;
}

/** The instant after which a range from `since` begins. */
export function instantBefore(boundaries: Boundaries, since: number): number {
  return boundaries === 'since-inclusive' ? since - 1 : since;
}
