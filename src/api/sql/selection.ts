import type { ApiColumn, ApiRelationship, ApiTable } from '../model/api-table.ts';

/** How a column is compared with a value, in Hasura's words. */
export type Operator =
  | '_eq'
  | '_neq'
  | '_gt'
  | '_lt'
  | '_gte'
  | '_lte'
  | '_like'
  | '_nlike'
  | '_ilike'
  | '_nilike'
  | '_similar'
  | '_nsimilar'
  | '_regex'
  | '_nregex'
  | '_iregex'
  | '_niregex';

/** What must be true of a row. As in SQL, a comparison with null is neither true nor false. */
export type Bool =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Bool[] }
  | { readonly kind: 'not'; readonly of: Bool }
  | { readonly kind: 'compare'; readonly column: ApiColumn; readonly by: Operator; readonly value: string }
  | {
      readonly kind: 'columns';
      readonly column: ApiColumn;
      readonly by: '_eq' | '_neq' | '_gt' | '_lt' | '_gte' | '_lte';
      readonly other: ApiColumn;
    }
  | {
      readonly kind: 'in';
      readonly column: ApiColumn;
      readonly values: readonly string[];
      readonly not: boolean;
    }
  | { readonly kind: 'null'; readonly column: ApiColumn; readonly not: boolean }
  | { readonly kind: 'exists'; readonly over: ApiRelationship; readonly of: ApiTable; readonly where: Bool }
  | {
      readonly kind: 'aggregate';
      readonly over: ApiRelationship;
      readonly of: ApiTable;
      readonly fn: 'count' | 'bool_and' | 'bool_or';
      readonly columns: readonly ApiColumn[];
      readonly distinct: boolean;
      readonly filter: Bool;
      /** Over the column `value`, which stands for what the function gives. */
      readonly predicate: Bool;
    };

export type Direction = 'asc' | 'desc';

/** One term of an order. */
export interface Order {
  readonly by: OrderTerm;
  readonly direction: Direction;
  readonly nulls: 'first' | 'last';
}

export type OrderTerm =
  | { readonly kind: 'column'; readonly column: ApiColumn }
  | { readonly kind: 'object'; readonly over: ApiRelationship; readonly of: ApiTable; readonly by: OrderTerm }
  | {
      readonly kind: 'aggregate';
      readonly over: ApiRelationship;
      readonly of: ApiTable;
      readonly fn: string;
      /** Absent: rows are counted. */
      readonly column?: ApiColumn;
    };

/** Which rows of a table, in which order. */
export interface Rows {
  readonly table: ApiTable;
  readonly where: Bool;
  readonly order: readonly Order[];
  readonly distinctOn: readonly ApiColumn[];
  readonly limit?: number;
  readonly offset: number;
}

/** What is given out of each row, under the key of the answer. */
export type Field =
  | { readonly kind: 'typename'; readonly key: string; readonly value: string }
  | { readonly kind: 'column'; readonly key: string; readonly column: ApiColumn }
  | {
      readonly kind: 'object';
      readonly key: string;
      readonly over: ApiRelationship;
      readonly of: ApiTable;
      readonly fields: readonly Field[];
    }
  | {
      readonly kind: 'array';
      readonly key: string;
      readonly over: ApiRelationship;
      readonly rows: Rows;
      readonly fields: readonly Field[];
    }
  | {
      readonly kind: 'aggregate';
      readonly key: string;
      readonly over: ApiRelationship;
      readonly rows: Rows;
      readonly parts: readonly AggregatePart[];
    };

/** What is given out of many rows together. */
export type AggregatePart =
  | { readonly kind: 'typename'; readonly key: string; readonly value: string }
  | { readonly kind: 'figures'; readonly key: string; readonly figures: readonly Figure[] }
  | { readonly kind: 'nodes'; readonly key: string; readonly fields: readonly Field[] }
  | {
      /** Figures of the rows that are alike in some columns, nulls among them. */
      readonly kind: 'groups';
      readonly key: string;
      readonly by: readonly ApiColumn[];
      readonly parts: readonly GroupPart[];
    };

/** What is given out of each group. */
export type GroupPart =
  | Exclude<AggregatePart, { kind: 'nodes' | 'groups' }>
  | {
      readonly kind: 'key';
      readonly key: string;
      readonly fields: readonly Exclude<Field, { readonly over: ApiRelationship }>[];
    };

export type Figure =
  | { readonly kind: 'typename'; readonly key: string; readonly value: string }
  | {
      readonly kind: 'count';
      readonly key: string;
      readonly columns: readonly ApiColumn[];
      readonly distinct: boolean;
    }
  | {
      readonly kind: 'function';
      readonly key: string;
      readonly fn: string;
      readonly of: readonly (
        | { readonly kind: 'column'; readonly key: string; readonly column: ApiColumn }
        | { readonly kind: 'typename'; readonly key: string; readonly value: string }
      )[];
    };

/** One root field: one statement. */
export type Root =
  | { readonly kind: 'rows'; readonly rows: Rows; readonly fields: readonly Field[] }
  | { readonly kind: 'one'; readonly rows: Rows; readonly fields: readonly Field[] }
  | { readonly kind: 'aggregate'; readonly rows: Rows; readonly parts: readonly AggregatePart[] };

/** True of every row. */
export const EVERY: Bool = { kind: 'and', of: [] };
