import type { Mover } from '../../../ports/query-engine.ts';
import type { EngineContext } from './engine-context.ts';
import { createTable, externalTable } from './glue-tables.ts';
import { filesIn } from './new-files.ts';
import { asStorage, storageOf } from './storage.ts';
import { hiveType } from './types.ts';

/** Zones that are copied to a second Region. Iceberg's files name their own bucket, and would lead back. */
const COPIED = /^s3:\/\/[^/]+\/((?:raw|curated)\/.*?)\/?$/;

/** See `Mover`. */
export function moverOf(context: EngineContext): Mover {
  return {
    async filesOf(version) {
      const storage = storageOf(version);
      return storage.kind === 'files' && COPIED.test(storage.location)
        ? filesIn(context.objects, storage.location)
        : undefined;
    },
    async adopt(version) {
      const storage = storageOf(version);
      if (storage.kind !== 'files') return version;
      const key = COPIED.exec(storage.location)?.[1] ?? storage.folder;
      const moved = { ...storage, location: `${context.objects.uri(key)}/` };
      const columns = moved.columns.map(({ name, type }) => ({ name, type: hiveType(type) }));
      const { place, location } = moved;
      const table = externalTable(place.name, { format: 'parquet', location, columns });
      await createTable(context.glue, place.database, table, { mayExist: true });
      return { ...version, storage: asStorage(moved) };
    },
  };
}
