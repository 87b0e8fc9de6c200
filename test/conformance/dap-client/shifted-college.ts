import type {
  Change,
  College,
  Row,
  SystemHistory,
  TableShape,
} from '../../../src/simulators/college/college.ts';

/**
 * The same college at another time. The official client compares the server's times with the machine's clock, so
 * the simulated world must stand at today.
 * @param shiftMs by how much everything happens later
 */
export function shifted(college: College, shiftMs: number): College {
  return {
    ...college,
    opens: college.opens + shiftMs,
    closes: college.closes + shiftMs,
    canvas: shiftedHistory(college.canvas, shiftMs),
    sis: shiftedHistory(college.sis, shiftMs),
  };
}

function shiftedHistory(history: SystemHistory, shiftMs: number): SystemHistory {
  return {
    tables: history.tables,
    *changes(table, after, upTo, wanted) {
      const instants = instantColumns(table);
      for (const change of history.changes(table, after - shiftMs, upTo - shiftMs, wanted)) {
        yield shiftedChange(change, instants, shiftMs);
      }
    },
  };
}

function instantColumns(table: TableShape): string[] {
  return table.columns.filter((c) => c.type.startsWith('timestamp')).map((c) => c.name);
}

function shiftedChange(change: Change, instants: readonly string[], shiftMs: number): Change {
  const row: Record<string, Row[string]> = { ...change.row };
  for (const column of instants) {
    const value = row[column];
    if (typeof value === 'number') row[column] = value + shiftMs;
  }
  return { ...change, at: change.at + shiftMs, row };
}
