import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { databaseFault } from '../../../database-fault.ts';
import type { TableVersion } from '../../../ports/tables.ts';
import { WarehouseLoadError } from '../../../warehouse/errors.ts';
import { ident, splitName } from './sql.ts';
import type { TableCsv } from './table-csv.ts';

const CHUNK_BYTES = 256 * 1024;

/**
 * Puts the rows of a file in the place of a table's rows, in the caller's transaction: until it commits, and in
 * transactions that began before, readers see the old ones.
 * @returns rows
 */
export async function fillTable(client: pg.Client, table: TableVersion, csv: TableCsv): Promise<number> {
  const { schema, name } = splitName(table.table);
  const target = ident(schema, name);
  const columns = table.columns.map((column) => ident(column.name)).join(', ');
  try {
    await client.query(`DELETE FROM ${target}`);
    const copy = client.query(copyFrom(`COPY ${target} (${columns}) FROM STDIN (FORMAT csv)`));
    await pipeline(createReadStream(csv.path, { highWaterMark: CHUNK_BYTES }), copy);
    return copy.rowCount;
  } catch (cause) {
    const { where } = cause as { where?: string };
    const column = /, column ([^:]+):/.exec(where ?? '')?.[1];
    throw new WarehouseLoadError(
      `${table.table}${column ? `, column ${column}` : ''}: ${databaseFault(cause)}`,
      {
        about: table.table,
        cause,
      },
    );
  }
}
