import type { Table } from '@aws-sdk/client-glue';
import type { TableVersion } from '../../../ports/tables.ts';
import { STAGING_FOLDER } from '../places.ts';
import type { EngineContext } from './engine-context.ts';
import { dropTables, listTables } from './glue-tables.ts';
import { keyOfUri } from './iceberg-metadata.ts';
import { currentMetadata } from './iceberg-tables.ts';
import { maintenanceOf, optimizeSql, vacuumSql } from './maintenance.ts';
import { ownPrefix, versionsDatabase } from './names.ts';
import { runStatement, StatementFailed } from './run-statement.ts';
import { type IcebergStorage, storageOf, type TableAddress } from './storage.ts';

/** How often VACUUM and OPTIMIZE are asked to go on: they stop after so many files, and say so. */
const MOST_GOES = 20;

/**
 * Drops the lake's own tables that no version names and that are old enough, with their files; joins small files
 * and removes old snapshots of those that stay.
 * @param atOnce tables of which they are old enough whenever they were made
 * @param isMaintained whether files are joined and snapshots removed
 * @returns bytes freed
 */
export async function sweepTables(
  context: EngineContext,
  keep: readonly TableVersion[],
  olderThan: number,
  atOnce: readonly string[] = [],
  isMaintained = true,
): Promise<number> {
  const database = versionsDatabase(context.places);
  const kept = new Set(keep.flatMap((version) => tablesOf(version).map((place) => place.name)));
  const tables = await listTables(context.glue, database);
  const prefixes = atOnce.map(ownPrefix);
  const isDue = (table: Table) =>
    madeAt(table) < olderThan || prefixes.some((prefix) => table.Name!.startsWith(prefix));
  const dropped = tables.filter((table) => !kept.has(table.Name!) && isDue(table));
  // First out of the catalog: a table without files would fail queries, files without a table nobody.
  await dropTables(
    context.glue,
    database,
    dropped.map((table) => table.Name!),
  );
  let freed = 0;
  for (const table of dropped) freed += await removeFolder(context, table);
  if (isMaintained) await maintain(context, keep);
  return freed;
}

function tablesOf(version: TableVersion): TableAddress[] {
  const storage = storageOf(version);
  return storage.kind === 'iceberg' && storage.removed ? [storage.place, storage.removed] : [storage.place];
}

const madeAt = (table: Table): number => (table.CreateTime ?? new Date(0)).getTime();

/** Folders that belong to one table of the lake's own and to nothing else; a full load of a SIS is not one of them. */
const OWN_FOLDER = new RegExp(`^(staged|curated|${STAGING_FOLDER})/[^/]+/[^/]+/$`);

/** @returns bytes */
async function removeFolder(context: EngineContext, table: Table): Promise<number> {
  const location = table.StorageDescriptor?.Location;
  const prefix = location === undefined ? '' : `${keyOfUri(location).replace(/\/$/, '')}/`;
  if (!OWN_FOLDER.test(prefix)) return 0;
  const keys = await context.objects.list(prefix);
  let bytes = 0;
  for (const key of keys) bytes += (await context.objects.head(key))?.bytes ?? 0;
  await context.objects.delete(keys);
  return bytes;
}

async function maintain(context: EngineContext, keep: readonly TableVersion[]): Promise<void> {
  const byTable = new Map<string, IcebergStorage[]>();
  for (const version of keep) {
    const storage = storageOf(version);
    if (storage.kind !== 'iceberg') continue;
    byTable.set(storage.place.name, [...(byTable.get(storage.place.name) ?? []), storage]);
  }
  for (const versions of byTable.values()) {
    const { place } = versions[0]!;
    const { metadata } = await currentMetadata(context, place);
    const { optimize, vacuum } = maintenanceOf(metadata, versions, context.clock.now());
    if (optimize) await untilDone(context, optimizeSql(place), `Joining the small files of ${place.name}`);
    if (vacuum) await untilDone(context, vacuumSql(place), `Removing old snapshots of ${place.name}`);
  }
}

/** Over 20,000 files and Athena ends the statement as failed, having done a part: it is to be run again. */
async function untilDone(context: EngineContext, sql: string, doing: string): Promise<void> {
  for (let go = 1; ; go++) {
    try {
      // Another go is another statement, whatever is known of the one before.
      const again = context.budget && {
        ...context.budget,
        resumeToken: `${context.budget.resumeToken}/${go}`,
      };
      await runStatement({ ...context, budget: again }, sql, { doing });
      return;
    } catch (error) {
      const more = error instanceof StatementFailed && /MORE_RUNS_NEEDED/.test(error.said);
      if (!more || go >= MOST_GOES) throw error;
    }
  }
}
