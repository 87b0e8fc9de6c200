import { addKnown, greaterKnown, isTrue, lesserKnown } from '../language/arithmetic.ts';
import type { StatefulOp } from '../language/expr.ts';

/** What an algorithm remembers, as JSON: NaN and the infinities are written as texts. */
export type Memory = readonly (number | string)[];

/**
 * An algorithm over the values of one series, step by step.
 * Source of the rules: Atlas, `core/algorithm/Online*` and the page of each word at https://netflix.github.io/atlas-docs/asl/ref/
 */
export interface Online {
  next(value: number): number;
  /** Whether it remembers nothing that matters: then a new one takes its place. */
  readonly isEmpty: boolean;
  save(): Memory;
}

/** @param memory of an earlier one of the same word and arguments @param stepMs how long a step is, for `trend` */
export function online(op: StatefulOp, args: readonly number[], stepMs: number, memory?: Memory): Online {
  const saved = memory?.map(revived);
  const points = args[0]!;
  switch (op) {
    case 'rolling-count':
      return new RollingCount(points, saved);
    case 'rolling-sum':
      return new RollingMean(points, 1, false, saved);
    case 'rolling-mean':
      return new RollingMean(points, args[1]!, true, saved);
    case 'rolling-min':
      return new RollingExtreme(points, lesserKnown, saved);
    case 'rolling-max':
      return new RollingExtreme(points, greaterKnown, saved);
    case 'delay':
      return new Delay(points, saved);
    case 'derivative':
      return new Derivative(saved);
    case 'trend': {
      const window = Math.floor(points / stepMs);
      return window <= 1 ? new Same() : new Trend(window, saved);
    }
    case 'des':
      return new Smoothing(points, args[1]!, args[2]!, saved);
  }
}

const written = (value: number): number | string => (Number.isFinite(value) ? value : String(value));
const revived = (value: number | string): number => Number(value);

/** The last so many values, of which those before the first are no numbers. */
class Window {
  readonly values: Float64Array;
  known = 0;
  #at: number;

  /** @param saved the place of the oldest, then the values */
  constructor(points: number, saved?: readonly number[]) {
    this.values = new Float64Array(points).fill(Number.NaN);
    this.#at = saved?.[0] ?? 0;
    for (let i = 0; i < (saved ? points : 0); i++) {
      this.values[i] = saved![i + 1]!;
      if (!Number.isNaN(this.values[i]!)) this.known++;
    }
  }

