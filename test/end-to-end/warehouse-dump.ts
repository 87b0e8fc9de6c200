import { readFile } from 'node:fs/promises';
import pg from 'pg';
import type { Campus } from '../../src/campus/campus.ts';
import { lakeFolders } from '../../src/platform/local/folders.ts';
import { serveWarehouse } from '../../src/platform/local/warehouse.ts';

/** Connects to a campus's warehouse as a dashboard does: with its read-only user. */
export async function asDashboard<T>(campus: Campus, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const server = await serveWarehouse({
    directory: lakeFolders(campus).warehouse,
    port: campus.warehouse.port,
    readers: campus.warehouse.readOnlyUser,
  });
  const { url, passwordAt } = server.info;
  const connection = new URL(url);
  connection.password = (await readFile(passwordAt, 'utf8')).trim();
  const client = new pg.Client({ connectionString: connection.href });
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
    await server.stop();
  }
}

/** Every table of the schema that dashboards read, its columns and all its rows, sorted. */
export function warehouseDump(campus: Campus): Promise<Record<string, string[]>> {
  return asDashboard(campus, async (client) => {
    const tables = await client.query<{ name: string; columns: string }>(
      `SELECT c.table_name AS name,
              string_agg(c.column_name || ' ' || c.data_type, ', ' ORDER BY c.ordinal_position) AS columns
       FROM information_schema.columns c
       WHERE c.table_schema = 'campus'
       GROUP BY c.table_name ORDER BY c.table_name`,
    );
    const found: Record<string, string[]> = {};
    for (const { name, columns } of tables.rows) {
      const { rows } = await client.query<{ row: string }>(
        `SELECT t::text AS row FROM campus.${client.escapeIdentifier(name)} t ORDER BY 1`,
      );
      found[name] = [columns, ...rows.map(({ row }) => row)];
    }
    return found;
  });
}
