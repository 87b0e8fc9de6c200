/**
 * What DMS writes in addition to the columns of the source. Names of the source that begin so are DMS's.
 * https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Target.S3.html
 */
export const ADDED_COLUMNS = {
  /** `I`, `U` or `D`; files of a full load have no such column. */
  operation: 'Op',
  /** When the change was committed at the source: the target endpoint names it. */
  commitTime: 'dms_commit_time',
  /**
   * The place of a change among all of its task: 35 digits that sort as text, as a rule of the mappings adds them
   * (`$AR_H_CHANGE_SEQ`). Commit times repeat, and files only tell when changes arrived. Empty in a full load.
   */
  sequence: 'dms_change_seq',
} as const;

const NAMES: ReadonlySet<string> = new Set(Object.values(ADDED_COLUMNS));

export const isAddedColumn = (name: string): boolean => NAMES.has(name);
