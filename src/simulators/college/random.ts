/**
 * Random numbers that depend on nothing but their key: the n-th number of the stream `(seed, 'quiz', 17)` is the
 * same whoever asks, in whatever order. That keeps a college the same from run to run and lets a day of page
 * views be made alone.
 */

const GOLDEN = 0x9e3779b9;

/** The 32-bit finaliser of MurmurHash3 (Appleby, public domain): every input bit moves every output bit. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

export type KeyPart = number | string;

/** A 32-bit number for a key of several parts. */
export function hash(...parts: readonly KeyPart[]): number {
  let h = 0x5eed;
  for (const part of parts) {
    if (typeof part === 'number') {
      h = mix(h + Math.imul(part, GOLDEN) + Math.floor(part / 0x1_0000_0000));
    } else {
      for (let i = 0; i < part.length; i += 1) h = mix(h + part.charCodeAt(i));
    }
  }
  return h;
}

/** A stream of random numbers with its own place in it. */
export class Random {
  readonly #key: number;
  #count = 0;

  constructor(...key: readonly KeyPart[]) {
    this.#key = hash(...key);
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.#count += 1;
    return mix(this.#key + Math.imul(this.#count, GOLDEN)) / 0x1_0000_0000;
  }

  /** A whole number in [0, below). */
  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** A whole number in [low, high]. */
  between(low: number, high: number): number {
    return low + this.int(high - low + 1);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(list.length)]!;
  }

  /** Standard normal (Box–Muller). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }
}

/**
 * A version-4 shaped UUID that depends on its key alone and is unique for its kind: the two numbers, each below
 * 2^24, stand in its last twelve digits.
 */
export function uuidOf(kind: string, n: number, m = 0): string {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0').slice(-digits);
  const [high, low] = [hash(kind, n, m), hash(m, n, kind)];
  const variant = '89ab'[low % 4]!;
  return `${hex(high, 8)}-${hex(low >>> 16, 4)}-4${hex(low >>> 4, 3)}-${variant}${hex(high >>> 7, 3)}-${hex(n, 6)}${hex(m, 6)}`;
}

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
