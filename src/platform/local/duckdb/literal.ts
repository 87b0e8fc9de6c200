import { writeFile } from 'node:fs/promises';
import type { LakeType } from '../../../campus/lake-type.ts';
import type { Json } from '../../../json.ts';
import type { LedgerStore, OpsTable } from '../../../ports/ledger.ts';
import type { TableColumn, TableSet, TableVersion } from '../../../ports/tables.ts';
import { opsCells, unionOfColumns, unreadOpsTable } from '../../ops-cells.ts';
import { opsColumns } from '../../ops-columns.ts';
import { copyTo, draftFile, keyOf } from './files.ts';
import { ident, text } from './sql-text.ts';
import { curatedKey, type StagingSession } from './staging-session.ts';
import { asStorage, filesOf } from './storage.ts';
import { duckType, utcTimestamp } from './types.ts';

/** A table of rows that the caller holds. Instants are ISO 8601 text; whole numbers of 64 bits may be text. */
export async function writeLiteral(
  session: StagingSession,
  table: string,
  columns: readonly TableColumn[],
  rows: readonly (readonly Json[])[],
  versionId: string,
): Promise<TableVersion> {
  const json = await draftFile(session.root);
  const draft = await draftFile(session.root);
  try {
    const lines = rows.map((row) =>
      JSON.stringify(Object.fromEntries(columns.map(({ name }, i) => [name, row[i] ?? null]))),
    );
    await writeFile(json.path, lines.join('\n'));
    const read = columns.map(({ name, type }) => `${text(name)}: ${text(jsonType(type))}`).join(', ');
    const list = columns
      .map(({ name, type }) =>
        type === 'timestamp' ? `${utcTimestamp(ident(name))} AS ${ident(name)}` : ident(name),
      )
      .join(', ');
    const source = `read_json(${text(json.path)}, format = 'newline_delimited', auto_detect = false, columns = {${read}})`;
    await copyTo(session.connection, `SELECT ${list} FROM ${source}`, draft.path, table);
    const key = curatedKey(table, versionId);
    await draft.publish(key);
    return {
      table,
      columns: [...columns],
      rows: rows.length,
      storage: asStorage({ kind: 'plain', files: [key] }),
    };
  } finally {
    await json.discard();
    await draft.discard();
  }
}

const jsonType = (type: LakeType) => (type === 'timestamp' ? 'TIMESTAMPTZ' : duckType(type));

/** The ledger's rows as tables: what it has sealed is read where it lies, only the newest rows are written. */
export async function opsTables(
  session: StagingSession,
  ledger: LedgerStore,
  read: readonly string[],
  versionId: string,
): Promise<TableSet> {
  const tables: Record<string, TableVersion> = {};
  for (const [name, columns] of opsColumns(ledger.added)) {
    const table = `ops.${name}`;
    tables[table] = read.includes(table)
      ? await opsTable(session, ledger, { name, columns }, versionId)
      : unreadOpsTable(name, columns);
  }
  return tables;
}

async function opsTable(
  session: StagingSession,
  ledger: LedgerStore,
  { name, columns: declared }: { readonly name: OpsTable; readonly columns: readonly TableColumn[] },
  versionId: string,
): Promise<TableVersion> {
  const { parts, recent } = (await ledger.sealed?.(name)) ?? { parts: [], recent: await ledger.rows(name) };
  const { columns, cells } = opsCells(declared, recent);
  const newest = await writeLiteral(session, `ops.${name}`, columns, cells, versionId);
  if (parts.length === 0) return newest;
  const groups = parts.map(({ path, columns, from, to }) => ({
    file: keyOf(session.root, path),
    columns: [...columns],
    from,
    to,
  }));
  const ids = recent.map(({ id }) => id).sort();
  const last = { file: filesOf(newest)[0]!, columns, from: ids[0] ?? '', to: ids.at(-1) ?? '' };
  const all = [...groups, ...(recent.length > 0 ? [last] : [])];
  return {
    table: `ops.${name}`,
    columns: unionOfColumns(all.map((group) => group.columns)),
    rows: parts.reduce((sum, part) => sum + part.rows, recent.length),
    storage: asStorage({ kind: 'rows', groups: all }),
  };
}
