import type { Change, SystemHistory, TableShape } from '../../src/simulators/college/college.ts';

/** A system whose tables have the given changes, each table's in order. */
export function historyOf(tables: ReadonlyMap<TableShape, readonly Change[]>): SystemHistory {
  return {
    tables: [...tables.keys()],
    changes(table, after, upTo, wanted) {
      const inRange = (tables.get(table) ?? []).filter(({ at }) => at > after && at <= upTo);
      if (wanted !== 'newest') return inRange;
      const key = ({ row }: Change) => table.key.map((column) => String(row[column])).join('|');
      const last = new Map(inRange.map((change) => [key(change), change]));
      return inRange.filter((change) => last.get(key(change)) === change);
    },
  };
}
