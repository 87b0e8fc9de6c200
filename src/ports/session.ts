import type { TableView } from './access.ts';
import type { TableVersion } from './tables.ts';

/**
 * Who asks, and what for. Every read of the lake has one; see `authorize` in `src/access/authorize.ts`.
 *
 * @example
 * ```ts
 * import type { Session } from './session.ts';
 *
 * const session: Session = {
 *   principal: 'ines',
 *   role: 'administrator',
 *   attributes: {},
 *   purpose: 'enrolment report',
 * };
 * ```
 */
export interface Session {
  /** The person or program, as the entrance has learned it: the user of the operating system, a name in AWS. */
  readonly principal: string;
  /** The one role that is active. A person with several chooses one: rights of two roles do not add up. */
  readonly role: string;
  /** What is known of the principal and rules may compare with, such as an adviser's number. */
  readonly attributes: Readonly<Record<string, string>>;
  /** What the rows are used for. */
  readonly purpose: string;
  /** The user of the operating system, where the principal is somebody on whose behalf the lake is read. */
  readonly openedBy?: string;
  /** The id of the emergency by which the role is active. Default: none. */
  readonly breakGlass?: string;
}

/** What is done with tables: rows read, a plan shown, rows written to a file, rows served elsewhere, columns listed. */
export type ReadAction = 'query' | 'explain' | 'export' | 'serve' | 'describe';

declare const authorized: unique symbol;

/**
 * What a session may read. Only `authorize` makes one, so that whatever takes a grant has been authorized.
 * @typeParam T the tables: versions where rows are read; where columns are listed, whatever describes them
 */
export interface Grant<T = TableVersion> {
  readonly [authorized]: true;
  readonly session: Session;
  readonly action: ReadAction;
  /** By `database.table`, those that the session may read. */
  readonly tables: Readonly<Record<string, T>>;
  /**
   * Of a session that does not see whole tables, how the rows of each are read: the versions in `tables` then have
   * columns and no files. Absent: the tables are seen whole.
   */
  readonly views?: Readonly<Record<string, TableView>>;
}
