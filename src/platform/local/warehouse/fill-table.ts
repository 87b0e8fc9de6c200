import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { databaseFault } from '../../../database-fault.ts';
import { WarehouseLoadError } from '../../../warehouse/errors.ts';
import { portableType } from '../../../warehouse/portable-type.ts';
import type { TableVersion } from '../../ports/tables.ts';
import { ident, inTransaction, splitName } from './sql.ts';
import type { TableCsv } from './table-csv.ts';

const CHUNK_BYTES = 256 * 1024;
/** ANALYZE looks at 300 rows times this; at the default of 100 it takes as long as the copy of a middling table. */
const SAMPLED = 25;

/**
 * Makes the table in `schema<suffix>` and fills it with the rows of a file, in one transaction.
 * @returns rows
 */
export async function fillTable(
  client: pg.Client,
  table: TableVersion,
  csv: TableCsv,
  suffix: string,
): Promise<number> {
  const { schema, name } = splitName(table.table);
  const target = ident(schema + suffix, name);
  const columns = table.columns.map((c) => `${ident(c.name)} ${portableType(c.type, 'bytea')}`);
  try {
    const rows = await inTransaction(client, async () => {
      await client.query(`CREATE TABLE ${target} (${columns.join(', ')})`);
      const copy = client.query(copyFrom(`COPY ${target} FROM STDIN (FORMAT csv)`));
      await pipeline(createReadStream(csv.path, { highWaterMark: CHUNK_BYTES }), copy);
      return copy.rowCount;
    });
    await client.query(`SET default_statistics_target = ${SAMPLED}; ANALYZE ${target}`);
    return rows;
  } catch (error) {
    throw notFilled(table, error);
  }
}

/** What PostgreSQL says of a value that does not fit holds that value; the column stands in its context. */
function notFilled(table: TableVersion, error: unknown): WarehouseLoadError {
  const found = databaseFault(error);
  const { where } = error as { where?: unknown };
  const named = typeof where === 'string' ? /^COPY \w+, line \d+, column (\w+):/.exec(where)?.[1] : undefined;
  const column = table.columns.find(({ name }) => name === named)?.name;
  return new WarehouseLoadError(`${table.table}${column ? `, column ${column}` : ''}: ${found}`, {
    about: table.table,
    cause: error,
  });
}
