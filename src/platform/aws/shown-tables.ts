import { GlueClient } from '@aws-sdk/client-glue';
import { listTables } from './athena/glue-tables.ts';
import { lakeTypeOfHive } from './athena/types.ts';

/**
 * The tables that people are shown, as the Glue catalog has them: types of columns by `database.table`. Without tables
 * that have a column of a type that the lake does not know.
 * @param databases names of the lake's databases, without the prefix
 */
export async function readShownTables(
  region: string,
  prefix: string,
  databases: readonly string[],
): Promise<Record<string, Record<string, string>>> {
  const glue = new GlueClient({ region });
  try {
    const found: Record<string, Record<string, string>> = {};
    for (const database of databases)
      for (const { Name: name = '', StorageDescriptor } of await listTables(glue, `${prefix}${database}`)) {
        const columns = (StorageDescriptor?.Columns ?? []).map(
          ({ Name = '', Type = '' }) => [Name, lakeTypeOfHive(Type)] as const,
        );
        if (columns.length === 0 || columns.some(([, type]) => type === undefined)) continue;
        found[`${database}.${name}`] = Object.fromEntries(columns) as Record<string, string>;
      }
    return found;
  } finally {
    glue.destroy();
  }
}
