import type { Rekeyed } from '../../../ports/query-engine.ts';
import type { TableColumn, TableVersion } from '../../../ports/tables.ts';
import { EngineError, missingKey } from './errors.ts';
import { copyTo, draftFile } from './files.ts';
import { rekeyExpression } from './pseudonym-sql.ts';
import { ident } from './sql-text.ts';
import { type StagingSession, stagedKey, writeGroup } from './staging-session.ts';
import { asStorage, storageOf } from './storage.ts';
import { historySelect, versionSelect } from './version-sql.ts';

/** The rows of a version with these columns and no others, in files of their own. See `QueryEngine.withColumns`. */
export async function withColumns(
  session: StagingSession,
  current: TableVersion,
  columns: readonly TableColumn[],
  versionId: string,
  rekeyed?: Rekeyed,
): Promise<TableVersion> {
  const { table, rows } = current;
  const stored = storageOf(current);
  if (stored.kind === 'plain' && rekeyed) return rewrittenPlain(session, current, versionId, rekeyed);
  if (stored.kind !== 'merged') {
    throw new EngineError(`The columns of ${table} cannot be changed: it was not made from keyed records.`, {
      about: table,
      hint: 'load a snapshot of the dataset',
    });
  }
  const history = historySelect(session.root, current, columns);
  const select = rekeyed ? rekeyedSelect(session, table, history, rekeyed) : history;
  const key = stagedKey(table, versionId, 'base');
  const base = await writeGroup(session, select, columns, { table, key });
  const storage = asStorage({ ...stored, base, deltas: [] });
  return { table, columns: [...columns], rows, storage };
}

/** A table that was written whole from a full load. */
async function rewrittenPlain(
  session: StagingSession,
  current: TableVersion,
  versionId: string,
  rekeyed: Rekeyed,
): Promise<TableVersion> {
  const target = stagedKey(current.table, versionId, 'base');
  const draft = await draftFile(session.root);
  try {
    const select = rekeyedSelect(session, current.table, versionSelect(session.root, current), rekeyed);
    await copyTo(session.connection, select, draft.path, current.table);
    await draft.publish(target);
  } finally {
    await draft.discard();
  }
  const { table, columns, rows } = current;
  return { table, columns, rows, storage: asStorage({ kind: 'plain', files: [target] }) };
}

/** The same rows with the pseudonyms by the keys of now. */
function rekeyedSelect(
  { pseudonymKeys }: StagingSession,
  table: string,
  select: string,
  { made, kinds }: Rekeyed,
): string {
  const list = Object.entries(kinds).map(([column, kind]) => {
    if (!pseudonymKeys?.length) throw missingKey(table, column);
    return `${rekeyExpression(ident(column), kind, pseudonymKeys, made)} AS ${ident(column)}`;
  });
  return `SELECT * REPLACE (${list.join(', ')}) FROM (${select})`;
}
