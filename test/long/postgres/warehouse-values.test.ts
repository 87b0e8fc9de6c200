import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseFault } from '../../../src/database-fault.ts';
import { failureOf } from '../../../src/failure.ts';
import { serveWarehouse } from '../../../src/platform/local/warehouse.ts';
import { granted } from '../../granted.ts';
import {
  asOwner,
  newCampus,
  open,
  tableOf,
  type WarehouseCampus,
} from '../../platform/local/warehouse-campus.ts';

const VALUES = ["Zqxjw'Жщю", 'Zqxjw")=(to DATE\n漢字'];
const MARK = /Zqxjw|Жщю|漢字/;

describe('a value of a person in the PostgreSQL of the warehouse', () => {
  let campus: WarehouseCampus;
  let served: Awaited<ReturnType<typeof serveWarehouse>>;
  beforeAll(async () => {
    campus = await newCampus();
    served = await serveWarehouse(campus.place);
    await asOwner(
      campus,
      'CREATE SCHEMA t; CREATE TABLE t.p (name text PRIMARY KEY, n int NOT NULL CHECK (n > 0))',
    );
  });
  afterAll(async () => {
    await served.stop();
    await campus.engine.close();
    await rm(campus.root, { recursive: true });
  });

  it.each(VALUES)('is in nothing that is said of a statement that stops at it: %j', async (value) => {
    const text = `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
    const types = [
      'integer',
      'numeric(5,2)',
      'boolean',
      'date',
      'time',
      'timestamptz',
      'uuid',
      'jsonb',
      'inet',
      'interval',
    ];
    const statements = [
      ...types.map((type) => `SELECT ${text}::text::${type}`),
      `INSERT INTO t.p VALUES (${text}, 1), (${text}, 1)`,
      `INSERT INTO t.p VALUES (${text}, NULL)`,
      `INSERT INTO t.p VALUES (${text}, -1)`,
      `SELECT ${text}::text ~ ('(' || ${text})`,
      `SELECT to_date(${text}, 'YYYY')`,
      `SELECT decode(${text}, 'hex')`,
      `SELECT now() AT TIME ZONE ${text}::text`,
      `DO $$ BEGIN RAISE EXCEPTION USING MESSAGE = ${text}; END $$`,
      `DO $$ BEGIN RAISE EXCEPTION USING MESSAGE = 'x', DETAIL = ${text}, ERRCODE = '22023'; END $$`,
      `SELECT repeat(${text}, 1)::varchar(2)::int`,
    ];
    for (const sql of statements) {
      const error: unknown = await asOwner(campus, sql).catch((e: unknown) => e);

      expect(error, sql).toBeInstanceOf(Error);
      expect(`${databaseFault(error)} ${JSON.stringify(failureOf(error))}`, sql).not.toMatch(MARK);
      expect(databaseFault(error), sql).toMatch(/SQLSTATE [0-9A-Z]{5}/);
    }
  });

  it('is in no failure of a load, though a procedure says it', async () => {
    const procedure = path.join(campus.root, 'procedures', 'speaks.sql');
    await writeFile(
      procedure,
      `-- call: mart.speaks
-- reads: campus.p (name)
CREATE OR REPLACE PROCEDURE mart.speaks(publication varchar(256)) LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'Zqxjw has no grade'; END; $$;\n`,
    );
    const tables = { 'campus.p': await tableOf(campus, 'campus.p', "SELECT 'Zqxjw' AS name") };

    const spoken = await open(campus)
      .load('p1', granted(tables))
      .catch((error: unknown) => error);
    await rm(procedure);

    expect(spoken).toMatchObject({ name: 'WarehouseLoadError' });
    expect(JSON.stringify(failureOf(spoken))).not.toMatch(MARK);
    expect(failureOf(spoken).message).toMatch(/SQLSTATE P0001/);
  });
});
