/** Something to know about the answer to a statement. It is no error, and no part of the rows. */
export interface Remark {
  /**
   * `approximate`: Athena approximates what is computed exactly on this machine, so the two may differ.
   * `not-on-record`: the access could not be put into `ops.access`.
   */
  readonly code: 'approximate' | 'not-on-record';
  readonly text: string;
  /** Where in the statement; both start at 1. */
  readonly line?: number;
  readonly column?: number;
}
