import type { Json } from '../json.ts';
import { changeState, listStates } from '../loads/dataset-state.ts';
import { versionsOf } from '../loads/state.ts';
import { narrowedTo } from '../loads/table-state.ts';
import type { LedgerStore } from '../ports/ledger.ts';
import type { Uses } from '../ports/step.ts';
import type { TableDefinition, TableVersion } from '../ports/tables.ts';
import { type Definitions, definitionsOf, digestOfVersion } from '../staging/definition.ts';
import { changesSince, narrowedColumns } from '../staging/definition-changes.ts';
import type { Withdrawn } from '../state/work-documents.ts';
import { DamagedPublicationError } from './errors.ts';
import { forgetModelRecord, listModelRecords } from './model-record.ts';
import {
  currentPublicationId,
  listPublications,
  type Publication,
  readPublication,
  rewritePublication,
} from './publication.ts';
import { showTables } from './show-tables.ts';

type Needs = Uses<'campus' | 'catalog' | 'objects' | 'ledger' | 'secrets'>;

/**
 * Withdraws what shows more than the catalog lets be seen: versions of staged tables by a definition that the one of
 * now narrows, and every curated table into which the columns that it narrows have gone (or may have: where the SQL does
 * not tell). They disappear from the publications that are kept,
 * the current one too, and their files are removed by the next sweep, however young. A table that is staged again, and
 * a model that is built again, is published as any other.
 *
 * It looks at what there is and not at what happened, so doing it again, after a kill or with a catalog that was
 * edited meanwhile, completes it.
 * @returns the tables that were withdrawn from the current publication, or would have been in the next
 */
export async function withdrawNarrowed(
  lake: Uses<'campus' | 'catalog' | 'objects' | 'ledger' | 'engine' | 'secrets' | 'guard'>,
): Promise<string[]> {
  const { ledger, objects } = lake.platform;
  const publications = await publicationsOf(lake);
  const narrowed = await findNarrowed(lake, publications);
  const gone = new Set<string>();
  const current = await currentPublicationId(ledger);
  for (const publication of publications) {
    const shown = Object.entries(publication.tables).filter(([, version]) => isShown(version, narrowed));
    if (shown.length === Object.keys(publication.tables).length) continue;
    const tables = Object.fromEntries(shown);
    const facts = { ...publication.facts };
    for (const table of Object.keys(publication.tables)) {
      if (Object.hasOwn(tables, table)) continue;
      gone.add(table);
      delete facts[table];
    }
    await rememberWithdrawn(ledger, gone);
    await rewritePublication(objects, { ...publication, tables, facts });
    if (publication.id === current) await showTables(lake, tables, facts);
  }
  for (const { model, version } of await listModelRecords(ledger)) {
    if (isShown(version, narrowed)) continue;
    gone.add(version.table);
    await rememberWithdrawn(ledger, gone);
    await forgetModelRecord(ledger, model);
  }
  for (const table of narrowed.fresh) gone.add(table);
  await rememberWithdrawn(ledger, gone);
  return [...gone].sort();
}

interface Narrowed {
  /** By dataset: digests of definitions that showed too much, each with the columns that did. */
  readonly digests: ReadonlyMap<string, ReadonlyMap<string, readonly string[] | 'all'>>;
  /** Datasets of which a version was found to show too much only now. */
  readonly fresh: ReadonlySet<string>;
}

async function publicationsOf(lake: Needs): Promise<Publication[]> {
  const found: Publication[] = [];
  for (const id of await listPublications(lake.platform.objects)) {
    const publication = await readPublication(lake.platform, id).catch((error: unknown) => {
      // Nobody can ask one whose document cannot be read; the sweep reports it.
      if (error instanceof DamagedPublicationError) return undefined;
      throw error;
    });
    if (publication) found.push(publication);
  }
  return found;
}

