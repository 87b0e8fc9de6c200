import type { Uses } from '../../ports/step.ts';
import { SHARED_FUNCTIONS } from '../../sql/functions/all.ts';
import { readBy } from './query-lake.ts';

/** What a statement can be completed with. */
export interface Completion {
  /** Columns by `database.table`. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
  readonly functions: readonly string[];
}

/** Names of tables, columns and functions that a statement of the lake's session may use. */
export async function completionNames(
  lake: Uses<'session' | 'access' | 'catalog' | 'clock' | 'objects' | 'ledger' | 'engine' | 'target'>,
): Promise<Completion> {
  const { tables } = await readBy(lake, { sql: '' }, 'describe');
  const columns = Object.entries(tables).map(([table, version]) => [
    table,
    version.columns.map(({ name }) => name),
  ]);
  return { tables: Object.fromEntries(columns), functions: [...SHARED_FUNCTIONS].sort() };
}
