import type { Row } from '../college/college.ts';
import { cellOf } from './cells.ts';
import type { ServedTable } from './served-tables.ts';

/**
 * The rows of a table at an instant, every column of its present schema filled as the server fills it. Rows that
 * the platform no longer keeps are among them: a lake that loaded in time still has them.
 */
export function truthOf(served: ServedTable, now: number, upTo: number, opens: number): Row[] {
  const { table } = served.schemaAt(now);
  const cells = table.columns.map((column) => ({ name: column.name, cell: cellOf(column, opens) }));
  return served.history
    .stateAt(upTo)
    .map((change) => Object.fromEntries(cells.map(({ name, cell }) => [name, cell(change)])));
}
