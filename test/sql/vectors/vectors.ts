/**
 * Questions to functions and operators on input that does not behave: no rows, only nulls, empty text, white space,
 * groups, past the end, zero and negative, NaN, half-way decimals, changes of clocks, duplicates. Each is an expression
 * without a table, or a whole SELECT, as idioms are.
 */
export interface Vectors {
  /**
   * Trino's answer is recorded: rows and types, or that it fails. The lake gives the same rows and types; where Trino
   * fails, the lake refuses or fails.
   */
  readonly answered: { readonly [name: string]: string };
  /** Trino may answer; the lake refuses, before it reads a row, with the portable way. */
  readonly refused: { readonly [name: string]: string };
}
