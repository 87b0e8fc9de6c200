/** A record on its way through the operator. */
export interface Admitted<R> {
  /** Unique: by it a receiver tells a repetition. */
  readonly id: string;
  /** The lane: records of one key are scored in the order in which they came. */
  readonly key: string;
  readonly record: R;
}

/** How a record ended; each ends in exactly one of these ways. */
export type Outcome<R, S> =
  | { readonly kind: 'score'; readonly of: Admitted<R>; readonly score: S; readonly attempts: number }
  /** The model gave none, and there was something else to say. */
  | {
      readonly kind: 'fallback';
      readonly of: Admitted<R>;
      readonly score: S;
      readonly attempts: number;
      /** Code of a failure: `model-timeout`, `circuit-open`, … */
      readonly reason: string;
    }
  | {
      readonly kind: 'dead letter';
      readonly of: Admitted<R>;
      readonly attempts: number;
      readonly reason: string;
    };

/** What was admitted and has not been emitted, in the order in which it came: what a restart begins with. */
export type Pending<R> =
  | ({ readonly type: 'record' } & Admitted<R>)
  | { readonly type: 'watermark'; readonly at: number };
