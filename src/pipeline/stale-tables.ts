import { CURATED } from '../models/model.ts';
import type { StaleSummary } from '../notify/summary.ts';
import type { Publication } from './publication.ts';

/**
 * The tables of a publication that are older than its run: datasets with the models that read them, those of one
 * source that are old in the same way together, then models that were not built.
 */
export function staleTables({ run, facts }: Pick<Publication, 'run' | 'facts'>): StaleSummary[] {
  const isModel = (table: string) => table.startsWith(`${CURATED}.`);
  const old = Object.entries(facts).filter(([, { whyOld, isStale }]) => whyOld !== undefined || isStale);
  const groups = new Map<string, { first: (typeof old)[number][1]; tables: string[]; owners: Set<string> }>();
  for (const [table, about] of old.filter(([name]) => !isModel(name))) {
    const key = [table.split('.')[0], about.asOf?.slice(0, 16), about.whyOld].join('|');
    const group = groups.get(key) ?? { first: about, tables: [], owners: new Set() };
    group.tables.push(table);
    if (about.owner !== undefined) group.owners.add(about.owner);
    groups.set(key, group);
  }
  const datasets = [...groups.values()].map(({ first, tables, owners }): StaleSummary => {
    const readers = Object.entries(facts)
      .filter(([, { sources = [] }]) => sources.some((source) => tables.includes(source)))
      .map(([table]) => table);
    const why = first.whyOld ?? 'its source goes no further';
    return {
      tables: tables.sort(),
      ...timeOf(first),
      why,
      owners: [...owners].sort(),
      readers: readers.sort(),
    };
  });
  const models = old
    .filter(([table, { run: builtIn }]) => isModel(table) && builtIn !== run)
    .map(
      ([table, about]): StaleSummary => ({
        tables: [table],
        ...timeOf(about),
        why: about.whyOld ?? 'it was not built',
        owners: about.owner === undefined ? [] : [about.owner],
        readers: [],
      }),
    );
  return [...datasets, ...models];
}

const timeOf = ({ asOf }: { readonly asOf?: string }) => (asOf === undefined ? {} : { asOf });
