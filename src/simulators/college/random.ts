/**
 * Random numbers that depend on nothing but their key: the n-th number of the stream `(seed, 'quiz', 17)` is the
 * same for every caller, in whatever order. That keeps a college the same from run to run and lets a day of page
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
  const [high, low] = [hash(kind, n, m), hash(m, n, kind)];
  const variant = (low & 0x3fff) | 0x8000;
  const version = (high & 0x0fff) | 0x4000;
  const tail = hex4(((n & 0xff) << 8) | (m >>> 16)) + hex4(m & 0xffff);
  return `${hex4(high >>> 16)}${hex4(low >>> 16)}-${hex4(high & 0xffff)}-${hex4(version)}-${hex4(variant)}-${hex4(n >>> 8)}${tail}`;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Four hexadecimal digits of a 16-bit number. */
function hex4(value: number): string {
  return HEX[value >>> 8]! + HEX[value & 0xff]!;
}