  /** @returns the value that leaves */
  add(value: number): number {
    const removed = this.values[this.#at]!;
    this.values[this.#at] = value;
    this.#at = this.#at + 1 === this.values.length ? 0 : this.#at + 1;
    if (!Number.isNaN(value)) this.known++;
    if (!Number.isNaN(removed)) this.known--;
    return removed;
  }

  save(): (number | string)[] {
    return [this.#at, ...Array.from(this.values, written)];
  }
}

class RollingCount implements Online {
  readonly #window: Window;
  #count = 0;

  constructor(points: number, saved?: readonly number[]) {
    this.#window = new Window(points, saved);
    for (const value of this.#window.values) if (isTrue(value)) this.#count++;
  }

  next(value: number): number {
    const removed = this.#window.add(value);
    if (isTrue(value)) this.#count++;
    if (isTrue(removed)) this.#count--;
    return this.#count;
  }

  get isEmpty(): boolean {
    return this.#window.known === 0;
  }

  save(): Memory {
    return this.#window.save();
  }
}

class RollingMean implements Online {
  readonly #window: Window;
  readonly #least: number;
  readonly #isMean: boolean;
  #sum = 0;
  /** How far the running sum may be from the true one by rounding. */
  #drift = 0;

  /** @param isMean else the sum */
  constructor(points: number, least: number, isMean: boolean, saved?: readonly number[]) {
    this.#window = new Window(points, saved);
    this.#least = least;
    this.#isMean = isMean;
    this.#recount();
  }

  next(value: number): number {
    const removed = this.#window.add(value);
    const change = addKnown(Number.isNaN(removed) ? 0 : -removed, value);
    this.#sum += change;
    // The running sum of whole numbers is exact; of others, and after an infinity, it is counted again.
    if (!Number.isSafeInteger(this.#sum) || !Number.isSafeInteger(change)) this.#drift = 1;
    if (this.#drift > 0) this.#recount();
    const { known } = this.#window;
    if (known < this.#least) return Number.NaN;
    return this.#isMean ? this.#sum / known : this.#sum;
  }

  /** In the order of the places, so that a restored window gives the same sum. */
  #recount(): void {
    let sum = 0;
    for (const value of this.#window.values) if (!Number.isNaN(value)) sum += value;
    this.#sum = sum;
    this.#drift = 0;
  }

  get isEmpty(): boolean {
    return this.#window.known === 0;
  }

  save(): Memory {
    return this.#window.save();
  }
}

class RollingExtreme implements Online {
  readonly #window: Window;
  readonly #better: (a: number, b: number) => number;
  #best: number;

  constructor(points: number, better: (a: number, b: number) => number, saved?: readonly number[]) {
    this.#window = new Window(points, saved);
    this.#better = better;
    this.#best = this.#search();
  }

  next(value: number): number {
    const removed = this.#window.add(value);
    this.#best = removed === this.#best ? this.#search() : this.#better(this.#best, value);
    return this.#best;
  }

  #search(): number {
    let best = Number.NaN;
    for (const value of this.#window.values) best = this.#better(best, value);
    return best;
  }

  get isEmpty(): boolean {
    return this.#window.known === 0;
  }

  save(): Memory {
    return this.#window.save();
  }
}

class Delay implements Online {
  readonly #window: Window;

  constructor(points: number, saved?: readonly number[]) {
    this.#window = new Window(points, saved);
  }

  next(value: number): number {
    return this.#window.add(value);
  }

  get isEmpty(): boolean {
    return this.#window.known === 0;
  }

  save(): Memory {
    return this.#window.save();
  }
}

class Derivative implements Online {
  #before: number;

  constructor(saved?: readonly number[]) {
    this.#before = saved?.[0] ?? Number.NaN;
  }

  next(value: number): number {
    const change = value - this.#before;
    this.#before = value;
    return change;
  }

  get isEmpty(): boolean {
    return Number.isNaN(this.#before);
  }

  save(): Memory {
    return [written(this.#before)];
  }
}

/** The mean of a whole window, in which what is missing counts as 0. */
class Trend implements Online {
  readonly #window: Window;
  #seen: number;

  constructor(points: number, saved?: readonly number[]) {
    this.#window = new Window(points, saved?.slice(1));
    this.#seen = saved?.[0] ?? 0;
  }

  next(value: number): number {
    const { values } = this.#window;
    this.#window.add(value);
    this.#seen = Math.min(this.#seen + 1, values.length);
    if (this.#seen < values.length || this.#window.known === 0) return Number.NaN;
    let sum = 0;
    for (const one of values) if (!Number.isNaN(one)) sum += one;
    return sum / values.length;
  }

  get isEmpty(): boolean {
    return this.#window.known === 0;
  }

  save(): Memory {
    return [this.#seen, ...this.#window.save()];
  }
}

class Same implements Online {
  readonly isEmpty = true;

  next(value: number): number {
    return value;
  }

  save(): Memory {
    return [];
  }
}

/** Double exponential smoothing: gives what it expected before it saw the value. */
class Smoothing implements Online {
  readonly #training: number;
  readonly #alpha: number;
  readonly #beta: number;
  #seen: number;
  #missing: number;
  #level: number;
  #slope: number;

  constructor(training: number, alpha: number, beta: number, saved?: readonly number[]) {
    this.#training = training;
    this.#alpha = alpha;
    this.#beta = beta;
    [this.#seen, this.#missing, this.#level, this.#slope] = (saved ?? [0, 0, Number.NaN, Number.NaN]) as [
      number,
      number,
      number,
      number,
    ];
  }

  next(value: number): number {
    const expected = this.#seen >= this.#training ? this.#level : Number.NaN;
    if (Number.isNaN(value)) {
      this.#missing++;
      return expected;
    }
    if (this.#seen === 0) {
      this.#level = value;
      this.#slope = 0;
    } else {
      const level = this.#alpha * value + (1 - this.#alpha) * (this.#level + this.#slope);
      this.#slope = this.#beta * (level - this.#level) + (1 - this.#beta) * this.#slope;
      this.#level = level;
    }
    this.#seen++;
    this.#missing = 0;
    return expected;
  }

  get isEmpty(): boolean {
    return this.#missing >= this.#training;
  }

  save(): Memory {
    return [this.#seen, this.#missing, written(this.#level), written(this.#slope)];
  }
}
