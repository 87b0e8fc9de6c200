import Fraction from 'fraction.js';
import { burnRate, errorPart } from './budget.ts';
import type { Measured } from './measured.ts';
import { MINUTE_MS } from './spans.ts';

interface Weighted {
  readonly measured: Measured;
  readonly target: Fraction;
  readonly weight: Fraction;
}

/**
 * Several objectives as one, whose target is the average of theirs by weight: over any time its budget burns as fast as
 * theirs do on the average by weight. Of a part that measured nothing in that time, the others tell.
 * Source: https://github.com/OpenSLO/OpenSLO (SLO, objectives[].compositeWeight)
 */
export function measureTogether(parts: readonly Weighted[]): Measured {
  const weights = sum(parts.map(({ weight }) => weight));
  const target = sum(parts.map((part) => part.target.mul(part.weight))).div(weights);
  return {
    unit: 'minutes',
    tally(from, to) {
      const told = parts.flatMap(({ measured, target: own, weight }) => {
        const rate = burnRate(measured, own, (to - from) * MINUTE_MS, to);
        return rate === undefined ? [] : [{ rate, weight }];
      });
      if (told.length === 0) return { bad: new Fraction(0), total: new Fraction(0) };
      const rate = sum(told.map((one) => one.rate.mul(one.weight))).div(
        sum(told.map(({ weight }) => weight)),
      );
      const total = new Fraction(to - from);
      return { bad: rate.mul(errorPart(target)).mul(total), total };
    },
    planned: (from, to) => new Fraction(to - from),
    until: Math.max(...parts.map(({ measured }) => measured.until ?? Number.NEGATIVE_INFINITY)),
  };
}

const sum = (parts: readonly Fraction[]): Fraction =>
  parts.reduce((all, part) => all.add(part), new Fraction(0));
