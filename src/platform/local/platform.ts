import type { Campus } from '../../campus/campus.ts';
import { addedTables, type Feature } from '../../ports/feature.ts';
import type { Clock, Platform } from '../../ports/platform.ts';
import { systemClock } from '../clock.ts';
import { openSecrets } from '../secrets.ts';
import { openLocalDrift } from './drift.ts';
import { openLocalEngine } from './duckdb/engine.ts';
import { keepPrivate } from './files/private.ts';
import { openLocalLedger } from './ledger.ts';
import { removeLockDrafts } from './ledger-locks.ts';
import { openLocalObjects } from './objects.ts';
import { lakePlaces } from './places.ts';
import { openLocalRateLimits } from './rate-limits.ts';
import { openLocalReplication } from './replication/replication.ts';
import { openLocalWarehouse } from './warehouse.ts';

/** One machine as a platform: files, DuckDB, a real PostgreSQL. Nothing is started before it is needed. */
export async function openLocalPlatform(
  campus: Campus,
  options: { readonly clock?: Clock; readonly features?: readonly Feature[] } = {},
): Promise<Platform> {
  const clock = options.clock ?? systemClock;
  const places = lakePlaces(campus);
  const secrets = openSecrets({ root: campus.root });
  const objects = await openLocalObjects(places.root);
  const ledger = openLocalLedger(places.ledger, { added: addedTables(options.features) });
  const lock: typeof ledger.lock = async (owner) => {
    const held = await ledger.lock(owner);
    await keepPrivate(places.root, places.warehouse);
    await removeLockDrafts(places.ledger);
    return held;
  };
  const key = campus.privacy.key;
  const engine = await openLocalEngine({
    root: places.root,
    ...(key ? { pseudonymKey: async () => Buffer.from(await secrets.get(key)) } : {}),
  });
  const replication = openLocalReplication({ root: places.root, sources: campus.sources, secrets });
  const warehouse = openLocalWarehouse({
    directory: places.warehouse,
    port: campus.warehouse.port,
    readers: campus.warehouse.readOnlyUser,
    statementTimeoutMinutes: campus.warehouse.statementTimeoutMinutes,
    idleTimeoutMinutes: campus.warehouse.idleTimeoutMinutes,
    root: places.root,
  });
  return {
    target: 'local',
    clock,
    objects,
    ledger: { ...ledger, lock },
    engine,
    secrets,
    limits: openLocalRateLimits(clock),
    replication,
    warehouse,
    drift: openLocalDrift(objects),
    async close() {
      await warehouse.close();
      await replication.close();
      await engine.close();
    },
  };
}
