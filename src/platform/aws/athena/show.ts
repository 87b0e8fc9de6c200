import type { Table, TableInput } from '@aws-sdk/client-glue';
import PQueue from 'p-queue';
import type { TableColumn, TableSet, TableVersion } from '../../../ports/tables.ts';
import type { EngineContext } from './engine-context.ts';
import { dropTables, externalTable, listTables, putTable } from './glue-tables.ts';
import { databaseOf, shownPlace } from './names.ts';
import { HIDDEN } from './stage-records.ts';
import { storageOf } from './storage.ts';
import { hiveType } from './types.ts';

/** Changes of tables on their way at once; Glue takes some ten a second. */
const AT_ONCE = 8;
/** What of a version is shown: so that what has not changed is left alone. */
const SHOWN = 'campus_lake_shown';

/**
 * Makes the tables that people know (`canvas.users`, `campus.students`) point at these versions, each by one call:
 * a reader sees the old version or the new one. Iceberg tables point at the metadata of the published snapshot, so
 * what is loaded after it is not seen before it is published. Tables of these databases that were shown and are not of
 * the set leave the catalog; what others have made there stays.
 */
export async function showTables(
  context: EngineContext,
  tables: TableSet,
  among: readonly string[],
): Promise<void> {
  const places = Object.values(tables).map((version) => ({
    version,
    place: shownPlace(context.places, version.table),
  }));
  const own = among.map((database) => databaseOf(context.places, database));
  const databases = [...new Set([...places.map(({ place }) => place.database), ...own])];
  const found = new Map<string, Table>();
  for (const database of databases) {
    for (const table of await listTables(context.glue, database))
      found.set(`${database}.${table.Name}`, table);
  }
  const queue = new PQueue({ concurrency: AT_ONCE });
  await Promise.all(
    places.map(({ version, place }) => {
      const before = found.get(`${place.database}.${place.name}`);
      const after = shownTable(place.name, version, context.objects.uri(storageOf(version).folder));
      if (before?.Parameters?.[SHOWN] === after.Parameters?.[SHOWN]) return undefined;
      return queue.add(() => putTable(context.glue, place.database, after, before));
    }),
  );
  const shown = new Set(places.map(({ place }) => `${place.database}.${place.name}`));
  for (const database of databases) {
    const gone = [...found]
      .filter(([name, table]) => name.startsWith(`${database}.`) && !shown.has(name) && isShown(table))
      .map(([, table]) => table.Name!);
    await dropTables(context.glue, database, gone);
  }
}

const isShown = ({ Parameters }: Table): boolean => Parameters?.[SHOWN] !== undefined;

/** A version as the Glue table that people see. */
export function shownTable(name: string, version: TableVersion, folder: string): TableInput {
  const storage = storageOf(version);
  if (storage.kind === 'files') {
    const { location, columns } = storage;
    return externalTable(name, {
      format: 'parquet',
      location,
      columns: columns.map((column) => ({ name: column.name, type: hiveType(column.type) })),
      parameters: { [SHOWN]: storage.place.name },
    });
  }
  const column = ({ name: Name, type }: TableColumn) => ({ Name, Type: hiveType(type) });
  return {
    Name: name,
    TableType: 'EXTERNAL_TABLE',
    Parameters: {
      table_type: 'ICEBERG',
      metadata_location: storage.metadata,
      [SHOWN]: storage.metadata,
    },
    StorageDescriptor: {
      Columns: [...storage.columns, HIDDEN].map(column),
      Location: folder,
    },
  };
}
