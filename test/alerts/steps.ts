import type { WrittenSeries } from '../../src/alerts/check/shorthand.ts';
import { Gathered } from '../../src/alerts/evaluate/aggregate.ts';
import { Evaluator } from '../../src/alerts/evaluate/evaluator.ts';
import type { Sample } from '../../src/alerts/evaluate/series.ts';
import type { Expr } from '../../src/alerts/language/expr.ts';
import { matches } from '../../src/alerts/language/query.ts';

const MINUTE = 60_000;

/** The series of an expression over written ones, each step by itself. @param slice steps after which it is restarted */
export function seriesOver(
  expr: Expr,
  input: readonly WrittenSeries[],
  steps: number,
  slice = Number.POSITIVE_INFINITY,
): Map<string, (number | undefined)[]> {
  let evaluator = new Evaluator(expr, MINUTE);
  const found = new Map<string, (number | undefined)[]>();
  for (let step = 0; step < steps; step++) {
    if (step > 0 && step % slice === 0) {
      const saved = JSON.parse(JSON.stringify(evaluator.save()));
      evaluator = new Evaluator(expr, MINUTE);
      evaluator.restore(saved);
    }
    const samples = evaluator.next((data) => {
      const gathered = new Gathered(data);
      for (const { tags, values } of input) {
        const value = values[step];
        if (value !== undefined && matches(data.query, tags)) gathered.add(tags, value);
      }
      return gathered.samples;
    });
    for (const sample of samples) valuesOf(found, sample, steps)[step] = sample.value;
  }
  return found;
}

function valuesOf(found: Map<string, (number | undefined)[]>, { tags }: Sample, steps: number) {
  const name =
    tags.size === 0
      ? '{}'
      : `{${[...tags]
          .sort()
          .map(([k, v]) => `${k}="${v}"`)
          .join(',')}}`;
  let values = found.get(name);
  if (!values) {
    values = new Array<number | undefined>(steps).fill(undefined);
    found.set(name, values);
  }
  return values;
}

/** Values as the shorthand writes them. */
export const shown = (values: readonly (number | undefined)[]): string =>
  values.map((value) => (value === undefined ? '_' : String(Number(value.toPrecision(10))))).join(' ');
