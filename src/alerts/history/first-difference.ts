import { labelOf } from '../evaluate/series.ts';
import type { Verdict } from '../evaluate/stream.ts';

/** The first datapoint in which two evaluations of the same alerts differ. Undefined values: there was none. */
export interface Difference {
  readonly rule: string;
  /** When the step ended, epoch ms. */
  readonly at: number;
  /** The series by its tags. */
  readonly series: string;
  readonly a: number | undefined;
  readonly b: number | undefined;
}

/**
 * Compares the final verdicts of two evaluations, as of a stream and of history, in the order of their steps.
 * @returns the first datapoint that differs; undefined: none does
 */
export function firstDifference(a: readonly Verdict[], b: readonly Verdict[]): Difference | undefined {
  const left = valuesIn(a);
  const right = valuesIn(b);
  const keys = [...new Set([...left.keys(), ...right.keys()])].map(
    (key) => (left.get(key) ?? right.get(key))!,
  );
  keys.sort((one, other) => one.at - other.at || (one.key < other.key ? -1 : 1));
  for (const { key, rule, at, series } of keys) {
    const [one, other] = [left.get(key)?.value, right.get(key)?.value];
    if (!isSame(one, other)) return { rule, at, series, a: one, b: other };
  }
  return undefined;
}

interface Value {
  readonly key: string;
  readonly rule: string;
  readonly at: number;
  readonly series: string;
  readonly value: number;
}

function valuesIn(verdicts: readonly Verdict[]): Map<string, Value> {
  const values = new Map<string, Value>();
  for (const { kind, rule, at, samples } of verdicts) {
    if (kind === 'provisional') continue;
    for (const { tags, value } of samples) {
      const series = labelOf(tags);
      const key = `${rule}\n${at}\n${series}`;
      values.set(key, { key, rule, at, series, value });
    }
  }
  return values;
}

/** Sums of fractions may differ in their last digits, by the order in which they were added. */
function isSame(a: number | undefined, b: number | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}