/** Compares every version that is known of with the definition of now, and writes down what it finds. */
async function findNarrowed(lake: Needs, publications: readonly Publication[]): Promise<Narrowed> {
  const definitions = definitionsOf(lake);
  const digests = new Map<string, ReadonlyMap<string, readonly string[] | 'all'>>();
  const fresh = new Set<string>();
  const states = new Map((await listStates(lake.platform.ledger)).map((state) => [state.dataset, state]));
  for (const dataset of lake.catalog.datasets) {
    const state = states.get(dataset.id);
    const own = state ? versionsOf(state) : [];
    const versions = [...publications.flatMap(({ tables }) => tables[dataset.id] ?? []), ...own];
    const found = state?.narrowed ?? [];
    const before = found.map(({ digest }) => digest);
    if (versions.length + before.length === 0) continue;
    const now = await definitionOrNot(definitions, dataset);
    const known = new Set(before);
    const defined = new Map(
      found.flatMap(({ digest, definition }) => (definition ? [[digest, definition] as const] : [])),
    );
    const definedBefore = [...defined.keys()];
    if (now) sortOut(versions, now, known, defined);
    digests.set(dataset.id, columnsOf(known, defined, now));
    if ([...known].some((digest) => !before.includes(digest))) fresh.add(dataset.id);
    const kept = [...defined.keys()].filter((digest) => known.has(digest));
    const isKept = sameMembers(new Set(kept), definedBefore);
    if (!state || (isKept && sameMembers(known, before))) continue;
    const narrowed = [...known].map((digest) => {
      const definition = defined.get(digest);
      return { digest, ...(definition ? { definition } : {}) };
    });
    await changeState(lake.platform.ledger, dataset.id, (now) => narrowedTo(now, narrowed));
  }
  return { digests, fresh };
}

/** Which columns of each definition show too much by the one of now; all where either is not known. */
function columnsOf(
  known: ReadonlySet<string>,
  defined: ReadonlyMap<string, TableDefinition>,
  now: TableDefinition | undefined,
): Map<string, readonly string[] | 'all'> {
  return new Map(
    [...known].map((digest) => {
      const definition = defined.get(digest);
      return [digest, definition && now ? narrowedColumns(definition, now) : 'all'];
    }),
  );
}

/** Where the key of the pseudonyms cannot be read nobody knows better: staging says so, and nothing is withdrawn. */
const definitionOrNot = (definitions: Definitions, dataset: Parameters<Definitions>[0]) =>
  definitions(dataset, {}).catch(() => undefined);

/** Adds the digests of versions that show too much, and takes out those of versions that do not any more. */
function sortOut(
  versions: readonly TableVersion[],
  now: TableDefinition,
  narrowed: Set<string>,
  defined: Map<string, TableDefinition>,
): void {
  for (const version of versions) {
    const digest = digestOfVersion(version);
    const narrows = changesSince(version, now).some((change) => change.narrows);
    if (!narrows) narrowed.delete(digest);
    else {
      narrowed.add(digest);
      if (version.definition) defined.set(digest, version.definition);
    }
  }
}

const sameMembers = (a: ReadonlySet<string>, b: readonly string[]) =>
  a.size === b.length && b.every((one) => a.has(one));

/** Whether a version shows only what may be seen. Of a curated table of an older lake nobody knows what is in it. */
function isShown(version: TableVersion, { digests, fresh }: Narrowed): boolean {
  const own = digests.get(version.table);
  if (own) return !own.has(digestOfVersion(version));
  if (!version.reads) return fresh.size === 0;
  return version.reads.every((read) => {
    const [table = '', digest = ''] = read.split('@');
    const narrowed = digests.get(table)?.get(digest);
    if (narrowed === undefined) return true;
    const columns = version.readsColumns?.[table];
    if (narrowed === 'all' || !columns) return false;
    return !narrowed.some((column) => columns.includes(column));
  });
}

const WITHDRAWN = 'withdrawn/tables';

/** The tables of which files are to be removed at once. */
export async function listWithdrawn(ledger: LedgerStore): Promise<string[]> {
  return (await ledger.read<Withdrawn>(WITHDRAWN))?.value.tables ?? [];
}

async function rememberWithdrawn(ledger: LedgerStore, tables: ReadonlySet<string>): Promise<void> {
  const found = await ledger.read<Withdrawn>(WITHDRAWN);
  const all = new Set([...(found?.value.tables ?? []), ...tables]);
  if (all.size === (found?.value.tables.length ?? 0)) return;
  await ledger.write<Json>(WITHDRAWN, { tables: [...all].sort() }, found?.version);
}

/** Their files are gone. */
export async function forgetWithdrawn(ledger: LedgerStore): Promise<void> {
  await ledger.delete(WITHDRAWN);
}
