import type { ReadAction, Session } from './session.ts';
import type { TableSet } from './tables.ts';

/** A table as a role sees it: a SELECT in Athena's SQL over whole tables, which nothing else can name. */
export interface TableView {
  readonly select: string;
  /** The whole tables by the names that the SELECT has for them. */
  readonly reads: TableSet;
  /** Columns that are shown through a mask. */
  readonly masked: readonly string[];
}

/** What is left of some tables for a session. */
export interface Restricted<T> {
  /** Those that the session may know of, each with those of its columns that it may know of. */
  readonly tables: Readonly<Record<string, T>>;
  /** By table, how its rows are read. Tables whose rows may be read have one. */
  readonly views: Readonly<Record<string, TableView>>;
}

/** The college's access policy, ready to be asked. */
export interface AccessRules {
  /** What tells this version of the policy from every other. */
  readonly version: string;
  /**
   * What a session may see of some tables. Whatever it does not know is not seen.
   * @param tables by `database.table`. Lookups of the policy are made of them too
   * @throws InputError where the session lacks what the policy asks of its role, or the action is not open to roles
   */
  restrict<T>(session: Session, action: ReadAction, tables: Readonly<Record<string, T>>): Restricted<T>;
}
