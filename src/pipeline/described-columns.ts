import { resolve } from 'node:path';
import type { KnownColumn } from '../access/policy.ts';
import { linksOf } from '../erasure/links.ts';
import { readHeader } from '../models/header.ts';
import { CURATED } from '../models/model.ts';
import { modelColumns } from '../models/model-columns.ts';
import { addedTables } from '../ports/feature.ts';
import type { AddedOpsTable } from '../ports/ledger.ts';
import type { Uses } from '../ports/step.ts';
import type { TableColumn } from '../ports/tables.ts';

/**
 * Every table that the lake publishes or can publish, as far as its files tell: datasets as the catalog has them
 * (excluded columns too, which a policy may deny before they are loaded), models and tables of features as their headers
 * have them, tables of the ledger. The tables of the ledger hold nothing about students; of those that features have
 * added, the feature says so, or they have no class.
 * @param ops the tables of the ledger, without their database
 */
export async function describedColumns(
  lake: Uses<'campus' | 'catalog' | 'features'>,
  ops: Iterable<readonly [table: string, columns: readonly TableColumn[]]>,
): Promise<Map<string, Map<string, KnownColumn>>> {
  const known = new Map<string, Map<string, KnownColumn>>();
  const { features = [] } = lake;
  for (const { id, columns } of lake.catalog.datasets)
    for (const { name, type, privacy } of columns) addColumn(known, id, name, { type, privacy });
  for (const { dataset, links } of linksOf(lake))
    for (const { column, kind } of links) addColumn(known, dataset.id, column.name, { numberOf: kind });
  for (const { name, sql } of features.flatMap(({ models = [] }) => models))
    for (const column of readHeader(sql).columns)
      addColumn(known, `${CURATED}.${name}`, column.name, { privacy: column.privacy });
  for (const { tables } of features)
    for (const { table, text } of (await tables?.headers(lake.campus)) ?? [])
      for (const column of readHeader(text).columns)
        addColumn(known, table, column.name, { privacy: column.privacy });
  for (const { table, columns } of await modelColumns(resolve(lake.campus.root, lake.campus.models)))
    for (const { name, privacy } of columns) addColumn(known, table, name, { privacy });
  addOps(known, ops, addedTables(features));
  return known;
}

function addOps(
  known: Map<string, Map<string, KnownColumn>>,
  ops: Iterable<readonly [table: string, columns: readonly TableColumn[]]>,
  added: readonly AddedOpsTable[],
): void {
  const withoutClass = new Set<string>(
    added.filter(({ privacy }) => privacy === undefined).map(({ name }) => name),
  );
  for (const [table, columns] of ops)
    for (const { name, type } of columns)
      addColumn(known, `ops.${table}`, name, {
        type,
        ...(withoutClass.has(table) ? {} : { privacy: 'none' }),
      });
}

/** Adds to what is known of a column. */
export function addColumn(
  known: Map<string, Map<string, KnownColumn>>,
  table: string,
  name: string,
  column: KnownColumn,
): void {
  const columns = known.get(table) ?? new Map<string, KnownColumn>();
  columns.set(name, { ...columns.get(name), ...column });
  known.set(table, columns);
}
