import type { EmptyTable, FeatureLake } from '../ports/feature.ts';
import { buildTable, columnsOf } from './build.ts';
import { headerOf, LIVE_TABLES } from './tables.ts';

/** The live tables without rows, for their columns. */
export async function overNothing(lake: FeatureLake): Promise<EmptyTable[]> {
  return Promise.all(
    LIVE_TABLES.map(async (table) => ({
      file: `${table.name.slice('campus.'.length)}.sql`,
      text: headerOf(table),
      version: await buildTable(lake.platform.engine, table, columnsOf(table, lake), [], 'dictionary'),
    })),
  );
}
