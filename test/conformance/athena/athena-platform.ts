import { objectsBelow } from '../../../src/platform/aws/erase/register.ts';
import { REGISTER_FOLDER } from '../../../src/platform/aws/places.ts';
import type { Platform } from '../../../src/ports/platform.ts';
import type { Replication } from '../../../src/ports/replication.ts';
import type { AthenaHome } from './athena-home.ts';

/**
 * A platform whose objects lie in S3 and whose engine is Athena's; the rest is that of one machine, so that what
 * two lakes differ in is the engine's doing. The SIS is copied by the local replicator, and its files go on to S3.
 */
export function athenaPlatform(
  local: Platform,
  home: Pick<AthenaHome, 'objects' | 'engine' | 'eraser'>,
): Platform {
  const replication: Replication = {
    start: (request) => local.replication.start(request),
    async poll(task) {
      const status = await local.replication.poll(task);
      if (status.done) {
        for (const { files = [] } of status.tables) {
          for (const { key } of files) await home.objects.put(key, await local.objects.get(key));
        }
      }
      return status;
    },
  };
  return {
    ...local,
    target: 'aws',
    objects: home.objects,
    engine: home.engine,
    eraser: home.eraser,
    register: objectsBelow(home.objects, REGISTER_FOLDER),
    replication,
    // The warehouse reads the curated tables by a way of its own, which has its own suite.
    warehouse: { ...local.warehouse, load: async () => ({ rows: 0 }) },
  };
}
