import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storageOf } from '../../../src/platform/aws/athena/storage.ts';
import type { BuildStatus, Cell, QueryEngine, TableEngine } from '../../../src/ports/query-engine.ts';
import type { TableSet, TableVersion } from '../../../src/ports/tables.ts';
import { SqlError } from '../../../src/sql/errors.ts';
import { granted } from '../../granted.ts';
import { openTestLake, type TestLake } from '../../platform/local/duckdb/lake-folder.ts';
import { type GlueHome, startGlueHome } from './glue-home.ts';
import { stageWorld, TYPES, WEEKS } from './world.ts';

/** A Spark is started for each table, on whatever machine there is. */
const SLOW = { timeout: 10 * 60_000 };

/**
 * Models of `engine: glue`: the script as it is deployed, under a real Spark 3.5 with Iceberg, over tables that the
 * engine of AWS has staged by a real Trino.
 */
describe('a model that Spark builds', () => {
  let lake: TestLake;
  let home: GlueHome;
  let here: TableSet;
  let there: TableSet;
  beforeAll(async () => {
    [lake, home] = await Promise.all([openTestLake(), startGlueHome(['canvas', 'campus', 'ops'])]);
    here = await stageWorld({ engine: lake.engine, putRaw: (key, bytes) => lake.writeBytes(key, bytes) });
    there = await stageWorld(home);
  }, 15 * 60_000);
  afterAll(async () => {
    await home?.stop();
    await lake?.close();
  });

  async function make(table: string, select: string, engine: TableEngine): Promise<BuildStatus> {
    const order = { table, select, reads: there, versionId: 'r1', engine };
    const ticket = JSON.parse(JSON.stringify(await home.engine.submit(order)));
    for (;;) {
      const status = await home.engine.poll(ticket, 1000);
      if (!('retryAfterSeconds' in status)) return status;
      await sleep(500);
    }
  }

  async function made(table: string, select: string, engine: TableEngine): Promise<TableVersion> {
    const status = await make(table, select, engine);
    if ('version' in status) return status.version;
    throw 'failed' in status ? status.failed : status;
  }

  async function rows(engine: QueryEngine, version: TableVersion): Promise<Cell[][]> {
    const found: Cell[][] = [];
    const select = `SELECT * FROM ${version.table} ORDER BY 1, 2`;
    const { batches } = await engine.query(select, granted({ [version.table]: version }));
    for await (const batch of batches()) found.push(...batch);
    return found;
  }

  const filesOf = async (version: TableVersion) => {
    const storage = storageOf(version);
    if (storage.kind !== 'files') throw new Error('a model lies in files');
    return home.objects.list(`${storage.folder}/`);
  };

  it('is the table that DuckDB and Athena build, row for row and type for type', SLOW, async () => {
    const local = await lake.engine.create('campus.types', TYPES, here, 'r1');
    const athena = await made('campus.types', TYPES, 'athena');
    const glue = await made('campus.types', TYPES, 'glue');

    expect(glue.columns).toEqual(local.columns);
    expect(glue.columns).toEqual(athena.columns);
    const found = await rows(home.engine, glue);
    expect(found).toEqual(await rows(lake.engine, local));
    expect(found).toEqual(await rows(home.engine, athena));
    expect([glue.rows, found.length]).toEqual([local.rows, local.rows]);
    expect(local.rows).toBeGreaterThan(15);
    expect(home.jobs.started()).toBe(1);

    const [sparks, athenas] = [await filesOf(glue), await filesOf(athena)];
    expect(sparks.filter((key) => !key.endsWith('.parquet'))).toEqual([]);
    expect(await home.layout(sparks[0]!)).toEqual(await home.layout(athenas[0]!));
    expect(await home.objects.list('spark-tasks/')).toEqual([]);
  });

  it('counts weeks by the clock of the campus, also where it is put back', SLOW, async () => {
    const local = await lake.engine.create('campus.weeks', WEEKS, here, 'r1');
    const glue = await made('campus.weeks', WEEKS, 'glue');

    expect(glue.columns).toEqual(local.columns);
    expect(await rows(home.engine, glue)).toEqual(await rows(lake.engine, local));
    expect(local.rows).toBe(6);
  });

  it('tells a mistake in the SQL before any job is started', SLOW, async () => {
    const before = home.jobs.started();
    const failing = make('campus.x', '-- engine: glue\nSELECT id,\n  titel FROM canvas.pages', 'glue');

    await expect(failing).rejects.toThrow(SqlError);
    await expect(failing).rejects.toMatchObject({
      message: expect.stringMatching(/^There is no column "titel"/),
      place: { line: 3, column: 3 },
    });
    await expect(make('campus.x', 'SELECT id, starts FROM canvas.pages', 'glue')).rejects.toMatchObject({
      message: 'The column "starts" is a time of day, which Spark does not know.',
      place: { line: 1, column: 12 },
    });
    expect(home.jobs.started()).toBe(before);
  });

  it('tells what the data did to it, and not the data', SLOW, async () => {
    const status = await make('campus.x', 'SELECT id, CAST(title AS bigint) AS n FROM canvas.pages', 'glue');

    expect(status).toMatchObject({ failed: { message: 'A value cannot be converted.' } });
    expect(String((status as { failed: Error }).failed.stack)).not.toMatch(/plain|quoted/);
    expect(await home.objects.list('spark-tasks/')).toEqual([]);
  });
});
