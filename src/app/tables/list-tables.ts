import { readPublication, type TableFacts } from '../../pipeline/publication.ts';
import type { Uses } from '../../ports/step.ts';
import { describable } from '../describable.ts';

/** One table of the list. Instants are ISO 8601 UTC. */
export interface ListedTable {
  readonly table: string;
  readonly zone: 'staged' | 'curated';
  /** Absent: never published. NaN for a role, whose rows are not counted. */
  readonly rows?: number;
  /** How far the rows that queries see are known, ISO 8601 UTC. */
  readonly upTo?: string;
  /** When they were loaded, or when the model was built, ISO 8601 UTC. */
  readonly loadedAt?: string;
  /** The run that did it. */
  readonly lastGoodRun?: string;
  readonly owner?: string;
  /** Why they are older than the publication. Absent where they are not. */
  readonly whyOld?: string;
  readonly description?: string;
}

/**
 * Every table that the session may know of, by name, with what is known of the rows that queries see: the datasets that are loaded and whatever is
 * published.
 * @param name only tables whose name holds this, in any case. Default: all
 * @throws MissingPublicationError, DamagedPublicationError where what is published cannot be read
 *
 * @example
 * ```ts
 * import type { AppLake } from '../app-lake.ts';
 * import { listTables } from './list-tables.ts';
 *
 * async function oldest(lake: AppLake): Promise<string | undefined> {
 *   const tables = await listTables(lake, 'campus.');
 *   return tables.map(({ upTo }) => upTo).filter((upTo) => upTo !== undefined).sort()[0];
 * }
 * ```
 */
export async function listTables(
  lake: Uses<'catalog' | 'session' | 'access' | 'objects' | 'ledger'>,
  name = '',
): Promise<ListedTable[]> {
  const publication = await readPublication(lake.platform);
  const { datasets, published: tables } = await describable(lake, publication?.tables);
  const facts = publication?.facts ?? {};
  const staged = datasets
    .filter((dataset) => dataset.load !== 'off' || tables[dataset.id])
    .map(({ id, description }) => listed(id, 'staged', tables[id]?.rows, facts[id], description));
  const known = new Set(staged.map(({ table }) => table));
  const curated = Object.values(tables)
    .filter(({ table }) => !known.has(table))
    .map(({ table, rows }) =>
      listed(table, 'curated', rows, facts[table], facts[table]?.header?.description),
    );
  return [...curated, ...staged]
    .filter(({ table }) => table.includes(name.toLowerCase()))
    .sort((a, b) => (a.table < b.table ? -1 : 1));
}

function listed(
  table: string,
  zone: ListedTable['zone'],
  rows: number | undefined,
  { asOf: upTo, loadedAt, run: lastGoodRun, owner, whyOld }: TableFacts = {},
  description?: string,
): ListedTable {
  return { table, zone, rows, upTo, loadedAt, lastGoodRun, owner, whyOld, description };
}
