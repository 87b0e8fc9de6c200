import type { KnownColumn, KnownTables } from '../access/policy.ts';
import { linksOf } from '../erasure/links.ts';
import { modelsFolder } from '../models/build-model.ts';
import { readHeader } from '../models/header.ts';
import { CURATED } from '../models/model.ts';
import { modelColumns } from '../models/model-columns.ts';
import type { Uses } from '../ports/step.ts';
import { readPublication } from './publication.ts';

/** What tables and policies are read of. */
export type Described = Uses<
  'campus' | 'catalog' | 'features' | 'engine' | 'ledger' | 'objects' | 'clock' | 'secrets'
>;

/**
 * Every table that the lake publishes or can publish, with the types and privacy classes of its columns: datasets as
 * the catalog has them (excluded columns too, which a policy may deny before they are loaded), models as their headers
 * have them, both as they are published. The tables of the ledger hold nothing about students; of those that features
 * have added, the feature says so, or they have no class.
 */
export async function knownTables(lake: Described): Promise<KnownTables> {
  const known = new Map<string, Map<string, KnownColumn>>();
  const add = (table: string, name: string, column: KnownColumn): void => {
    const columns = known.get(table) ?? new Map<string, KnownColumn>();
    columns.set(name, { ...columns.get(name), ...column });
    known.set(table, columns);
  };
  for (const { id, columns } of lake.catalog.datasets)
    for (const { name, type, privacy } of columns) add(id, name, { type, privacy });
  for (const { dataset, links } of linksOf(lake))
    for (const { column, kind } of links) add(dataset.id, column.name, { numberOf: kind });
  for (const { name, sql } of (lake.features ?? []).flatMap(({ models = [] }) => models))
    for (const column of readHeader(sql).columns)
      add(`${CURATED}.${name}`, column.name, { privacy: column.privacy });
  for (const { tables } of lake.features ?? [])
    for (const { table, text } of (await tables?.headers(lake.campus)) ?? [])
      for (const column of readHeader(text).columns) add(table, column.name, { privacy: column.privacy });
  for (const { table, columns } of await modelColumns(modelsFolder(lake)))
    for (const { name, privacy } of columns) add(table, name, { privacy });
  const publication = await readPublication(lake.platform);
  for (const { table, columns } of Object.values(publication?.tables ?? {}))
    for (const { name, type } of columns) add(table, name, { type });
  const { engine, ledger } = lake.platform;
  const withoutClass = new Set(
    ledger.added?.filter(({ privacy }) => privacy === undefined).map(({ name }) => `ops.${name}`),
  );
  for (const { table, columns } of Object.values(await engine.opsTables(ledger, [])))
    for (const { name, type } of columns)
      add(table, name, { type, ...(withoutClass.has(table) ? {} : { privacy: 'none' }) });
  return known;
}

/** The published tables in which small numbers are protected, as they were built. */
export async function releasedTables({ platform }: Pick<Described, 'platform'>): Promise<string[]> {
  const publication = await readPublication(platform);
  return Object.entries(publication?.facts ?? {}).flatMap(([table, { header }]) =>
    header?.disclosure === undefined ? [] : [table],
  );
}
