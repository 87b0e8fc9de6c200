/** A copy of a SIS that is under way. */
export type SisTask = { readonly run: string; readonly source: string; readonly task: string };

/** One dataset of it; `error` says why its table was not copied. */
export type SisItem = {
  readonly run: string;
  readonly dataset: string;
  readonly error?: string;
  /** The error is that of the source, and not of this table. */
  readonly cutOff?: boolean;
  /** Another session of the source has locked the table. */
  readonly locked?: boolean;
};

export type SisCopied = {
  readonly done: true;
  readonly tables: SisItem[];
  /** Those of `tables` that were not copied. */
  readonly failed: SisItem[];
};
