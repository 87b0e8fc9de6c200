import { createHash } from 'node:crypto';
import { LakeError } from '../../errors.ts';
import type { ModelAnswer } from '../../ports/language-model.ts';

/** A question has used up the tokens or the time that campus.yaml gives it, or would ask a model the same twice. */
export class ModelBudgetError extends LakeError {}

/** What one question has used. */
export interface Used {
  readonly calls: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
}

/** The tokens and the time of one question. */
export class Budget {
  readonly signal: AbortSignal;
  #used: Used = { calls: 0, tokensIn: 0, tokensOut: 0 };
  readonly #asked = new Set<string>();
  readonly #tokens: number;

  /** @param tokens most that are read and written @param seconds longest time from now on */
  constructor(tokens: number, seconds: number) {
    this.#tokens = tokens;
    this.signal = AbortSignal.timeout(seconds * 1_000);
  }

  get used(): Used {
    return this.#used;
  }

  /**
   * Makes one call within what is left.
   * @param read everything that the model will read
   * @param call is given the most tokens that may be written
   * @throws ModelBudgetError where nothing is left, or where the same was asked before
   */
  async call(
    read: string,
    most: number,
    call: (tokens: number) => Promise<ModelAnswer>,
  ): Promise<ModelAnswer> {
    const digest = createHash('sha256').update(read).digest('hex');
    if (this.#asked.has(digest)) throw new ModelBudgetError('The model was asked the same twice.');
    this.#asked.add(digest);
    // No tokenizer is known of every model: three characters a token is on the safe side for English and JSON.
    const left = this.#tokens - this.#used.tokensIn - this.#used.tokensOut - Math.ceil(read.length / 3);
    if (left < 100)
      throw new ModelBudgetError('The question needs more tokens than campus.yaml allows.', {
        hint: 'raise `assistant.tokens`, or ask of one table',
      });
    this.#used = { ...this.#used, calls: this.#used.calls + 1 };
    const answer = await call(Math.min(left, most));
    this.#used = {
      calls: this.#used.calls,
      tokensIn: this.#used.tokensIn + answer.tokensIn,
      tokensOut: this.#used.tokensOut + answer.tokensOut,
    };
    return answer;
  }
}
