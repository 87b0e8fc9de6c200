import type { Uses } from '../ports/step.ts';
import { listModelRecords } from './model-record.ts';

/** Who answers for a dataset or a model: by the catalog, and by the header of the model when it was last built. */
export async function ownersOf({
  catalog,
  platform,
}: Uses<'catalog' | 'ledger'>): Promise<(about: string) => string | undefined> {
  const owners = new Map<string, string | undefined>(catalog.datasets.map(({ id, owner }) => [id, owner]));
  for (const { model, header } of await listModelRecords(platform.ledger)) owners.set(model, header?.owner);
  return (about) => owners.get(about);
}
