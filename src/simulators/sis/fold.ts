import type { Change, Row, SystemHistory, TableShape } from '../college/college.ts';

/** What happened to each row of a table between two instants: its last state, or that it is gone. */
export interface FoldedChanges {
  readonly upserts: readonly Row[];
  readonly deletes: readonly Row[];
}

/** The changes after one instant up to another (epoch ms), the last of each key. Without a key all are kept. */
export function foldChanges(
  history: SystemHistory,
  table: TableShape,
  after: number,
  upTo: number,
): FoldedChanges {
  const last =
    table.key.length > 0
      ? lastOfEachKey(history.changes(table, after, upTo, 'newest'), table.key)
      : history.changes(table, after, upTo);
  const upserts: Row[] = [];
  const deletes: Row[] = [];
  for (const change of last) (change.op === 'U' ? upserts : deletes).push(change.row);
  return { upserts, deletes };
}

function lastOfEachKey(changes: Iterable<Change>, key: readonly string[]): Iterable<Change> {
  const byKey = new Map<string, Change>();
  const only = key.length === 1 ? key[0]! : undefined;
  for (const change of changes) {
    const { row } = change;
    byKey.set(only ? String(row[only]) : key.map((name) => String(row[name])).join('\u0000'), change);
  }
  return byKey.values();
}
