import type { Metadata, Permission } from './schema.ts';

/**
 * The permissions by which a role reads a table: its own, or else those of the roles of which it inherits. A role's own
 * permission goes before inherited ones.
 */
export function permissionsOf(metadata: Metadata, role: string, table: string): readonly Permission[] {
  const own = metadata.tables.get(table)?.select_permissions.find((one) => one.role === role);
  if (own) return [own.permission];
  return (metadata.inherited.get(role) ?? []).flatMap((parent) => permissionsOf(metadata, parent, table));
}

/** The columns that a permission shows. */
export const isShown = ({ columns }: Permission, name: string): boolean =>
  columns === '*' || columns.includes(name);

/** Several permissions as one: the most of each. */
export function togetherOf(permissions: readonly Permission[]): {
  readonly limit?: number;
  readonly aggregations: boolean;
  readonly roots: readonly string[] | undefined;
} {
  const limits = permissions.map(({ limit }) => limit ?? undefined);
  const most = limits.includes(undefined) ? undefined : Math.max(...(limits as number[]));
  const roots = permissions.map(({ query_root_fields: fields }) => fields ?? undefined);
  return {
    ...(most === undefined ? {} : { limit: most }),
    aggregations: permissions.some((one) => one.allow_aggregations),
    roots: roots.includes(undefined) ? undefined : roots.flatMap((fields) => fields ?? []),
  };
}
