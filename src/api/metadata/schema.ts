import { z } from 'zod';
import { ROOT_FIELDS } from '../model/api-table.ts';

/** A condition of Hasura's metadata: what is in it is known when the tables are. */
export type BoolExp = { readonly [key: string]: unknown };
const boolExp = z.record(z.string(), z.unknown());

const qualified = z
  .union([z.string(), z.object({ schema: z.string().default('public'), name: z.string() })])
  .transform((table) => (typeof table === 'string' ? `public.${table}` : `${table.schema}.${table.name}`))
  .transform((table) => table.toLowerCase());

const columnNames = z.union([z.string(), z.array(z.string())]).transform((names) => [names].flat());

const using = z.object({
  foreign_key_constraint_on: z
    .union([
      columnNames,
      z.object({ table: qualified, column: z.string().optional(), columns: z.array(z.string()).optional() }),
    ])
    .optional(),
  manual_configuration: z
    .object({ remote_table: qualified, column_mapping: z.record(z.string(), z.string()) })
    .optional(),
});

export const relationshipSchema = z.object({ name: z.string(), using });

export const permissionSchema = z.object({
  columns: z.union([z.literal('*'), z.array(z.string())]),
  filter: boolExp.default({}),
  limit: z.number().int().min(0).nullish(),
  allow_aggregations: z.boolean().default(false),
  query_root_fields: z.array(z.enum(ROOT_FIELDS)).nullish(),
});

/** One file of `metadata/databases/<database>/tables/`. Keys of what the lake has not are passed over. */
export const tableSchema = z.object({
  table: qualified,
  configuration: z
    .object({
      custom_name: z.string().nullish(),
      custom_root_fields: z.partialRecord(z.enum(ROOT_FIELDS), z.string().nullish()).catch({}).default({}),
      column_config: z.record(z.string(), z.object({ custom_name: z.string().nullish() })).default({}),
    })
    .nullish(),
  object_relationships: z.array(relationshipSchema).default([]),
  array_relationships: z.array(relationshipSchema).default([]),
  select_permissions: z.array(z.object({ role: z.string(), permission: permissionSchema })).default([]),
});

export const inheritedRoleSchema = z.object({ role_name: z.string(), role_set: z.array(z.string()) });

export type TableMetadata = z.output<typeof tableSchema>;
export type Permission = z.output<typeof permissionSchema>;

/** Hasura's metadata, as far as it speaks of reading tables. */
export interface Metadata {
  /** By `schema.table`. */
  readonly tables: ReadonlyMap<string, TableMetadata>;
  /** By inherited role, its parents. */
  readonly inherited: ReadonlyMap<string, readonly string[]>;
  /** What tells it from every other. */
  readonly version: string;
}
