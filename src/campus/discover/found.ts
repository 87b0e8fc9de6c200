import type { PrivacyClass } from '../catalog-schema.ts';
import type { LakeType } from '../lake-type.ts';

/** A table as a live source describes it. */
export interface FoundTable {
  /** Canvas: the DAP namespace. SIS: the database schema. */
  readonly namespace: string;
  readonly table: string;
  readonly columns: readonly FoundColumn[];
  /** Key columns by their names at the source. Empty: it has none. */
  readonly key: readonly string[];
  /** Default: a table. */
  readonly kind?: 'table' | 'view';
  /** What the database says of the table. Default: nothing. */
  readonly description?: string;
  /** Why it cannot be loaded as it is made. Default: it can. */
  readonly unfit?: string;
}

export interface FoundColumn {
  readonly name: string;
  readonly type: LakeType;
  /** The type in the source's own words, where it says more. */
  readonly sourceType?: string;
  readonly nullable: boolean;
  readonly description?: string;
}

/** Proposes the class of a column; `src/privacy` does. */
export type Propose = (
  table: FoundTable,
  column: FoundColumn,
) => { readonly privacy: PrivacyClass; readonly why: string };

/** What a discovery changed, or would change. Ids are `source.dataset`. */
export interface DiscoveryChanges {
  readonly newTables: { readonly id: string; readonly columns: number }[];
  readonly newColumns: { readonly id: string; readonly column: string; readonly privacy: PrivacyClass }[];
  /** `written`: whether the catalog follows; it does not where a person has looked at the line. */
  readonly changed: {
    readonly id: string;
    readonly column: string;
    readonly from: string;
    readonly to: string;
    readonly written: boolean;
  }[];
  readonly changedKeys: { readonly id: string; readonly from: string[]; readonly to: string[] }[];
  /** Datasets that are a view where they were a table, or the other way round. */
  readonly changedKinds: { readonly id: string; readonly to: 'table' | 'view' }[];
  readonly goneTables: string[];
  readonly goneColumns: { readonly id: string; readonly column: string }[];
  readonly backAgain: string[];
  /** How many new columns were proposed for each class. */
  readonly proposed: Partial<Record<PrivacyClass, number>>;
  /** New tables that are not loaded: their key would have to stay outside, or they cannot be as they are made. */
  readonly heldBack: string[];
}

export function noChanges(): DiscoveryChanges {
  return {
    newTables: [],
    newColumns: [],
    changed: [],
    changedKeys: [],
    changedKinds: [],
    goneTables: [],
    goneColumns: [],
    backAgain: [],
    proposed: {},
    heldBack: [],
  };
}
