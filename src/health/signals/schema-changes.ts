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

/** What of the columns of tables has changed at the sources. Never an incident by itself. */
export async function schemaChanges(ledger: Pick<LedgerStore, 'rows'>, run: string): Promise<Signal[]> {
  const rows = await ledger.rows('schema_changes', `${run}:`);
  return rows
    .filter(({ change }) => AT_SOURCE.has(String(change)))
    .map((row) => {
      const about = String(row.dataset);
      return signal(
        {
          run,
          kind: 'schema-drift',
          about,
          source: about.split('.', 1)[0]!,
          code: String(row.change),
          at: String(row.at),
          severity: 'info',
          message: `${about}: ${describeChange(changeOf(row))}`,
        },
        String(row.column_name),
      );
    });
}
