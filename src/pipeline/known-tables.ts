import type { KnownTables } from '../access/policy.ts';
import type { Uses } from '../ports/step.ts';
import { addColumn, describedColumns } from './described-columns.ts';
import { readPublication } from './publication.ts';

/** What tables and policies are read of. */
export type Described = Uses<
  'campus' | 'catalog' | 'features' | 'engine' | 'ledger' | 'objects' | 'clock' | 'secrets'
>;

/**
 * Every table that the lake publishes or can publish, with the types and privacy classes of its columns: as its files
 * describe them, and as they are published.
 */
export async function knownTables(lake: Described): Promise<KnownTables> {
  const ops = Object.values(await lake.platform.engine.opsTables(lake.platform.ledger, []));
  const known = await describedColumns(
    lake,
    ops.map(({ table, columns }) => [table.slice('ops.'.length), columns]),
  );
  const publication = await readPublication(lake.platform);
  for (const { table, columns } of Object.values(publication?.tables ?? {}))
    for (const { name, type } of columns) addColumn(known, table, name, { type });
  return known;
}

/** The published tables in which small numbers are protected, as they were built. */
export async function releasedTables({ platform }: Pick<Described, 'platform'>): Promise<string[]> {
  const publication = await readPublication(platform);
  return Object.entries(publication?.facts ?? {}).flatMap(([table, { header }]) =>
    header?.disclosure === undefined ? [] : [table],
  );
}
