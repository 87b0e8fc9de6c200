import { newAccess, recordAccess } from '../../access/log/record-access.ts';
import { exportTables } from '../../export/parquet/export-tables.ts';
import type { Uses } from '../../ports/step.ts';
import type { TableSet } from '../../ports/tables.ts';

type Exporting = Uses<'session' | 'access' | 'clock' | 'ledger' | 'engine' | 'target'>;

/**
 * Writes tables of a publication as Parquet files (see `exportTables`), and puts on record that they left and where to.
 * @throws as `exportTables` and `recordAccess` do
 */
export async function exportPublished(
  lake: Exporting,
  publication: { readonly id: string; readonly tables: TableSet },
  folder: string,
): Promise<Awaited<ReturnType<typeof exportTables>>> {
  // On AWS the files are read with the rights of whoever has signed in, and AWS keeps the record of it.
  if (lake.platform.target === 'aws') return exportTables(lake, publication, folder);
  const tables = Object.values(publication.tables);
  const facts = {
    channel: 'export',
    access: newAccess(),
    publication: publication.id,
    destination: folder,
    reads: new Map(tables.map(({ table, columns }) => [table, columns.map(({ name }) => name)])),
  } as const;
  await recordAccess(lake, { ...facts, outcome: 'begun' });
  const done = await exportTables(lake, publication, folder).catch(async (error: unknown) => {
    await recordAccess(lake, { ...facts, outcome: 'failed' });
    throw error;
  });
  await recordAccess(lake, {
    ...facts,
    outcome: 'answered',
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
  });
  return done;
}
