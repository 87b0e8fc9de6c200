import { writeFile } from 'node:fs/promises';
import type { LakeType } from '../../../campus/lake-type.ts';
import type { Json } from '../../../json.ts';
import { opsCells } from '../../ops-cells.ts';
import { type LedgerStore, OPS_TABLES } from '../../ports/ledger.ts';
import type { TableColumn, TableSet, TableVersion } from '../../ports/tables.ts';
import { copyTo, draftFile } from './files.ts';
import { ident, text } from './sql-text.ts';
import { asStorage } from './storage.ts';
import { duckType, utcTimestamp } from './types.ts';
import { curatedKey, type Workshop } from './workshop.ts';

/** A table of rows that the caller holds. Instants are ISO 8601 text; whole numbers of 64 bits may be text. */
export async function writeLiteral(
  shop: Workshop,
  table: string,
  columns: readonly TableColumn[],
  rows: readonly (readonly Json[])[],
  versionId: string,
): Promise<TableVersion> {
  const json = await draftFile(shop.root);
  const draft = await draftFile(shop.root);
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
    await copyTo(shop.connection, `SELECT ${list} FROM ${source}`, draft.path);
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

/** The ledger's rows as tables. */
export async function opsTables(shop: Workshop, ledger: LedgerStore, versionId: string): Promise<TableSet> {
  const tables: Record<string, TableVersion> = {};
  for (const name of OPS_TABLES) {
    const { columns, cells } = opsCells(name, await ledger.rows(name));
    tables[`ops.${name}`] = await writeLiteral(shop, `ops.${name}`, columns, cells, versionId);
  }
  return tables;
}
