import type { Row } from '../college/college.ts';
import { cellOf } from './cells.ts';
import type { ServedTable } from './served-tables.ts';

/**
 * The rows of a table at an instant, every column of its present schema filled as the server fills it. Rows that
 * the platform has dropped since the first snapshot are among them: a lake that loaded in time still has them.
 */
export function truthOf(served: ServedTable, now: number, upTo: number, opens: number): Row[] {
  const { table } = served.schemaAt(now);
  const cells = table.columns.map((column) => ({ name: column.name, cell: cellOf(column, opens) }));
  const { retentionMs, firstSnapshotAt = now } = served;
  const isThere = served.isThereAt(now);
  const oldest = retentionMs === undefined ? Number.NEGATIVE_INFINITY : firstSnapshotAt - retentionMs;
  return [...served.history.stateAt(upTo)]
    .filter((change) => change.at > oldest && isThere(change))
    .map((change) => Object.fromEntries(cells.map(({ name, cell }) => [name, cell(change)])));
}
