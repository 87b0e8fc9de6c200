import { createHash } from 'node:crypto';
import type { CatalogDataset } from '../campus/campus.ts';
import type { LoadManifest } from '../loads/load.ts';
import type { DatasetState } from '../loads/state.ts';
import type { Uses } from '../ports/step.ts';
import type { TableDefinition, TableVersion } from '../ports/tables.ts';
import { isKeyedColumn } from '../privacy/keyed-column.ts';
import { keysFingerprint } from '../privacy/pseudonym.ts';
import { pseudonymKeys } from '../privacy/pseudonym-keys.ts';
import { stagedSpec } from './spec.ts';

/** What definitions depend on beyond the catalog. */
export type DefinitionContext = Uses<'campus' | 'secrets'>;

/** What is known of a source's columns, from which those that it no longer has follow. */
export interface KnownColumns {
  /** Of the newest load. */
  readonly manifest?: Pick<LoadManifest, 'columns'>;
  /** Where no load is at hand: the newest version. */
  readonly version?: TableVersion;
}

/** Gives the definition of any dataset of a lake as the catalog has it now. */
export type Definitions = (dataset: CatalogDataset, known: KnownColumns) => Promise<TableDefinition>;

/**
 * Derives definitions. The secret keys of the pseudonyms are asked for once, and only for a table that has one.
 * @param known its fingerprint, for who must not see the key. Default: that of the key
 * @throws SecretError where that key cannot be read
 */
export function definitionsOf(lake: DefinitionContext, known?: string): Definitions {
  const { campus } = lake;
  let fingerprint = known === undefined ? undefined : Promise.resolve(known);
  const askForKey = async () => keysFingerprint(await pseudonymKeys(lake));
  return async (dataset, { manifest, version }) => {
    const load = { columns: manifest?.columns, layout: 'dms', format: 'parquet' } as const;
    const { spec } = stagedSpec(dataset, campus, load, manifest ? undefined : absentIn(version?.definition));
    const defined: TableDefinition = { key: spec.key, columns: spec.columns };
    if (!spec.columns.some(isKeyedColumn)) return defined;
    fingerprint ??= askForKey();
    return { ...defined, pseudonymKey: await fingerprint };
  };
}

/** The columns, by their names at the source, that it did not have any more. */
export const absentIn = (definition: TableDefinition | undefined): ReadonlySet<string> =>
  new Set(definition?.columns.filter(({ absent }) => absent).map(({ source }) => source));

/** A short digest: two definitions with the same one make the same rows. The order of columns does not count. */
export function definitionDigest({ key, columns, pseudonymKey }: TableDefinition): string {
  const lines = columns.map(({ name, source, type, treatment, pseudonymKind, wholeId, mask, absent }) => {
    const said = [name, source, type, treatment, pseudonymKind ?? '', absent ?? false];
    // Without them the digest is that of lakes that knew none.
    return JSON.stringify([...said, ...(mask === undefined ? [] : [mask]), ...(wholeId ? ['whole'] : [])]);
  });
  const text = JSON.stringify([key, lines.sort(), pseudonymKey ?? '']);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** The digest of the definition that a version was staged by; of one of an older lake, that it is unknown. */
export const digestOfVersion = ({ definition }: Pick<TableVersion, 'definition'>): string =>
  definition ? definitionDigest(definition) : 'unknown';

/** Whether a version of a dataset's table shows what is not to be seen any more; see `withdrawNarrowed`. */
export const isNarrowed = (state: DatasetState, version: TableVersion): boolean =>
  state.narrowed?.some(({ digest }) => digest === digestOfVersion(version)) ?? false;

/**
 * Of which staged tables, and by which definitions of them, rows are in a table that is made from these: what
 * `TableVersion.reads` says of it.
 */
export function readsOf(tables: Iterable<TableVersion>): string[] {
  const reads = new Set<string>();
  for (const version of tables) {
    if (version.definition) reads.add(`${version.table}@${definitionDigest(version.definition)}`);
    for (const read of version.reads ?? []) reads.add(read);
  }
  return [...reads].sort();
}

/**
 * Which columns of those staged tables are in a table that is made from these; see `TableVersion.readsColumns`.
 * @param read what the statement that makes it reads of each table, by names in lower case
 */
export function readsColumnsOf(
  tables: Iterable<TableVersion>,
  read: ReadonlyMap<string, ReadonlySet<string> | 'all'>,
): { [table: string]: string[] } {
  const found = new Map<string, Set<string> | 'all'>();
  const add = (table: string, columns: Iterable<string> | 'all') => {
    const before = found.get(table) ?? new Set<string>();
    found.set(table, before === 'all' || columns === 'all' ? 'all' : new Set([...before, ...columns]));
  };
  for (const version of tables) {
    const named = read.get(version.table) ?? 'all';
    if (version.definition) {
      const columns = version.definition.columns.map(({ name }) => name);
      add(version.table, named === 'all' ? 'all' : columns.filter((name) => named.has(name)));
    }
    // Whatever is read of a curated table: anything that has gone into it may show.
    for (const table of new Set((version.reads ?? []).map((one) => one.split('@')[0]!))) {
      add(table, version.readsColumns?.[table] ?? 'all');
    }
  }
  return Object.fromEntries(
    [...found].flatMap(([table, columns]) => (columns === 'all' ? [] : [[table, [...columns].sort()]])),
  );
}
