import { failureOf } from '../failure.ts';
import type { Clock } from '../ports/platform.ts';
import { Deadlines } from './deadlines.ts';
import { ModelTimeoutError, OperatorEndedError } from './errors.ts';
import { Lanes } from './lanes.ts';
import type { Admitted, Outcome, Pending } from './outcome.ts';

export interface OperatorOptions<R, S> {
  readonly clock: Clock;
  /** Records that are admitted and not emitted, at most; whoever admits one more waits. */
  readonly capacity: number;
  /** From admission, over waiting in the lane, all attempts and the pauses between them, in ms. */
  readonly timeoutMs: number;
  /** `unordered`: as they complete, but never across a watermark. */
  readonly order: 'ordered' | 'unordered';
  /** How often a call is tried, at most. Default: 1 */
  readonly attempts?: number;
  /** Before the second attempt, in ms; twice as long before each further one. Default: 100 */
  readonly pauseMs?: number;
  /** The model. Called for one record after the other; only the waits overlap. */
  call(record: R, signal: AbortSignal): Promise<S>;
  /** What is said of a record without a score; undefined: nothing, and it is a dead letter. Default: nothing */
  fallback?(record: R, reason: string): S | undefined;
  /** Takes an outcome; the next comes once it is done. An error ends the operator, and what it did not take is pending. */
  emit(outcome: Outcome<R, S>): void | Promise<void>;
  /** Is told that everything admitted before a watermark has been emitted. */
  passed?(watermark: number): void | Promise<void>;
}

interface Entry<R, S> extends Admitted<R> {
  readonly controller: AbortController;
  attempts: number;
  outcome?: Outcome<R, S>;
}

/** Entries between two watermarks. */
interface Segment<R, S> {
  readonly entries: Set<Entry<R, S>>;
  /** In the order in which they completed. */
  readonly done: Entry<R, S>[];
  /** What closes it. Absent: it is the newest, and open. */
  watermark?: number;
}

/**
 * Asks a model about each record of a stream without waiting for one answer before the next question. The rules are those
 * of Flink's asynchronous I/O: capacity with back-pressure; one timeout over all attempts; ordered, or unordered between
 * watermarks; the first completion wins; inputs are kept until their outcomes are emitted, so that a restart asks again;
 * one lane for each key; and the end waits for everything. Every admitted record ends exactly once: as a score, a fallback
 * or a dead letter with its reason.
 *
 * The *call* is at least once, the outcome once for each checkpoint: whoever stores outcomes together with the pending
 * inputs of the same moment has each exactly once.
 * Source: https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/datastream/operators/asyncio/
 */
export class AsyncOperator<R, S> {
  readonly #options: OperatorOptions<R, S>;
  readonly #segments: Segment<R, S>[] = [newSegment()];
  readonly #lanes = new Lanes();
  readonly #deadlines: Deadlines;
  /** Who waits for room, first come first served. */
  readonly #waiting: (() => void)[] = [];
  readonly #idle: (() => void)[] = [];
  #size = 0;
  #isPumping = false;
  #pumping: Promise<void> = Promise.resolve();
  #ended = false;
  #failure: unknown;

  constructor(options: OperatorOptions<R, S>) {
    this.#options = options;
    this.#deadlines = new Deadlines(options.clock, options.timeoutMs);
  }

  /** Admitted and not emitted. */
  get size(): number {
    return this.#size;
  }

  /**
   * Takes a record once there is room for it.
   * @throws OperatorEndedError after the end; the error of `emit` where that has failed
   */
  async admit(admitted: Admitted<R>): Promise<void> {
    this.#check();
    // Nobody overtakes those that wait, though there may be room by now.
    if (this.#size >= this.#options.capacity || this.#waiting.length > 0) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
      // Whoever waited when the end came is still served.
      if (this.#failure !== undefined) throw this.#failure;
    } else this.#size += 1;
    const entry: Entry<R, S> = { ...admitted, controller: new AbortController(), attempts: 0 };
    const segment = this.#segments.at(-1)!;
    segment.entries.add(entry);
    this.#deadlines.add(entry.controller, () =>
      this.#fail(entry, segment, new ModelTimeoutError(`No score within ${this.#options.timeoutMs} ms.`)),
    );
    this.#lanes.enter(entry.key, () => this.#ask(entry, segment));
  }

  /** What comes after is emitted after what came before. @param at of the stream's own time */
  watermark(at: number): void {
    this.#check();
    this.#segments.at(-1)!.watermark = at;
    this.#segments.push(newSegment());
    this.#pump();
  }

