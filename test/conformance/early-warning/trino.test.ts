import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelTables } from '../../../src/early-warning/scores.ts';
import { studentTables } from '../../../src/early-warning/students/tables.ts';
import { FEATURES, OUTCOMES, SCORES } from '../../../src/early-warning/tables.ts';
import { WATCHED_COURSES, watchedTable } from '../../../src/early-warning/watch.ts';
import { loadModels } from '../../../src/models/load-models.ts';
import type { TableVersion } from '../../../src/ports/tables.ts';
import { parseStatement } from '../../../src/sql/parse.ts';
import { earlyWarningSql, HELD, RECORDED, storedModel } from '../../early-warning/stored-model.ts';
import { tablesOf, worlds } from '../../early-warning/worlds.ts';
import { openTestLake, type TestLake } from '../../platform/local/duckdb/lake-folder.ts';
import { startTrino, type Trino } from '../athena/trino.ts';
import { trinoQuery } from '../athena/trino-client.ts';
import { inOneStatement, lakeType, shown } from '../models/in-one-statement.ts';

/** Everything is in the statement: no table is read, so nothing need answer here. */
const NO_AWS = 'http://127.0.0.1:9';
const CUTS = [28, 56];

/** Courses drawn at random, of whose features and scores every kind is there; the marts' suite has the outcomes. */
describe("Early warning's SQL on the engine of Athena", () => {
  let lake: TestLake;
  let trino: Trino;
  beforeAll(async () => {
    [lake, trino] = await Promise.all([openTestLake(), startTrino(NO_AWS)]);
  });
  afterAll(() => Promise.all([lake?.close(), trino?.stop()]));

  // Trino plans a statement that holds its own tables for a minute on a slow machine.
  it('gives the features and the scores that it gives on one machine: rows, words and types', {
    timeout: 400_000,
  }, async () => {
    const all = fc.sample(worlds, { numRuns: 1, seed: 20_261 })[0]!.slice(0, 8);
    const sql = earlyWarningSql(await loadModels('models/early-warning'));
    const tables: Record<string, TableVersion> = await tablesOf(lake.engine, all, CUTS, 'v');
    tables[WATCHED_COURSES] = await watchedTable(lake.engine, HELD, 'v');
    Object.assign(tables, await modelTables(lake.engine, storedModel(4), [4, 8], 'v'));
    Object.assign(tables, await studentTables(lake.engine, RECORDED, 'v'));
    const counts: Record<string, number> = {};
    for (const { table, text, grain } of sql.filter((made) => made.table !== OUTCOMES)) {
      tables[table] = await lake.engine.create(table, text, tables, 'v');
      const here = await lake.rows(`SELECT * FROM ${table} ORDER BY ${grain}`, tables);
      const given = await Promise.all(
        (await parseStatement(text)).tables.map(async ({ name }) => ({
          table: name,
          columns: tables[name]!.columns,
          rows: await lake.rows(`SELECT * FROM ${name}`, tables),
        })),
      );
      const select = `SELECT * FROM (${text}) m ORDER BY ${grain}`;
      const there = await trinoQuery(trino.url, inOneStatement(select, given));

      expect(there.columns.map(({ name, type }) => [name, lakeType(type)])).toEqual(
        tables[table].columns.map(({ name, type }) => [name, type]),
      );
      expect(there.rows.map((row) => row.map(shown))).toEqual(here.map((row) => row.map(shown)));
      counts[table] = here.length;
    }
    expect(counts[FEATURES]).toBeGreaterThan(20);
    expect(counts[SCORES]).toBe(counts[FEATURES]);
  });
});
