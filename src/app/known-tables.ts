import { ADMINISTRATOR, authorize } from '../access/authorize.ts';
import { readPublication } from '../pipeline/publication.ts';
import type { Uses } from '../ports/step.ts';

/** Of which tables, by `database.table`, the session may know: the administrator of all, a role of those it can describe. */
export async function knownTables(
  lake: Uses<'catalog' | 'session' | 'access' | 'objects' | 'ledger'>,
): Promise<(table: string) => boolean> {
  if (lake.session.role === ADMINISTRATOR) return () => true;
  const publication = await readPublication(lake.platform);
  const datasets = Object.fromEntries(lake.catalog.datasets.map((dataset) => [dataset.id, dataset]));
  const { tables } = await authorize(lake, 'describe', { ...datasets, ...publication?.tables });
  return (table) => tables[table] !== undefined;
}
