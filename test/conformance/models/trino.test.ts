import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModels } from '../../../src/models/load-models.ts';
import type { TableVersion } from '../../../src/ports/tables.ts';
import { parseStatement } from '../../../src/sql/parse.ts';
import { earlyWarningSql, givenTables } from '../../early-warning/stored-model.ts';
import { buildMarts } from '../../models/build-marts.ts';
import { SMALL_CANVAS } from '../../models/small-canvas.ts';
import { SMALL_REGISTRAR } from '../../models/small-registrar.ts';
import { openTestLake, type TestLake } from '../../platform/local/duckdb/lake-folder.ts';
import { startTrino, type Trino } from '../athena/trino.ts';
import { trinoQuery } from '../athena/trino-client.ts';
import { inOneStatement, lakeType, shown } from './in-one-statement.ts';

/** Everything is in the statement: no table is read, so nothing need answer here. */
const NO_AWS = 'http://127.0.0.1:9';
const TERMS = [
  { code: 'FA', firstDay: '2026-08-24' },
  { code: 'F2', firstDay: '2026-10-19' },
];
const MARTS = await loadModels('models');
const EARLY_WARNING = earlyWarningSql(await loadModels('models/early-warning'));

/** The small college of the traps, every model on the engine of Athena beside DuckDB: rows and types. */
describe('the marts on the engine of Athena', () => {
  let lake: TestLake;
  let tables: Record<string, TableVersion>;
  let trino: Trino;
  beforeAll(async () => {
    lake = await openTestLake();
    const more = { 'canvas.assignment_groups': [], 'canvas.quizzes': [] };
    tables = await buildMarts(lake, { ...SMALL_CANVAS, ...SMALL_REGISTRAR, ...more });
    const given = await givenTables(lake.engine, TERMS, { weeks: [2, 4, 6], zone: 'America/Chicago' });
    Object.assign(tables, given);
    for (const { table, text } of EARLY_WARNING) {
      tables[table] = await lake.engine.create(table, text, tables, 'v');
    }
    trino = await startTrino(NO_AWS);
  });
  afterAll(() => Promise.all([lake?.close(), trino?.stop()]));

  // Trino plans a statement that holds its own tables for a minute on a slow machine.
  it.each([...MARTS, ...EARLY_WARNING].map((model) => [model.table.split('.')[1]!, model] as const))(
    '%s',
    { timeout: 400_000 },
    async (_, { table, text, grain }) => {
      const columns = tables[table]!.columns;
      const reads = await Promise.all((await parseStatement(text)).tables.map(({ name }) => inlineOf(name)));
      const there = await trinoQuery(
        trino.url,
        inOneStatement(`SELECT * FROM (${text}) m ORDER BY ${grain}`, reads),
      );
      const here = await lake.rows(`SELECT * FROM ${table} ORDER BY ${grain}`, tables);

      expect(there.columns.map(({ name, type }) => [name, lakeType(type)])).toEqual(
        columns.map(({ name, type }) => [name, type]),
      );
      expect(there.rows.map((row) => row.map(shown))).toEqual(here.map((row) => row.map(shown)));
      expect(here.length).toBeGreaterThan(0);
    },
  );

  const inlineOf = async (table: string) => ({
    table,
    columns: tables[table]!.columns,
    rows: await lake.rows(`SELECT * FROM ${table}`, tables),
  });
});
