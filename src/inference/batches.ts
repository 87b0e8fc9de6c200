import type { Clock } from '../ports/platform.ts';
import { ModelAnswerError } from './errors.ts';
import type { FeatureRow, ScoringModel } from './scoring-model.ts';

interface Waiting {
  readonly row: FeatureRow;
  resolve(score: number): void;
  reject(error: unknown): void;
}

export interface BatchOptions {
  readonly clock: Clock;
  /** Rows in a call, at most. SageMaker takes 50 to 200 well within its limits of 4 and 6 MB. */
  readonly mostRows: number;
  /** How long the first row of a call waits for others, in ms. */
  readonly waitMs: number;
}

/** Puts single rows together into calls of a model: a call costs about the same for one row and for a hundred. */
export class Batches {
  readonly #model: ScoringModel;
  readonly #columns: readonly string[];
  readonly #options: BatchOptions;
  #waiting: Waiting[] = [];

  constructor(model: ScoringModel, columns: readonly string[], options: BatchOptions) {
    this.#model = model;
    this.#columns = columns;
    this.#options = options;
  }

  /** @throws what the call threw, for each of its rows */
  score(row: FeatureRow): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ row, resolve, reject });
      if (this.#waiting.length >= this.#options.mostRows) void this.#call();
      else if (this.#waiting.length === 1) void this.#callLater(this.#waiting);
    });
  }

  async #callLater(batch: Waiting[]): Promise<void> {
    await this.#options.clock.sleep(this.#options.waitMs);
    // Full meanwhile, it has gone already.
    if (batch === this.#waiting) await this.#call();
  }

  async #call(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    // A row that is given up by its own timeout does not stop the call of the others.
    const { signal } = new AbortController();
    try {
      const rows = batch.map(({ row }) => row);
      const scores = checked(await this.#model.score(this.#columns, rows, signal), rows.length);
      for (const [i, { resolve }] of batch.entries()) resolve(scores[i]!);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

/** @throws ModelAnswerError for anything but a probability for each row */
export function checked(scores: readonly number[], rows: number): readonly number[] {
  if (!Array.isArray(scores) || scores.length !== rows)
    throw new ModelAnswerError(
      `The model gave ${Array.isArray(scores) ? scores.length : 'no'} scores for ${rows} rows.`,
      { hint: 'it must answer with one number for each row, in their order' },
    );
  if (scores.some((score) => typeof score !== 'number' || !(score >= 0 && score <= 1)))
    throw new ModelAnswerError('The model gave a score that is no number from 0 to 1.', {
      hint: 'it must answer with probabilities',
    });
  return scores;
}
