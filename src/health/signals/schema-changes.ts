import type { LedgerStore } from '../../ports/ledger.ts';
import { changeOf, describeChange } from '../../staging/schema-changes.ts';
import { type Signal, signal } from '../signal.ts';

/** Changes that come from the source; what the catalog decides is nobody's fault. */
const AT_SOURCE = new Set([
  'vanished',
  'retyped',
  'widened',
  'renamed',
  'rekeyed',
  'added',
  'returned',
  'unlisted',
]);

/** What becomes of rows without an error where a model reads the column: its values are empty from now on. */
const GONE = new Set(['vanished', 'renamed']);

/** The code of a change by which a column that a model reads has no values any more. */
export const READ_COLUMN_GONE = 'read-column-gone';

/**
 * What of the columns of tables has changed at the sources. No incident by itself, but where a model reads a column that
 * is gone.
 * @param isRead whether a model reads the column of a table
 */
export async function schemaChanges(
  ledger: Pick<LedgerStore, 'rows'>,
  run: string,
  isRead: (table: string, column: string) => boolean,
): Promise<Signal[]> {
  const rows = await ledger.rows('schema_changes', `${run}:`);
  return rows
    .filter(({ change }) => AT_SOURCE.has(String(change)))
    .map((row) => {
      const about = String(row.dataset);
      const column = String(row.column_name);
      const isGone = GONE.has(String(row.change)) && isRead(about, column);
      return signal(
        {
          run,
          kind: 'schema-drift',
          about,
          source: about.split('.', 1)[0]!,
          code: isGone ? READ_COLUMN_GONE : String(row.change),
          at: String(row.at),
          severity: isGone ? 'warning' : 'info',
          message: `${about}: ${describeChange(changeOf(row))}`,
        },
        column,
      );
    });
}
