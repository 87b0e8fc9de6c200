/** A value for `:name` in a statement. */
export interface Parameter {
  readonly name: string;
  /** In the lake's words: `varchar`, `bigint`, `date`. */
  readonly type: string;
  /** As it was given. */
  readonly value: string;
}
