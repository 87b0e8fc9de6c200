import type { CatalogDataset } from '../../campus/campus.ts';
import { listStates } from '../../loads/dataset-state.ts';
import { promisedMs } from '../../loads/freshness.ts';
import { CURATED } from '../../models/model.ts';
import { readPublication, type TableFacts } from '../../pipeline/publication.ts';
import type { Uses } from '../../ports/step.ts';
import { type Signal, signal } from '../signal.ts';

/** The tables that are older than their promise, or older than this run could have made them. */
export async function lateTables(
  lake: Uses<'catalog' | 'clock' | 'objects' | 'ledger'>,
  run: string,
): Promise<Signal[]> {
  const publication = await readPublication(lake.platform);
  if (!publication) return [];
  const { ledger, clock } = lake.platform;
  const now = clock.now();
  // What its owner has switched off, and what the source has no data of yet, is late for nobody.
  const off = new Set(lake.catalog.datasets.filter(({ load }) => load === 'off').map(({ id }) => id));
  for (const { dataset, loading } of await listStates(ledger))
    if (loading.phase === 'empty') off.add(dataset);
  const datasets = new Map(lake.catalog.datasets.map((dataset) => [dataset.id, dataset]));
  const isLate = ([table, facts]: [string, TableFacts]) => {
    if (off.has(table)) return false;
    const { whyOld, isStale, sources = [] } = facts;
    // A release of a day, for one, is kept on purpose: nothing that it reads is late.
    if (table.startsWith(`${CURATED}.`) && !isStale) return false;
    const others = sources.filter((source) => !off.has(source));
    return (isStale || whyOld !== undefined) && (sources.length === 0 || others.length > 0);
  };
  return Object.entries(publication.facts)
    .filter(isLate)
    .map(([table, facts]) => lateSignal(run, table, facts, { now, dataset: datasets.get(table) }));
}

function lateSignal(
  run: string,
  table: string,
  { asOf, loadedAt, isStale }: TableFacts,
  { now, dataset }: { readonly now: number; readonly dataset: CatalogDataset | undefined },
): Signal {
  const since = asOf ?? loadedAt;
  const hours = since === undefined ? undefined : (now - Date.parse(since)) / 36e5;
  return signal({
    run,
    kind: 'load-late',
    about: table,
    source: dataset?.source ?? '',
    code: isStale ? 'stale' : 'behind',
    at: new Date(now).toISOString(),
    severity: isStale ? 'error' : 'info',
    message:
      since === undefined
        ? `${table} has never been loaded`
        : `${table} is known up to ${since.slice(0, 16).replace('T', ' ')} UTC`,
    ...(hours === undefined ? {} : { observed: Math.round(hours * 10) / 10 }),
    ...(dataset ? { expected: promisedMs(dataset) / 36e5 } : {}),
  });
}
