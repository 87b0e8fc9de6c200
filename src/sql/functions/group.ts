/** Why a function of Athena's is refused, and the way that works everywhere. */
export type Refusal = readonly [why: string, portable: string];

/** One group of Athena's (Trino's) functions. Source of the names: the function pages of the Trino manual. */
export interface FunctionGroup {
  /** Names of those that mean the same in every engine, divided by white space; see the idioms in test/sql/idioms. */
  readonly supported: string;
  /** Those of them that Spark has no translation for: a model with `engine: glue` cannot call them. */
  readonly notInSpark?: string;
  readonly refused: { readonly [name: string]: Refusal };
}
