/** Rows of one curated table as a person reads them on a terminal. */
export interface FeatureHighlight {
  /** `campus.<name>` */
  readonly table: string;
  /** The SELECT of the rows, the most important first: a cell for each of `columns` and one for `last`. */
  readonly sql: string;
  /** @param rows how many there are @param shown how many are shown */
  heading(rows: number, shown: number): string;
  /** Columns of a fixed width, in characters. */
  readonly columns: readonly { readonly title: string; readonly width: number }[];
  /** The title of the last column, which takes what is left of the line. */
  readonly last: string;
  /** One row where the screen is too narrow for a table. */
  brief(row: readonly string[]): string;
  /** How to read them. */
  readonly note: string;
}

/**
 * Students from one curated table, the most important first. Only columns that the reader's role sees are shown.
 *
 * @example
 * ```ts
 * import type { FeatureList } from '../feature.ts';
 *
 * const list: FeatureList = {
 *   title: 'Holds',
 *   table: 'campus.holds',
 *   order: [{ column: 'placed_on', descending: true }],
 *   columns: [{ name: 'student_id', title: 'student' }],
 *   reasons: 'why',
 *   note: 'A hold is no judgement.',
 * };
 * ```
 */
export interface FeatureList {
  readonly title: string;
  /** `campus.<name>` */
  readonly table: string;
  readonly order: readonly { readonly column: string; readonly descending?: boolean }[];
  /** A condition in Athena's SQL over its columns: which rows count. Where a role lacks one of the columns that it reads, it gets no list. */
  readonly where?: { readonly sql: string; readonly reads: readonly string[] };
  readonly columns: readonly { readonly name: string; readonly title: string }[];
  /** The column that says why a student is on the list, in words. */
  readonly reasons: string;
  /** How to read it. */
  readonly note: string;
}

/** Markdown below a heading of its own. */
export interface DictionarySection {
  readonly title: string;
  readonly text: string;
}