  /** The inputs without an outcome that was taken, at a moment at which no outcome is on its way. */
  async checkpoint(): Promise<Pending<R>[]> {
    while (this.#isPumping) await this.#pumping;
    return this.#segments.flatMap(({ entries, watermark }): Pending<R>[] => [
      ...[...entries].map(({ id, key, record }) => ({ type: 'record' as const, id, key, record })),
      ...(watermark === undefined ? [] : [{ type: 'watermark' as const, at: watermark }]),
    ]);
  }

  /** Waits until each admitted record has ended. Nothing is admitted any more, but who waits for room. @throws the error of `emit` */
  async end(): Promise<void> {
    this.#ended = true;
    this.#pump();
    while (this.#isPumping) await this.#pumping;
    while (this.#failure === undefined && this.#size > 0) {
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    }
    while (this.#isPumping) await this.#pumping;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Gives up: nothing more is emitted, and calls under way are told to stop. */
  stop(reason: unknown = new OperatorEndedError('Scoring was stopped.')): void {
    this.#failure ??= reason;
    this.#ended = true;
    this.#deadlines.clear();
    for (const { entries } of this.#segments) for (const { controller } of entries) controller.abort(reason);
    for (const wake of this.#waiting.splice(0)) wake();
    for (const wake of this.#idle.splice(0)) wake();
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#ended) throw new OperatorEndedError('Scoring has ended: nothing is admitted any more.');
  }

  async #ask(entry: Entry<R, S>, segment: Segment<R, S>): Promise<void> {
    const { attempts = 1, pauseMs = 100, clock } = this.#options;
    const { signal } = entry.controller;
    while (!entry.outcome && !signal.aborted) {
      entry.attempts += 1;
      try {
        const score = await untilAborted(this.#options.call(entry.record, signal), signal);
        this.#complete(entry, segment, {
          kind: 'score',
          of: admittedOf(entry),
          score,
          attempts: entry.attempts,
        });
      } catch (error) {
        // Ended by its timeout meanwhile, or stopped.
        if (entry.outcome || signal.aborted) return;
        if (entry.attempts >= attempts || !failureOf(error).retryable) {
          this.#fail(entry, segment, error);
          return;
        }
        const pause = pauseMs * 2 ** (entry.attempts - 1);
        // The timeout runs on, and ends the pause with the record.
        await clock.sleep(pause, signal).catch(() => undefined);
      }
    }
  }

  #fail(entry: Entry<R, S>, segment: Segment<R, S>, error: unknown): void {
    if (entry.outcome) return;
    const reason = failureOf(error).code;
    const of = admittedOf(entry);
    const { attempts } = entry;
    let score: S | undefined;
    try {
      score = this.#options.fallback?.(entry.record, reason);
    } catch {
      score = undefined;
    }
    this.#complete(
      entry,
      segment,
      score === undefined
        ? { kind: 'dead letter', of, attempts, reason }
        : { kind: 'fallback', of, score, attempts, reason },
    );
  }

  #complete(entry: Entry<R, S>, segment: Segment<R, S>, outcome: Outcome<R, S>): void {
    // The first completion wins: a late answer after the timeout says nothing any more.
    if (entry.outcome || this.#failure !== undefined) return;
    entry.outcome = outcome;
    segment.done.push(entry);
    this.#deadlines.delete(entry.controller);
    entry.controller.abort();
    this.#pump();
  }

  #pump(): void {
    if (this.#isPumping || this.#failure !== undefined) return;
    this.#isPumping = true;
    this.#pumping = this.#emitReady().catch((error: unknown) => this.stop(error));
  }

  async #emitReady(): Promise<void> {
    try {
      for (;;) {
        if (this.#failure !== undefined) return;
        const segment = this.#segments[0]!;
        if (segment.entries.size === 0 && segment.watermark !== undefined) {
          await this.#options.passed?.(segment.watermark);
          this.#segments.shift();
          continue;
        }
        const entry = this.#nextOf(segment);
        if (!entry) return;
        await this.#options.emit(entry.outcome!);
        segment.entries.delete(entry);
        this.#leave();
      }
    } finally {
      // In the same turn as the last look: what completes from here on begins again.
      this.#isPumping = false;
    }
  }

  #nextOf({ entries, done }: Segment<R, S>): Entry<R, S> | undefined {
    if (this.#options.order === 'unordered') return done.shift();
    const [first] = entries;
    return first?.outcome ? first : undefined;
  }

  #leave(): void {
    const next = this.#waiting.shift();
    // Its place goes to who has waited longest.
    if (next) next();
    else this.#size -= 1;
    if (this.#size === 0) for (const wake of this.#idle.splice(0)) wake();
  }
}

const newSegment = <R, S>(): Segment<R, S> => ({ entries: new Set(), done: [] });

const admittedOf = <R>({ id, key, record }: Admitted<R>): Admitted<R> => ({ id, key, record });

/** The promise, or the end of the wait for it: a call that ignores its signal does not keep its lane. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
