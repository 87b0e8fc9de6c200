import { type Condition, leavesOf, lookupsOf } from './condition.ts';
import type { AccessPolicy, PolicyRole } from './policy.ts';

/**
 * What the rules of some tables ask of lookups: by table, the columns. The tables themselves are among them where
 * lookups are made of them.
 */
export function lookupColumns(
  policy: AccessPolicy,
  tables: Iterable<string>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const names = [...tables];
  const found = new Map<string, Set<string>>();
  const seen = new Set<string>();
  const follow = (condition: Condition): void => {
    for (const name of lookupsOf(condition)) {
      const lookup = policy.lookups.get(name);
      if (!lookup || seen.has(name)) continue;
      seen.add(name);
      const columns = found.get(lookup.table) ?? new Set<string>();
      columns.add(lookup.column);
      if (lookup.where) {
        for (const { column } of leavesOf(lookup.where)) columns.add(column);
        follow(lookup.where);
      }
      found.set(lookup.table, columns);
    }
  };
  for (const role of policy.roles.values())
    for (const { rows } of rulesOf(role, names)) if (rows) follow(rows);
  return found;
}

const rulesOf = (role: PolicyRole, tables: readonly string[]) =>
  [...role.tables]
    .filter(([pattern]) =>
      tables.some((table) => table === pattern || `${table.split('.')[0]}.*` === pattern),
    )
    .map(([, rule]) => rule);
