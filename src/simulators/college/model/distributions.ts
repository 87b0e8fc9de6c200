/**
 * The share of a standard normal below z, to 1e-7 (Abramowitz and Stegun 7.1.26, via the error function).
 * Turns correlated normals into correlated uniforms, so that a distribution keeps its shape.
 */
export function normalShare(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp(-x * x);
  return z < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
}

/** The value at share u of a distribution given by equally spaced quantiles (the first at 0, the last at 1). */
export function quantile(quantiles: readonly number[], u: number): number {
  const place = Math.min(Math.max(u, 0), 1) * (quantiles.length - 1);
  const below = Math.min(Math.floor(place), quantiles.length - 2);
  const low = quantiles[below]!;
  return low + (quantiles[below + 1]! - low) * (place - below);
}

/** Like `quantile`, without values between: for quantities that pile up on a few values, such as shares of few. */
export function stepQuantile(quantiles: readonly number[], u: number): number {
  return quantiles[Math.round(Math.min(Math.max(u, 0), 1) * (quantiles.length - 1))]!;
}
