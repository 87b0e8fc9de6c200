import type { Axis } from '../evaluate/axis.ts';
import type { Datapoint } from '../evaluate/datapoint.ts';
import type { Member } from './read-history.ts';

/**
 * A datapoint of 0 for each member at a step, so that who does nothing is seen: a series without a datapoint is not in
 * the answer of an expression. Members count in the steps in which they take part from beginning to end.
 */
export function* rosterPoints(
  metric: string,
  members: readonly Member[],
  axis: Axis,
  step: number,
): Generator<Datapoint> {
  const start = axis.startOf(step);
  const end = axis.startOf(axis.after(step));
  for (const { tags, from, to } of members)
    if (from <= start && end <= to)
      yield { tags: new Map([['name', metric], ...tags]), time: start, value: 0 };
}
