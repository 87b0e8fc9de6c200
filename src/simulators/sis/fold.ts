import type { Row, SystemHistory, TableShape } from '../college/college.ts';

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
  const upserts: Row[] = [];
  const deletes: Row[] = [];
  const wanted = table.key.length > 0 ? 'newest' : 'all';
  for (const { op, row } of history.changes(table, after, upTo, wanted)) {
    (op === 'U' ? upserts : deletes).push(row);
  }
  return { upserts, deletes };
}
