import { execFileSync } from 'node:child_process';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { PIPELINE } from '../../../src/access/authorize.ts';
import { FEATURES } from '../../../src/features.ts';
import type { Incident } from '../../../src/health/incidents/incident.ts';
import { isOpen } from '../../../src/health/incidents/incident.ts';
import { readIncidents } from '../../../src/health/incidents/store.ts';
import { openEvents } from '../../../src/pipeline/event-bus.ts';
import { openLake } from '../../../src/pipeline/lake.ts';
import { runLake } from '../../../src/pipeline/run.ts';
import { openLocalPlatform } from '../../../src/platform/local/platform.ts';
import { openLocalReplication } from '../../../src/platform/local/replication/replication.ts';
import type { RunEvent } from '../../../src/ports/events.ts';
import type { Clock, Platform } from '../../../src/ports/platform.ts';
import type { SmallCampus } from '../small-campus.ts';
import { type Bench, HOUR, type Struck, type Trouble } from './trouble.ts';

/** What the lake made of one trouble. */
export interface Found {
  readonly trouble: Trouble;
  readonly seed: number;
  /** The incidents that are open after the night. */
  readonly incidents: readonly Incident[];
  /** Those that are open after the next night, in which all is well again. */
  readonly left: readonly Incident[];
  /** Every incident with what was tried about it, after both nights. */
  readonly all: readonly Incident[];
  readonly failures: readonly string[];
}

/** Locks are not waited for as long as at a college. */
const LOCK_WAIT_MS = 1_500;

/** Waiting costs nothing, so that every patience is tried to its end. */
function patientClock(start: number): Clock {
  let now = start;
  return {
    now: () => now++,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      now += ms;
      await new Promise((done) => setTimeout(done, Math.min(ms, 20)));
    },
  };
}

/** One run of the lake in a folder. @param now when it begins, epoch ms */
export async function night(
  campus: SmallCampus,
  lakeFolder: string,
  now: number,
  on: (event: RunEvent) => void = () => {},
) {
  const loaded = await campus.open(lakeFolder);
  const platform: Platform = await openLocalPlatform(loaded.campus, {
    clock: patientClock(now),
    features: FEATURES,
  });
  const replication = openLocalReplication({
    root: join(campus.folder, lakeFolder),
    sources: loaded.campus.sources,
    secrets: platform.secrets,
    lockWaitMs: LOCK_WAIT_MS,
  });
  const events = openEvents({ name: 'test', on });
  try {
    const lake = openLake({
      ...loaded,
      platform: { ...platform, replication },
      session: PIPELINE,
      features: FEATURES,
      events,
      signal: new AbortController().signal,
      lmsOptions: { retry: { retries: 2, firstWaitMs: 1, longestWaitMs: 2 } },
    });
    const { failures } = await runLake({ lake, events });
    const all = await readIncidents(platform.ledger);
    return {
      failures: failures.map(({ step, about, code }) => `${step} ${about} ${code}`),
      incidents: all.filter(isOpen),
      all,
    };
  } finally {
    await replication.close();
    await platform.close();
  }
}

/** One trouble in one night, then a night without it. */
export async function tryTrouble(
  bench: Omit<Bench, 'lake' | 'now'>,
  trouble: Trouble,
  seed: number,
): Promise<Found> {
  const { campus, sis } = bench;
  const lake = `trouble-${seed}`;
  const folder = join(campus.folder, lake);
  await rm(folder, { recursive: true, force: true });
  await cp(join(campus.folder, 'base'), folder, { recursive: true });
  const now = campus.simulated.clock.now();
  const wrong = trouble.clocks?.(seed) ?? {};
  try {
    const struck = (await trouble.strike?.({ ...bench, lake, now }, seed)) ?? (async () => undefined);
    const { back, on }: Struck = typeof struck === 'function' ? { back: struck } : struck;
    await setClock(sis, now + (wrong.sis ?? 0));
    const first = await night(campus, lake, now + (wrong.lake ?? 0), on).finally(back);
    await setClock(sis, now + HOUR);
    const second = first.incidents.length === 0 ? first : await night(campus, lake, now + HOUR);
    const { incidents, failures } = first;
    return { trouble, seed, incidents, left: second.incidents, all: second.all, failures };
  } finally {
    if (trouble.mounts) unmountBelow(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

function unmountBelow(folder: string): void {
  const mounts = execFileSync('mount', { encoding: 'utf8' }).split('\n');
  const below = mounts.map((line) => line.split(' ')[2] ?? '').filter((place) => place.startsWith(folder));
  // What lies in another comes first.
  for (const place of below.reverse()) execFileSync('umount', [place]);
}

/** The registrar's connection to the simulated database. */
export async function registrar(campus: SmallCampus): Promise<pg.Client> {
  const { host, port, database, owner } = campus.simulated.sis!;
  const client = new pg.Client({ host, port, database, user: owner.user, password: owner.password });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('SET session_replication_role = replica');
  await client.query('CREATE SCHEMA told; GRANT USAGE ON SCHEMA told TO lake');
  await client.query('ALTER ROLE lake SET search_path = told, pg_catalog, public');
  return client;
}

/** What the database tells the lake of the time: it goes on from here. @param now epoch ms */
export async function setClock(client: pg.Client, now: number): Promise<void> {
  const by = Math.round(now - Date.now());
  await client.query(
    `CREATE OR REPLACE FUNCTION told.now() RETURNS timestamptz STABLE LANGUAGE sql
     AS $$ SELECT pg_catalog.now() + interval '${by} ms' $$`,
  );
}
