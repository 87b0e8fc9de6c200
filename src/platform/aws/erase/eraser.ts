import type { Eraser } from '../../../ports/eraser.ts';
import type { EngineContext } from '../athena/engine-context.ts';
import { objectBuffer } from './object-buffer.ts';
import { countReplaced, removeReplaced, removeReplacedOf } from './replaced-objects.ts';
import { matchesInParquet, rewriteParquet } from './rewrite-parquet.ts';
import { matchesInTable, rewriteTable } from './version-rows.ts';

/**
 * Takes rows of persons out of what the lake keeps on AWS: Parquet objects are read and written by the caller itself, a
 * row group at a time; tables are asked and written again by Athena.
 */
export function openAthenaEraser(context: EngineContext): Eraser {
  const storage = { s3: context.s3, buckets: context.places.buckets };
  const place = { objects: context.objects, buffer: (key: string) => objectBuffer(context, key) };
  return {
    matchesInFile: (...given) => matchesInParquet(place, ...given),
    rewriteFile: (...given) => rewriteParquet(place, ...given),
    matchesInVersion: (...given) => matchesInTable(context, ...given),
    rewriteVersion: (...given) => rewriteTable(context, ...given),
    forgetReplaced: (keys) =>
      keys
        ? removeReplacedOf(
            storage,
            keys.map((key) => context.objects.uri(key)),
          )
        : removeReplaced(storage, context.clock.now()),
    countReplaced: () => countReplaced(storage),
  };
}
