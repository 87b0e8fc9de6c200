import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storageOf } from '../../../src/platform/aws/athena/storage.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import type { Cell, QueryEngine } from '../../../src/ports/query-engine.ts';
import type { TableVersion } from '../../../src/ports/tables.ts';
import { granted } from '../../granted.ts';
import { type RawRecord, specOf, toJsonLines } from '../../platform/local/duckdb/lake-folder.ts';
import { type AthenaHome, startAthenaHome } from './athena-home.ts';
import { trinoQuery } from './trino-client.ts';

/**
 * What the sweep asks of Athena for an Iceberg table that many nights have changed, executed by a real Trino: the
 * small files are joined, the old snapshots and their files go, and nobody sees another row than before.
 */

const TABLE = 'canvas.things';
const THINGS = specOf(TABLE, [
  { name: 'id', type: 'bigint' },
  { name: 'text', type: 'varchar' },
]);
const NIGHTS = 8;
const WEEK_MS = 7 * 86_400_000;

let home: AthenaHome;
/** The engine as it is a week from now: for it, every snapshot is old. */
let later: QueryEngine;
let latest: TableVersion;

beforeAll(async () => {
  home = await startAthenaHome(['canvas'], { vacuumAge: '0s' });
  later = home.reopened({ clock: { ...systemClock, now: () => systemClock.now() + WEEK_MS } });
});
afterAll(() => home?.stop());

async function raw(night: number, records: readonly Omit<RawRecord, 'ts'>[]): Promise<string> {
  const key = `raw/canvas/night-${night}.jsonl.gz`;
  const lines = toJsonLines(records.map((one) => ({ ts: `2026-01-${10 + night}T00:00:00Z`, ...one })));
  await home.objects.put(key, Readable.from([gzipSync(lines)]));
  return home.objects.uri(key);
}

/** A night in which one row changes, one comes and one goes. */
async function night(n: number): Promise<void> {
  const changes = await raw(n, [
    { key: { id: 21070000000000000n + BigInt(n) }, value: { text: `changed in night ${n}` } },
    { key: { id: BigInt(n) }, value: { text: 'new' } },
    { action: 'D', key: { id: 21070000000000100n - BigInt(n) } },
  ]);
  latest = (await home.engine.merge(latest, THINGS, [changes], `night-${n}`)).version;
}

async function rowsOf(version: TableVersion): Promise<Cell[][]> {
  const rows: Cell[][] = [];
  const result = await home.engine.query(
    `SELECT id, text FROM ${TABLE} ORDER BY id`,
    granted({ [TABLE]: version }),
  );
  for await (const batch of result.batches()) rows.push(...batch);
  return rows;
}

const placeOf = (version: TableVersion) => storageOf(version).place;
const filesInS3 = async () => (await home.objects.list(`${storageOf(latest).folder}/`)).length;

/** Files of the newest snapshot as Iceberg counts them: of rows, and of rows that are gone. */
async function filesInUse(): Promise<{ data: number; deletes: number }> {
  const { database, name } = placeOf(latest);
  const { rows } = await trinoQuery(
    home.trino,
    `SELECT count_if(content = 0), count_if(content > 0) FROM iceberg."${database}"."${name}$files"`,
  );
  return { data: Number(rows[0]![0]), deletes: Number(rows[0]![1]) };
}

async function snapshots(): Promise<number> {
  const { database, name } = placeOf(latest);
  const { rows } = await trinoQuery(
    home.trino,
    `SELECT count(*) FROM iceberg."${database}"."${name}$snapshots"`,
  );
  return Number(rows[0]![0]);
}

/** What the sweep has asked for about the table. */
async function swept(engine: QueryEngine, keep: readonly TableVersion[]): Promise<string[]> {
  const before = home.athena.statements.length;
  await engine.sweep(keep, 0);
  const { name } = placeOf(latest);
  return home.athena.statements
    .slice(before)
    .filter((statement) => statement.includes(`"${name}"`))
    .map((statement) => statement.split(' ', 1)[0]!);
}

describe('an Iceberg table that many nights have changed', { timeout: 15 * 60_000 }, () => {
  it('is left alone while its files are few', async () => {
    const first = await raw(
      0,
      Array.from({ length: 100 }, (_, i) => ({
        key: { id: 21070000000000000n + BigInt(i) },
        value: { text: `row ${i}` },
      })),
    );
    latest = (await home.engine.replace(THINGS, [first], 'night-0')).version;
    await night(1);

    expect(await swept(home.engine, [latest])).toEqual([]);
    expect(latest.rows).toBe(100);
  });

  it('has fewer files and the same rows once they are joined, for who reads it before as well', async () => {
    for (let n = 2; n <= NIGHTS; n++) await night(n);
    const rows = await rowsOf(latest);
    const before = await filesInUse();

    expect(await swept(home.engine, [latest])).toEqual(['OPTIMIZE']);

    const after = await filesInUse();
    expect(before.deletes).toBeGreaterThanOrEqual(NIGHTS);
    expect(after.deletes).toBe(0);
    expect(after.data).toBeLessThan(before.data);
    expect(rows).toHaveLength(100);
    // The version names a snapshot from before.
    expect(await rowsOf(latest)).toEqual(rows);
    const { database, name } = placeOf(latest);
    const now = await trinoQuery(
      home.trino,
      `SELECT id, text FROM iceberg."${database}"."${name}" ORDER BY id`,
    );
    expect(now.rows.map(([id, text]) => [BigInt(String(id)), text])).toEqual(rows);
  });

  it('keeps every snapshot that a kept version names, however old', async () => {
    const rows = await rowsOf(latest);

    expect(await swept(later, [latest])).toEqual([]);

    expect(await snapshots()).toBeGreaterThan(NIGHTS);
    expect(await rowsOf(latest)).toEqual(rows);
  });

  it('gives up old snapshots and their files when nobody names them any more', async () => {
    await night(NIGHTS + 1);
    const rows = await rowsOf(latest);
    const [files, held] = [await filesInS3(), await snapshots()];

    expect(await swept(later, [latest])).toEqual(['VACUUM']);

    expect(held).toBeGreaterThan(NIGHTS);
    expect(await snapshots()).toBe(1);
    expect(await filesInS3()).toBeLessThan(files / 2);
    expect(await rowsOf(latest)).toEqual(rows);
    // And it can be changed as before.
    await night(NIGHTS + 2);
    expect(await rowsOf(latest)).toHaveLength(100);
  });
});
