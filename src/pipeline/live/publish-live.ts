import { listStates } from '../../loads/dataset-state.ts';
import { listFollowed } from '../../loads/followed.ts';
import { knownDatasets } from '../../loads/known-datasets.ts';
import { goodOf } from '../../loads/state.ts';
import type { Uses } from '../../ports/step.ts';
import type { TableVersion } from '../../ports/tables.ts';
import { isNarrowed } from '../../staging/definition.ts';
import { leaveOutBroken } from '../last-good.ts';
import type { ModelRecord } from '../model-record.ts';
import { type Publication, publish, readPublication, type TableFacts } from '../publication.ts';
import { showTables } from '../show-tables.ts';
import { datasetFacts, knownUpTo, modelFacts } from '../table-facts.ts';

type Needs = Uses<
  'campus' | 'catalog' | 'report' | 'clock' | 'objects' | 'ledger' | 'engine' | 'secrets' | 'guard'
>;

export interface LivePublication {
  /** Its id: the load that it shows. */
  readonly load: string;
  /** Datasets of which there may be newer versions. */
  readonly datasets: readonly string[];
  /** Models that were built for it. */
  readonly models: readonly ModelRecord[];
}

/**
 * Shows newer versions of some tables, all at once; every other table stays the version that is shown now. Which tables
 * there are at all is decided by a run alone.
 * @returns undefined where nothing was ever published: the first publication is that of a run
 */
export async function publishLive(
  lake: Needs,
  { load, datasets, models }: LivePublication,
): Promise<Publication | undefined> {
  const { clock, ledger } = lake.platform;
  const current = await readPublication(lake.platform);
  if (!current) return undefined;
  const { campus, catalog } = lake;
  const known = await knownDatasets({ campus, catalog, ledger, now: clock.now(), run: load });
  const newer: Record<string, TableVersion> = {};
  const wanted = new Set(datasets);
  for (const state of await listStates(ledger)) {
    const version = wanted.has(state.dataset) ? goodOf(state)?.version : undefined;
    if (version && !isNarrowed(state, version)) newer[state.dataset] = version;
  }
  const facts: Record<string, TableFacts> = { ...current.facts };
  const followed = await listFollowed(ledger);
  // A table that did not change is known as far as its source is followed.
  for (const { id, source } of catalog.datasets) {
    const shown = newer[id] ?? current.tables[id];
    if (shown && followed.has(source)) facts[id] = datasetFacts(known.get(id)!);
  }
  for (const record of models) {
    newer[record.version.table] = record.version;
    facts[record.version.table] = modelFacts(record, known, load);
  }
  await leaveOutBroken(lake, newer, facts);
  const tables = { ...current.tables, ...newer };
  const at = new Date(clock.now()).toISOString();
  const fresh = Object.keys(tables).filter((table) => !facts[table]?.isStale);
  const asOf = knownUpTo(facts, fresh) ?? current.asOf;
  const publication = { id: load, run: load, at, asOf, tables, facts };
  await publish(lake.platform, publication);
  await showTables(lake, tables, facts);
  return publication;
}
