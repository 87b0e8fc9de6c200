import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

export interface LockWait {
  /** How long sessions that read the tables are waited for before they are ended. */
  readonly waitMs: number;
  /** How long after that, before the load gives up. */
  readonly endMs: number;
}

export const LOCK_WAIT: LockWait = { waitMs: 60_000, endMs: 30_000 };

const LOCK_NOT_AVAILABLE = '55P03';
const BETWEEN_TRIES_MS = 50;

/**
 * Does what needs tables to itself, inside the caller's transaction, at a moment in which nobody reads them. It asks
 * for locks without queueing for them, so that nobody waits behind it. A session that goes on reading them all the
 * time (a transaction left open, say) is ended once the lockWait is over: it gets an error instead of a mix.
 *
 * @param relations oids of everything that the work locks
 * @param oldSnapshots whether a transaction that has not read them yet, but would see them as they were, counts too
 * @returns how many sessions were ended
 */
export async function inQuietMoment(
  client: pg.Client,
  tables: readonly string[],
  relations: readonly number[],
  oldSnapshots: boolean,
  work: () => Promise<void>,
  lockWait: LockWait = LOCK_WAIT,
): Promise<number> {
  let ended = 0;
  for (const began = Date.now(); ; await sleep(BETWEEN_TRIES_MS)) {
    const waited = Date.now() - began;
    if (waited > lockWait.waitMs) ended += await endReaders(client, relations, oldSnapshots);
    if (!oldSnapshots || waited > lockWait.waitMs || !(await hasOldSnapshots(client))) {
      await client.query('SAVEPOINT quiet');
      try {
        await client.query("SET LOCAL lock_timeout = '200ms'");
        if (tables.length > 0)
          await client.query(`LOCK TABLE ${tables.join(', ')} IN ACCESS EXCLUSIVE MODE NOWAIT`);
        await work();
        await client.query('RELEASE SAVEPOINT quiet');
        await client.query("SET LOCAL lock_timeout = '5min'");
        return ended;
      } catch (error) {
        const { code } = error as { code?: string };
        if (code !== LOCK_NOT_AVAILABLE || waited > lockWait.waitMs + lockWait.endMs) throw error;
        await client.query('ROLLBACK TO SAVEPOINT quiet');
      }
    }
  }
}

/**
 * Transactions of several statements that hold a snapshot (REPEATABLE READ, SERIALIZABLE, pg_dump). A statement by
 * itself began when its transaction did.
 */
const HOLDS_SNAPSHOT = `
  a.backend_xmin IS NOT NULL AND (a.state LIKE 'idle in transaction%' OR a.xact_start < a.query_start)`;

const OTHERS = `a.pid <> pg_backend_pid() AND a.datname = current_database() AND a.backend_type = 'client backend'`;

async function hasOldSnapshots(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT FROM pg_stat_activity a WHERE ${OTHERS} AND ${HOLDS_SNAPSHOT} LIMIT 1`,
  );
  return rows.length > 0;
}

async function endReaders(
  client: pg.Client,
  relations: readonly number[],
  oldSnapshots: boolean,
): Promise<number> {
  const { rows } = await client.query<{ ended: boolean }>(
    `SELECT pg_terminate_backend(a.pid) AS ended FROM pg_stat_activity a
      WHERE ${OTHERS} AND (EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.granted AND l.relation = ANY ($1::oid[]))
                           OR ($2 AND ${HOLDS_SNAPSHOT}))`,
    [relations, oldSnapshots],
  );
  return rows.filter(({ ended }) => ended).length;
}
