import { LakeError } from '../errors.ts';
import type { Uses } from '../ports/step.ts';
import type { TableVersion } from '../ports/tables.ts';
import { definitionsOf } from '../staging/definition.ts';
import { changesSince } from '../staging/definition-changes.ts';
import { NewerFormatError } from '../state/errors.ts';
import { curatedTables } from './curated-tables.ts';
import { type Publication, readPublication, type TableFacts } from './publication.ts';

type Needs = Uses<'campus' | 'catalog' | 'objects' | 'ledger' | 'secrets'>;

type Tables = Record<string, TableVersion>;
type Facts = Record<string, TableFacts>;

/** What is unknown because its record is damaged stays as it was published last. */
export async function keepUnknown(
  lake: Uses<'campus' | 'catalog' | 'features' | 'objects' | 'ledger' | 'secrets'>,
  tables: Tables,
  facts: Facts,
  datasets: ReadonlySet<string>,
): Promise<void> {
  const { ledger } = lake.platform;
  const damaged = new Set([...(await ledger.damaged('dataset/')), ...(await ledger.damaged('model/'))]);
  if (damaged.size === 0) return;
  const before = await lastPublication(lake);
  const curated = await curatedTables(lake);
  for (const [table, version] of Object.entries(before?.tables ?? {})) {
    const isThere = datasets.has(table) || curated.has(table);
    const isUnknown = damaged.has(`dataset/${table}`) || damaged.has(`model/${table.split('.')[1]}`);
    if (!isThere || !isUnknown || Object.hasOwn(tables, table) || (await showsTooMuch(lake, version)))
      continue;
    tables[table] = version;
    facts[table] = { ...before!.facts[table], whyOld: 'its record in the ledger is damaged', isStale: true };
  }
}

/** Whether the catalog excludes by now what a version of a dataset holds: without its record, only this tells. */
async function showsTooMuch(lake: Needs, version: TableVersion): Promise<boolean> {
  const dataset = lake.catalog.datasets.find(({ id }) => id === version.table);
  if (!dataset) return false;
  const definition = await definitionsOf(lake)(dataset, { version });
  return changesSince(version, definition).some(({ narrows }) => narrows);
}

/** A version whose files are broken is not published: the one before is, where that is whole. */
export async function leaveOutBroken(
  lake: Uses<'campus' | 'catalog' | 'report' | 'objects' | 'ledger' | 'engine' | 'secrets'>,
  tables: Tables,
  facts: Facts,
): Promise<void> {
  const { engine } = lake.platform;
  const isWhole = async (version: TableVersion) => (await engine.brokenFiles(version)).length === 0;
  let before: Publication | undefined;
  for (const [table, version] of Object.entries(tables)) {
    if (await isWhole(version)) continue;
    before ??= await lastPublication(lake);
    const last = before?.tables[table];
    const old = last && (await isWhole(last)) ? last : undefined;
    const whyOld = old ? 'the files of its newest version are damaged' : 'its files are damaged';
    if (old) tables[table] = old;
    else delete tables[table];
    facts[table] = { ...(old ? before!.facts[table] : facts[table]), whyOld, isStale: true };
    lake.report.note(
      table,
      `${whyOld}: ${old ? 'the one before is shown' : 'it is not shown'}; see lake repair`,
    );
  }
}

async function lastPublication(lake: Needs): Promise<Publication | undefined> {
  return readPublication(lake.platform).catch((error: unknown) => {
    if (error instanceof LakeError && !(error instanceof NewerFormatError)) return undefined;
    throw error;
  });
}
