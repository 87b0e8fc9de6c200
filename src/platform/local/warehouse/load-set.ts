import type pg from 'pg';
import type { ProcedureFile } from '../../../warehouse/procedure-file.ts';
import type { TableSet } from '../../ports/tables.ts';
import type { ListedTable } from '../../ports/warehouse.ts';
import { MART, shownPublication } from './database.ts';
import { dependentViews, keepRights, pointViewsAnew } from './keep-rights.ts';
import { listTables } from './lake-tables.ts';
import { callProcedures } from './procedures.ts';
import { inTransaction } from './sql.ts';
import type { CsvWriter } from './table-csv.ts';
import {
  dropOldSchemas,
  fillNewSchemas,
  holdStillMoment,
  schemasOf,
  shownSchemas,
  swapSchemas,
} from './table-set.ts';

export interface SetToLoad {
  readonly publication: string;
  readonly tables: TableSet;
  readonly listed: readonly ListedTable[];
  readonly readers: string;
  readonly procedures: readonly ProcedureFile[];
}

export interface LoadedSet {
  readonly rows: number;
  readonly remarks: string[];
}

/**
 * Makes the warehouse show exactly these tables. They are filled out of sight; then one transaction swaps them in,
 * calls the procedures and says which publication is shown. Killed anywhere before its commit, the old set stays.
 * A publication that is shown already is not loaded again.
 *
 * @param connect gives one more client of the owner
 */
export async function loadSet(
  client: pg.Client,
  connect: () => Promise<pg.Client>,
  writer: CsvWriter,
  { publication, tables, listed, readers, procedures }: SetToLoad,
): Promise<LoadedSet> {
  await client.query("SET lock_timeout = '5min'");
  await client.query("SELECT pg_advisory_lock(hashtext('campus-lake load'))");
  const shown = await shownPublication(client);
  if (shown?.publication === publication) return { rows: shown.rows, remarks: [] };

  const schemas = schemasOf(tables);
  const rows = await fillNewSchemas(client, connect, writer, tables, readers);
  const remarks = await inTransaction(client, async () => {
    const leaving = (await shownSchemas(client)).filter((schema) => !schemas.includes(schema));
    const views = await dependentViews(client, [...schemas, ...leaving]);
    await keepRights(client, schemas);
    const old = await swapSchemas(client, schemas, leaving);
    await pointViewsAnew(client, views);
    const left = await callProcedures(client, procedures, tables, publication, readers);
    await listTables(client, listed);
    await client.query(`DELETE FROM ${MART}.lake_publication`);
    await client.query(
      `INSERT INTO ${MART}.lake_publication (publication, loaded_at, table_count, row_count)
       VALUES ($1, now() AT TIME ZONE 'UTC', $2, $3)`,
      [publication, Object.keys(tables).length, rows],
    );
    await holdStillMoment(client, old);
    return left;
  });
  await dropOldSchemas(client);
  return { rows, remarks };
}
