import type { LakeType } from '../campus/lake-type.ts';
import type { Grant } from './session.ts';
import type { TableSet } from './tables.ts';

/** A person or service with a login of its own to the warehouse, as a role under one purpose. */
export interface WarehouseLogin {
  readonly login: string;
  readonly role: string;
  readonly purpose: string;
  /** What the rules of the role compare with, such as `person`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** What a role sees of a table. */
export interface RoleTable {
  readonly table: string;
  readonly columns: readonly string[];
  /** A SELECT of these columns over whole tables. */
  readonly select: string;
  /** Whether the SELECT leaves rows out. */
  readonly hidesRows: boolean;
}

/** What a role sees under one of its purposes. */
export interface RoleViews {
  readonly role: string;
  readonly purpose: string;
  /** Whether it is the first purpose of the role, which names may leave out. */
  readonly isFirstPurpose: boolean;
  readonly tables: readonly RoleTable[];
  /** Tables that the policy gives the role and the warehouse cannot show by its rules. */
  readonly notOpened: readonly string[];
}

/** A login as the warehouse keeps it. */
export interface KeptLogin extends WarehouseLogin {
  /** Whether it can be used: it fits the policy that the warehouse holds to. */
  readonly isOpen: boolean;
  /** Why it cannot. */
  readonly whyClosed?: string;
}

/** The logins of a warehouse that holds to an access policy. Passwords are told once and kept nowhere. */
export interface WarehouseLogins {
  /** Adds a login, closed until the next `load`. @returns its password @throws InputError where the name is taken */
  add(login: WarehouseLogin): Promise<string>;
  list(): Promise<readonly KeptLogin[]>;
  /** Ends a login and its sessions. @throws InputError where there is none */
  remove(login: string): Promise<void>;
  /** Gives a login another password. @returns it @throws InputError where there is no such login */
  rotate(login: string): Promise<string>;
}

/** A statement of a login, as the warehouse has logged it. */
export interface LoggedStatement {
  /** Of one statement always the same, and of no two. */
  readonly id: string;
  /** Epoch ms. */
  readonly at: number;
  readonly login: string;
  readonly sql: string;
  /** Values of its parameters, or the statement that was prepared. */
  readonly detail?: string;
  readonly outcome: 'answered' | 'refused' | 'failed';
  /** SQLSTATE, where it has failed or was refused. */
  readonly state?: string;
}

/** How a warehouse names what the SELECTs of roles read. */
export interface WarehouseNames {
  /** A whole table, by `database.table`. */
  readonly whole: (table: string) => string;
  /** An attribute of who asks, as a value of the type; null where it has none. */
  readonly attribute: (name: string, type: LakeType) => string;
}

/** Something of a policy that is made, and taken away, as a whole. */
export interface RedshiftUnit {
  /** Unique, such as `role lake/adviser/advising`. */
  readonly name: string;
  /** What has a higher one is made later and taken away sooner. */
  readonly rank: number;
  /** Changes with what the unit is. */
  readonly digest: string;
  readonly make: readonly string[];
  /** Takes away what `make` has made, closing first. */
  readonly undo: readonly string[];
  /** Units without which this one would show too much. */
  readonly needs: readonly string[];
  /** Who does not see what where it cannot be made. Absent: nobody by itself. */
  readonly opens?: OpenedFor;
}

/** A table that a role sees under a purpose. */
export interface OpenedFor {
  readonly role: string;
  readonly purpose: string;
  readonly table: string;
}

/** A policy as statements of Redshift, for tables that the warehouse serves. */
export interface RedshiftStatements {
  /** What is always there and never taken away: who has which login. */
  readonly base: readonly string[];
  /** Copies of what rules ask. Until they are filled, a rule shows by them what it should not. */
  readonly copies: readonly RedshiftUnit[];
  /** Fills the copies: before anything is opened, and with each load. */
  readonly refresh: readonly string[];
  /** Roles, masks, policies and grants, in the order in which they can be made; taken away in the other. */
  readonly units: readonly RedshiftUnit[];
  /** What a role does not see in Redshift though the policy gives it. */
  readonly notOpened: readonly OpenedFor[];
}

/** The access policy, as a warehouse applies it to its logins. */
export interface WarehouseAccess {
  /** Tables that rules ask and the warehouse does not serve. */
  readonly lookups: Grant;
  /** By table, the columns that rules ask of it. */
  readonly lookupColumns: ReadonlyMap<string, ReadonlySet<string>>;
  /** What each role sees of the served tables under each of its purposes, in PostgreSQL's SQL. */
  postgres(
    served: TableSet,
    namesFor: (of: { readonly role: string; readonly purpose: string }) => WarehouseNames,
  ): readonly RoleViews[];
  /** The policy for these tables, in Redshift's SQL. @param reader who goes on seeing every row */
  redshift(served: TableSet, reader: string): RedshiftStatements;
  /** Why a login may not be used as it is; undefined where it may. */
  problemOf(login: WarehouseLogin, served: TableSet): string | undefined;
}
