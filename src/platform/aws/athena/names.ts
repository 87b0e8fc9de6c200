import { randomBytes } from 'node:crypto';
import type { AwsPlaces, STAGING_FOLDER } from '../places.ts';
import type { EngineContext } from './engine-context.ts';
import type { TableAddress } from './storage.ts';

/** The database, prefix aside, of the lake's own tables: versions, raw files being staged, removed keys. */
const VERSIONS = 'lake_versions';

/** The databases of the lake, prefix aside: one for each source, the models, the lake's own tables, the ledger. */
export const lakeDatabases = (sources: readonly string[]): string[] => [
  ...sources,
  'campus',
  VERSIONS,
  'ops',
];

export const databaseOf = (places: Pick<AwsPlaces, 'databasePrefix'>, database: string): string =>
  `${places.databasePrefix}${database}`;

export const versionsDatabase = (places: Pick<AwsPlaces, 'databasePrefix'>): string =>
  databaseOf(places, VERSIONS);

/** Where people look for `canvas.users`. */
export function shownPlace(places: Pick<AwsPlaces, 'databasePrefix'>, table: string): TableAddress {
  const [database = '', name = ''] = table.split('.');
  return { database: databaseOf(places, database), name };
}

/** A table of the lake's own and the folder that goes with it. */
export interface FreshName {
  readonly place: TableAddress;
  /** Key of the folder, without `/` at its end. */
  readonly folder: string;
}

/**
 * A name that was never used: a step that is repeated, even while it still runs elsewhere, makes a table of its own
 * and cannot touch the first one's. What nobody comes to name is swept. Only who brings the mark of an earlier call
 * goes on with what that one has made.
 */
export function freshName(
  { places, budget }: Pick<EngineContext, 'places' | 'budget'>,
  zone: 'staged' | 'curated' | typeof STAGING_FOLDER,
  table: string,
  versionId: string,
): FreshName {
  const attempt = `${slug(versionId)}_${budget?.resumeToken ?? randomBytes(5).toString('hex')}`;
  return {
    place: { database: versionsDatabase(places), name: `${ownPrefix(table)}${attempt}` },
    folder: `${zone}/${table}/${attempt}`,
  };
}

/** With what the names of a table's own versions begin. */
export const ownPrefix = (table: string): string => `${slug(table.replace('.', '__'))}__`;

/** Glue takes small letters, digits and `_`, 255 at most. */
const slug = (id: string): string =>
  id
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]/g, '_')
    .slice(0, 80);
