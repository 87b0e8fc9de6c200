import { Readable } from 'node:stream';
import type { Json } from '../../../json.ts';
import type { LedgerStore } from '../../../ports/ledger.ts';
import type { TableColumn, TableSet, TableVersion } from '../../../ports/tables.ts';
import { opsCells, unreadOpsTable } from '../../ops-cells.ts';
import { opsColumns } from '../../ops-columns.ts';
import type { EngineContext } from './engine-context.ts';
import { parquetOfRows } from './literal-file.ts';
import { freshName } from './names.ts';
import { registerParquet } from './new-files.ts';
import { asStorage } from './storage.ts';

/** A table of rows that the caller holds. */
export async function writeLiteral(
  context: EngineContext,
  table: string,
  columns: readonly TableColumn[],
  rows: readonly (readonly Json[])[],
  versionId: string,
): Promise<TableVersion> {
  const { place, folder } = freshName(context, 'curated', table, versionId);
  const location = `${context.objects.uri(folder)}/`;
  await context.objects.put(`${folder}/part-0.parquet`, Readable.from([parquetOfRows(columns, rows)]));
  await registerParquet(context, place, location, columns);
  return {
    table,
    columns: [...columns],
    rows: rows.length,
    storage: asStorage({ kind: 'files', place, folder, location, columns: [...columns] }),
  };
}

/** The ledger's rows as tables. */
export async function opsTables(
  context: EngineContext,
  ledger: LedgerStore,
  read: readonly string[],
  versionId: string,
): Promise<TableSet> {
  const made = await Promise.all(
    [...opsColumns(ledger.added)].map(async ([name, declared]): Promise<TableVersion> => {
      if (!read.includes(`ops.${name}`)) return unreadOpsTable(name, declared);
      const { columns, cells } = opsCells(declared, await ledger.rows(name));
      return writeLiteral(context, `ops.${name}`, columns, cells, versionId);
    }),
  );
  return Object.fromEntries(made.map((version) => [version.table, version]));
}
