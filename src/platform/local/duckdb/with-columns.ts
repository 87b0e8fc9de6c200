import type { TableColumn, TableVersion } from '../../../ports/tables.ts';
import { EngineError } from './errors.ts';
import { type StagingSession, stagedKey, writeGroup } from './staging-session.ts';
import { asStorage, storageOf } from './storage.ts';
import { historySelect } from './version-sql.ts';

/** The rows of a version with these columns and no others, in files of their own. See `QueryEngine.withColumns`. */
export async function withColumns(
  session: StagingSession,
  current: TableVersion,
  columns: readonly TableColumn[],
  versionId: string,
): Promise<TableVersion> {
  const { table, rows } = current;
  const stored = storageOf(current);
  if (stored.kind !== 'merged') {
    throw new EngineError(`The columns of ${table} cannot be changed: it was not made from keyed records.`, {
      about: table,
      hint: 'load a snapshot of the dataset',
    });
  }
  const select = historySelect(session.root, current, columns);
  const base = await writeGroup(session, select, columns, stagedKey(table, versionId, 'base'));
  const storage = asStorage({ ...stored, base, deltas: [] });
  return { table, columns: [...columns], rows, storage };
}
