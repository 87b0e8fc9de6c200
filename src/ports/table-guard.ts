import type { PrivacyClass } from '../campus/catalog-schema.ts';

/** Guards the tables that `QueryEngine.show` shows: who sees a column is decided by its privacy class. */
export interface TableGuard {
  /**
   * Marks the columns that are shown by now. Repeating it changes nothing; what is not shown yet is left out.
   * @returns how many columns were marked again
   * @throws when some could not be marked, after all others were; they stay as they were
   */
  classify(tables: readonly ClassifiedTable[]): Promise<{ columns: number }>;
}

export interface ClassifiedTable {
  /** `database.table`. */
  readonly table: string;
  readonly columns: { readonly [column: string]: PrivacyClass };
}
