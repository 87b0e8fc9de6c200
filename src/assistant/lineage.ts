import type { Facts } from './facts.ts';

type Tables = Pick<Facts, 'tables'>;

/** A table and everything that it is made of, as it was asked for before. */
const KNOWN = new WeakMap<Facts['tables'], Map<string, ReadonlySet<string>>>();

/** A table and everything that it is made of. */
export function upstreamOf({ tables }: Tables, table: string): ReadonlySet<string> {
  const known = KNOWN.get(tables) ?? new Map<string, ReadonlySet<string>>();
  KNOWN.set(tables, known);
  const before = known.get(table);
  if (before) return before;
  const found = new Set<string>();
  const ahead = [table];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    ahead.push(...(tables.get(next)?.reads ?? []));
  }
  known.set(table, found);
  return found;
}

/**
 * Whether something that is wrong with a component reaches a table.
 * @param component a table, a source, `lake`, or a job such as `build-model students`
 */
export function reaches(facts: Tables, component: string, table: string): boolean {
  if (component === LAKE || component === table) return true;
  const upstream = upstreamOf(facts, table);
  if (upstream.has(component)) return true;
  return [...upstream].some((one) => facts.tables.get(one)?.source === component);
}

/** The component of what concerns all of the lake. */
export const LAKE = 'lake';

/** The table that a step is about: a dataset by its name, a model as the table that it makes. */
export function tableOfItem(facts: Tables, item: string): string {
  return facts.tables.has(item) || !facts.tables.has(`campus.${item}`) ? item : `campus.${item}`;
}
