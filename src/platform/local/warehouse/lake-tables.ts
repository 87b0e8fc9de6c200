import type pg from 'pg';
import type { ListedTable } from '../../../ports/warehouse.ts';
import { MART } from './registry.ts';

/** Replaces the rows of `mart.lake_tables`, in the caller's transaction. */
export async function listTables(client: pg.Client, listed: readonly ListedTable[]): Promise<void> {
  await client.query(`DELETE FROM ${MART}.lake_tables`);
  await client.query(
    `INSERT INTO ${MART}.lake_tables
       (table_name, row_count, data_as_of, loaded_at, last_good_run, owner, why_late)
     SELECT "table", rows, "dataAsOf"::timestamptz AT TIME ZONE 'UTC', "loadedAt"::timestamptz AT TIME ZONE 'UTC',
            "lastGoodRun", left(owner, 256), left("whyLate", 2000)
       FROM jsonb_to_recordset($1::jsonb) AS listed(
         "table" text, rows bigint, "dataAsOf" text, "loadedAt" text, "lastGoodRun" text, owner text, "whyLate" text)`,
    [JSON.stringify(listed)],
  );
}
