import type { Json } from '../../json.ts';
import { actionsOf, grouped, type PlacedRule } from './group.ts';
import { asMappings, DMS_BYTES, lengthOf, type MappingLimits, SHELL_BYTES, splitMappings } from './split.ts';

/**
 * New mappings for tasks that run: every table stays in its task, tables that are gone leave it, new ones join a task
 * that has room, or make more tasks. What is named is not moved, since changes of a table can only be followed within
 * one task.
 * @returns as many parts as before (one that is left without tables is undefined) and the added ones behind them;
 * undefined where a table that flows is to flow otherwise, so that all must begin again
 */
export function keepParts(
  parts: readonly Json[],
  wanted: Json,
  { tables, bytes = DMS_BYTES }: MappingLimits,
): (Json | undefined)[] | undefined {
  const next = grouped(wanted);
  const before = parts.map(grouped);
  if (!next.byTable || before.some(({ byTable }) => !byTable)) {
    const [only, ...more] = before;
    const same = more.length === 0 && only && actionsOf(only.rules) === actionsOf(next.rules);
    return same ? [...parts] : undefined;
  }
  if (before.some(({ shared }) => actionsOf(shared) !== actionsOf(next.shared))) return undefined;
  const unplaced = new Map(next.byTable);
  const kept: PlacedRule[][][] = [];
  for (const { byTable } of before) {
    const own: PlacedRule[][] = [];
    for (const [table, rules] of byTable!) {
      const now = next.byTable.get(table);
      if (!now) continue;
      if (actionsOf(now) !== actionsOf(rules)) return undefined;
      own.push(now);
      unplaced.delete(table);
    }
    kept.push(own);
  }
  const fixed = SHELL_BYTES + lengthOf(next.shared);
  for (const [table, rules] of unplaced) {
    const room = kept.find(
      (own) => own.length < tables && fixed + lengthOf(own.flat()) + lengthOf(rules) <= bytes,
    );
    if (!room) continue;
    room.push(rules);
    unplaced.delete(table);
  }
  const all = kept.map((own) => (own.length > 0 ? asMappings([...next.shared, ...own.flat()]) : undefined));
  if (unplaced.size === 0) return all;
  const more = asMappings([...next.shared, ...[...unplaced.values()].flat()]);
  return [...all, ...splitMappings(more, { tables, bytes })];
}
