import type { Campus } from '../../campus/campus.ts';
import { addedTables, type Feature } from '../../ports/feature.ts';
import type { Clock, Platform } from '../../ports/platform.ts';
import { pseudonymKeys } from '../../privacy/pseudonym-keys.ts';
import { systemClock } from '../clock.ts';
import { openLanguageModel } from '../language-model.ts';
import { openSecrets } from '../secrets.ts';
import { openLocalEngine } from './duckdb/engine.ts';
import { openLocalEraser } from './duckdb/erase.ts';
import { openLocalEventLogs } from './event-log/event-logs.ts';
import { keepPrivate } from './files/private.ts';
import { lakeFolders } from './folders.ts';
import { openLocalLedger } from './ledger.ts';
import { removeLockDrafts } from './ledger-locks.ts';
import { openLocalObjects } from './objects.ts';
import { openLocalRateLimits } from './rate-limits.ts';

/** One machine as a platform: files, DuckDB, a real PostgreSQL. Nothing is started before it is needed. */
export async function openLocalPlatform(
  campus: Campus,
  options: { readonly clock?: Clock; readonly features?: readonly Feature[] } = {},
): Promise<Platform> {
  const clock = options.clock ?? systemClock;
  const places = lakeFolders(campus);
  const secrets = openSecrets({ root: campus.root });
  const objects = await openLocalObjects(places.root);
  const ledger = openLocalLedger(places.ledger, { added: addedTables(options.features) });
  const lock: typeof ledger.lock = async (owner) => {
    const held = await ledger.lock(owner);
    await keepPrivate(places.root, places.warehouse);
    await removeLockDrafts(places.ledger);
    return held;
  };
  const engine = await openLocalEngine({
    root: places.root,
    pseudonymKeys: () => pseudonymKeys({ campus, platform: { secrets } }),
  });
  // Most commands read what is published: they do not wait for the code that copies a SIS or fills a PostgreSQL.
  const replication = onFirstUse(async () => {
    const { openLocalReplication } = await import('./replication/replication.ts');
    return openLocalReplication({ root: places.root, sources: campus.sources, secrets });
  });
  const warehouse = onFirstUse(async () => {
    const { openLocalWarehouse } = await import('./warehouse.ts');
    return openLocalWarehouse({
      directory: places.warehouse,
      port: campus.warehouse.port,
      readers: campus.warehouse.readOnlyUser,
      statementTimeoutMinutes: campus.warehouse.statementTimeoutMinutes,
      idleTimeoutMinutes: campus.warehouse.idleTimeoutMinutes,
      root: places.root,
    });
  });
  const drift = onFirstUse(async () => (await import('./drift.ts')).openLocalDrift(objects));
  return {
    target: 'local',
    clock,
    objects,
    ledger: { ...ledger, lock },
    engine,
    events: openLocalEventLogs({ folder: places.events, clock }),
    queue: async (url, region) => (await import('../aws/event-queue.ts')).openEventQueue(url, region),
    eraser: openLocalEraser(places.root, objects),
    register: openLocalObjects(places.register),
    secrets,
    limits: openLocalRateLimits(clock),
    replication: {
      start: async (request) => (await replication.get()).start(request),
      poll: async (task) => (await replication.get()).poll(task),
      catchUp: async (request) => (await replication.get()).catchUp(request),
      rewriting: async (file) => (await replication.get()).rewriting?.(file),
    },
    warehouse: {
      load: async (...given) => (await warehouse.get()).load(...given),
      forgetReplaced: async () => (await warehouse.get()).forgetReplaced?.(),
      describe: async () => (await warehouse.get()).describe(),
      logins: {
        add: async (login) => (await warehouse.get()).logins.add(login),
        list: async () => (await warehouse.get()).logins.list(),
        remove: async (login) => (await warehouse.get()).logins.remove(login),
        rotate: async (login) => (await warehouse.get()).logins.rotate(login),
      },
    },
    drift: {
      start: async (request) => (await drift.get()).start(request),
      poll: async (request) => (await drift.get()).poll(request),
    },
    ...(campus.assistant ? { languageModel: openLanguageModel(campus.assistant, secrets) } : {}),
    async close() {
      await (await warehouse.opened())?.close();
      await (await replication.opened())?.close();
      await engine.close();
    },
  };
}

/** Something that is opened when it is first used. */
function onFirstUse<T>(open: () => Promise<T>): { get(): Promise<T>; opened(): Promise<T> | undefined } {
  let opened: Promise<T> | undefined;
  return {
    get: () => {
      opened ??= open();
      return opened;
    },
    opened: () => opened,
  };
}
