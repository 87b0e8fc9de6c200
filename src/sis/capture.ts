import { createHash } from 'node:crypto';
import type { CatalogDataset } from '../campus/campus.ts';
import type { DmsSourceConfig } from '../campus/campus-schema.ts';
import { listStates } from '../loads/dataset-state.ts';
import type { LoadFeed } from '../loads/load.ts';
import type { LedgerStore } from '../ports/ledger.ts';
import type { ChangeFeed } from '../ports/replication.ts';
import type { Lake } from '../ports/step.ts';
import { stagedSpec } from '../staging/spec.ts';

/** Whether changes of a SIS are captured, rather than all of it copied in each run. */
export const capturesChanges = ({ replication }: Pick<DmsSourceConfig, 'replication'>): boolean =>
  replication === 'full-load-and-cdc';

/** What a dataset is to its source, its catalog apart: `schema.table` as the source writes it. */
export const tableOf = ({ namespace, table }: Pick<CatalogDataset, 'namespace' | 'table'>): string =>
  `${namespace}.${table}`;

/**
 * What the lake has of the change files of each table of a SIS, by `schema.table`. A table is not among them when it
 * is to be read from its full load on: because nothing was loaded, or because the catalog makes another table of it
 * than before.
 */
export async function feedsOf(
  { campus, ledger }: { campus: Lake['campus']; ledger: LedgerStore },
  datasets: readonly CatalogDataset[],
): Promise<Record<string, ChangeFeed>> {
  const states = new Map((await listStates(ledger)).map((state) => [state.dataset, state]));
  const feeds: Record<string, ChangeFeed> = {};
  for (const dataset of datasets) {
    const state = states.get(dataset.id);
    const feed = state?.committed?.feed;
    if (!feed || state?.snapshotNext || feed.make !== makeOf(campus, dataset)) continue;
    feeds[tableOf(dataset)] = { generation: feed.generation, taken: feed.taken };
  }
  return feeds;
}

/** A feed as it is committed: with the make of the table that takes it. */
export function loadFeed(campus: Lake['campus'], dataset: CatalogDataset, feed: ChangeFeed): LoadFeed {
  return { ...feed, make: makeOf(campus, dataset) };
}

/** A digest of what the catalog makes of a table: its key, columns and treatments. */
function makeOf(campus: Pick<Lake['campus'], 'privacy'>, dataset: CatalogDataset): string {
  const { spec } = stagedSpec(dataset, campus, { layout: 'dms-changes', format: 'parquet' });
  return createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 16);
}
