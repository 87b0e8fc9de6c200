import type { IcebergMetadata } from './iceberg-metadata.ts';
import { tableName } from './sql-text.ts';
import type { IcebergStorage, TableAddress } from './storage.ts';

/** VACUUM removes snapshots older than this: Athena's default, `vacuum_max_snapshot_age_seconds`. */
const VACUUM_AGE_MS = 432_000 * 1000;
/** So many files of deleted positions slow every reader down. */
const DELETE_FILES = 8;
const DATA_FILES = 64;

/** What one Iceberg table needs. */
export interface Maintenance {
  readonly optimize: boolean;
  readonly vacuum: boolean;
}

/**
 * Whether a table's small files should be joined and its old snapshots removed. VACUUM has no option for which
 * snapshots to spare but the newest: it waits until no kept version needs one that it would remove.
 */
export function maintenanceOf(
  metadata: IcebergMetadata,
  kept: readonly Pick<IcebergStorage, 'snapshot' | 'committedAt'>[],
  now: number,
): Maintenance {
  const { current, snapshots } = metadata;
  const files = (name: string) => Number(current?.summary[name] ?? 0);
  const old = (at: number) => at < now - VACUUM_AGE_MS;
  return {
    optimize: files('total-delete-files') >= DELETE_FILES || files('total-data-files') >= DATA_FILES,
    vacuum:
      snapshots.some((snapshot) => snapshot.id !== current?.id && old(snapshot.at)) &&
      kept.every(({ snapshot, committedAt }) => snapshot === current?.id || !old(committedAt)),
  };
}

export const optimizeSql = (place: TableAddress): string =>
  `OPTIMIZE ${tableName(place)} REWRITE DATA USING BIN_PACK`;

export const vacuumSql = (place: TableAddress): string => `VACUUM ${tableName(place)}`;
