import type { LakeType } from '../../campus/lake-type.ts';

/** A column as the API offers it. */
export interface ApiColumn {
  /** In the lake. */
  readonly name: string;
  /** In GraphQL and JSON. */
  readonly field: string;
  readonly type: LakeType;
  readonly description?: string;
}

/** How rows of one table belong to rows of another. */
export interface ApiRelationship {
  readonly name: string;
  /** `object`: at most one row; `array`: any number. */
  readonly kind: 'object' | 'array';
  /** `database.table` of the other rows. */
  readonly to: string;
  /** Pairs of a column of this table and the one of the other that it equals. */
  readonly on: readonly (readonly [own: string, theirs: string])[];
}

/** The root fields that a table can have, in Hasura's words. */
export const ROOT_FIELDS = ['select', 'select_by_pk', 'select_aggregate'] as const;
export type RootField = (typeof ROOT_FIELDS)[number];

/** A table as one role may ask for it: what is not here does not exist for the role. */
export interface ApiTable {
  /** `database.table`. */
  readonly table: string;
  /** The type in GraphQL. */
  readonly name: string;
  /** The root fields that there are, with their names. */
  readonly roots: { readonly [root in RootField]?: string };
  readonly description?: string;
  readonly columns: readonly ApiColumn[];
  /** The columns that identify a row, where the role sees all of them; else none. */
  readonly key: readonly string[];
  readonly relationships: readonly ApiRelationship[];
  /** The most rows of one selection. Default: any number. */
  readonly limit?: number;
  readonly aggregations: boolean;
}

/** The tables of one role, by `database.table`. */
export type ApiModel = ReadonlyMap<string, ApiTable>;

/** The column of a field; the schema has admitted the field. */
export const columnOf = (table: ApiTable, field: string): ApiColumn => {
  const found = table.columns.find((column) => column.field === field);
  if (!found) throw new TypeError(`${table.name} has no field ${field}`);
  return found;
};
