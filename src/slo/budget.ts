import Fraction from 'fraction.js';
import type { Measured, Tally } from './measured.ts';
import { MINUTE_MS, type Span } from './spans.ts';

/** How much of what an objective allows to go wrong in its window is used up. */
export interface Budget {
  /** The part of the units that was good; undefined where there were none. */
  readonly sli: Fraction | undefined;
  readonly tally: Tally;
  /** Units that may be bad in the whole window. Where the number to come is unknown: of those so far. */
  readonly allowed: Fraction;
  /** Below 0: overspent. */
  readonly left: Fraction;
  /** The part that is used up; undefined where nothing is allowed yet. */
  readonly spent: Fraction | undefined;
}

export function budgetIn(measured: Measured, target: Fraction, period: Span): Budget {
  const tally = measured.tally(period.from, period.to);
  const units = measured.planned(period.from, period.to) ?? tally.total;
  const allowed = units.mul(errorPart(target));
  return {
    sli: isNothing(tally.total) ? undefined : new Fraction(1).sub(tally.bad.div(tally.total)),
    tally,
    allowed,
    left: allowed.sub(tally.bad),
    spent: isNothing(allowed) ? undefined : tally.bad.div(allowed),
  };
}

/**
 * How fast the budget burned in a window that ends at `to` (minutes since 1970): 1 uses it up in exactly the
 * objective's window. Units of which nothing is known count as good, so that the first minutes of a history are not
 * taken for the whole window. Undefined where nothing at all was measured.
 */
export function burnRate(
  measured: Measured,
  target: Fraction,
  windowMs: number,
  to: number,
): Fraction | undefined {
  const from = to - windowMs / MINUTE_MS;
  const { bad, total } = measured.tally(from, to);
  if (isNothing(total)) return undefined;
  const units = measured.planned(from, to) ?? total;
  return bad.div(units).div(errorPart(target));
}

/** The part of the units that may be bad. */
export const errorPart = (target: Fraction): Fraction => new Fraction(1).sub(target);

/** The fastest that a budget can burn: everything is bad. */
export const fastestBurn = (target: Fraction): Fraction => errorPart(target).inverse();

/** Minutes until nothing is left, at that burn rate over the objective's window; undefined: never. */
export function minutesLeft(
  { allowed, left }: Budget,
  rate: Fraction | undefined,
  periodMs: number,
): Fraction | undefined {
  if (rate === undefined || isNothing(allowed)) return undefined;
  if (left.lte(0)) return new Fraction(0);
  if (rate.lte(0)) return undefined;
  return left
    .div(allowed)
    .mul(periodMs / MINUTE_MS)
    .div(rate);
}

const isNothing = (count: Fraction): boolean => count.equals(0);
