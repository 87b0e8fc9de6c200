import { ADMINISTRATOR, authorize } from '../../access/authorize.ts';
import { readPublication } from '../../pipeline/publication.ts';
import type { AppLake } from '../app-lake.ts';

/**
 * Whether a session may read rows of single people with what names them: a column of the class `direct` that is not
 * masked, in any table.
 */
export async function mayReadPeople(lake: AppLake): Promise<boolean> {
  if (lake.session.role === ADMINISTRATOR) return true;
  const publication = await readPublication(lake.platform);
  if (!publication) return false;
  const { tables, views } = await authorize(lake, 'query', publication.tables);
  const datasets = new Map(lake.catalog.datasets.map((dataset) => [dataset.id, dataset]));
  return Object.entries(tables).some(([table, { columns }]) => {
    const masked = views?.[table]?.masked ?? [];
    const described = datasets.get(table)?.columns ?? publication.facts[table]?.header?.columns ?? [];
    const direct = described.filter(({ privacy }) => privacy === 'direct').map(({ name }) => name);
    return columns.some(({ name }) => direct.includes(name) && !masked.includes(name));
  });
}
