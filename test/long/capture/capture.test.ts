import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Follower, rowsAtSource } from '../../platform/local/replication/changes/following.ts';
import { kill, replicateInProcess } from '../../platform/local/replication/killing.ts';
import {
  openReplication,
  type SisFixture,
  startSisFixture,
} from '../../platform/local/replication/sis-fixture.ts';
import { apply, CREATE, TABLES, transaction } from './random-changes.ts';

/** Loads that are stopped within their process, and loads whose process is killed. */
const STOPS = Number(process.env.CAPTURE_STOPS ?? 240);
const KILLS = Number(process.env.CAPTURE_KILLS ?? 60);
const SEED = Number(process.env.CAPTURE_SEED ?? 20_261_130);

/** What happens around one load. */
const nights = fc.record({
  before: fc.array(transaction, { maxLength: 6 }),
  meanwhile: fc.array(transaction, { maxLength: 6 }),
  /** Milliseconds after which the load is stopped. */
  after: fc.integer({ min: 0, max: 900 }),
  accident: fc.constantFrom('none', 'none', 'none', 'none', 'given up', 'slot dropped', 'cut off'),
});

describe('Changes that are captured while everything breaks', () => {
  let sis: SisFixture;

  beforeAll(async () => {
    sis = await startSisFixture({
      wal_level: 'logical',
      max_slot_wal_keep_size: '256MB',
      log_statement: 'none',
    });
    await sis.admin.query(`ALTER ROLE lake SUPERUSER; ${CREATE}`);
  });
  afterAll(() => sis?.stop());

  const equal = async (follower: Follower, about: string) => {
    for (const [table, key] of Object.entries(TABLES)) {
      expect(await follower.rows(table, key), `${table}, ${about}`).toEqual(
        await rowsAtSource(sis.admin, `c.${table}`, key.replace('code', 'code COLLATE "C"')),
      );
    }
  };

  /** The load that was stopped may have come to its end: then it shows the source as it was. */
  const upToNow = async (follower: Follower) => {
    await follower.load();
    await follower.load();
  };

  const slots = async () =>
    (await sis.admin.query('SELECT slot_name, active FROM pg_replication_slots')).rows;

  const breakAt = async (accident: string) => {
    if (accident === 'slot dropped')
      await sis.admin
        .query('SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active')
        .catch(() => undefined);
    if (accident === 'cut off')
      await sis.admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'lake'`);
  };

  it(`give the tables of the source after ${STOPS} loads that were stopped`, async () => {
    const follower = new Follower(await sis.lake(), sis.source, 'c');
    for (const [i, night] of fc.sample(nights, { numRuns: STOPS, seed: SEED }).entries()) {
      for (const one of night.before) await apply(sis.admin, one);
      const replication = openReplication(follower.root, sis.source);
      const begun = replication.start(follower.request).catch(() => undefined);
      const changing = (async () => {
        for (const one of night.meanwhile) await apply(sis.admin, one);
      })();
      await sleep(night.after);
      await breakAt(night.accident);
      await replication.close();
      await begun;
      await changing;
      if (night.accident === 'given up') follower.skip();
      if (i % 4 === 3) {
        await upToNow(follower);
        await equal(follower, `after stop ${i}`);
      }
    }
    await upToNow(follower);
    await equal(follower, 'at the end');
    expect(await slots()).toHaveLength(1);
    await end(follower);
    expect(await slots()).toEqual([]);
  });

  it(`give the tables of the source after ${KILLS} kills`, async () => {
    const follower = new Follower(await sis.lake(), sis.source, 'c');
    for (const [i, night] of fc.sample(nights, { numRuns: KILLS, seed: SEED + 1 }).entries()) {
      for (const one of night.before) await apply(sis.admin, one);
      const { root, request } = follower;
      const child = await replicateInProcess({ root, source: sis.source, request });
      for (const one of night.meanwhile) await apply(sis.admin, one);
      await sleep(night.after);
      await kill(child);
      if (i % 3 === 2) {
        await freed();
        await upToNow(follower);
        await equal(follower, `after kill ${i}`);
      }
    }
    await end(follower);
  });

  /** The server notices a killed reader when it next sends to it. */
  const freed = async () => {
    for (let tries = 0; tries < 100; tries++) {
      const { rows } = await sis.admin.query('SELECT FROM pg_replication_slots WHERE active');
      if (rows.length === 0) return;
      await sleep(50);
    }
  };

  /** The source is copied whole again: slot and publication go. */
  const end = async (follower: Follower) => {
    const replication = openReplication(follower.root, sis.source);
    const { changes, ...request } = follower.request;
    const { task } = await replication.start({ ...request, mappings: changes!.mappings });
    while (!(await replication.poll(task)).done);
    await replication.close();
  };
});
