import { listModelRecords } from '../../pipeline/model-record.ts';
import type { Uses } from '../../ports/step.ts';

/** Who answers for a table: by the catalog, and by the header of the model when it was last built. */
export async function ownersOfTables({
  catalog,
  platform,
}: Uses<'catalog' | 'ledger'>): Promise<(table: string) => string | undefined> {
  const owners = new Map<string, string | undefined>(catalog.datasets.map(({ id, owner }) => [id, owner]));
  for (const { version, header } of await listModelRecords(platform.ledger))
    owners.set(version.table, header?.owner);
  return (table) => owners.get(table);
}
