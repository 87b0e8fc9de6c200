import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModels } from '../../../src/models/load-models.ts';
import { orderModels } from '../../../src/models/order-models.ts';
import type { Cell } from '../../../src/ports/query-engine.ts';
import type { TableVersion } from '../../../src/ports/tables.ts';
import { currentTermWeek, generateCollege } from '../../../src/simulators/college/generate.ts';
import { parseStatement } from '../../../src/sql/parse.ts';
import { toSpark } from '../../../src/sql/spark/to-spark.ts';
import { earlyWarningSql, givenTables } from '../../early-warning/stored-model.ts';
import { granted } from '../../granted.ts';
import { stageCollege } from '../../models/college-tables.ts';
import { openTestLake, type TestLake } from '../../platform/local/duckdb/lake-folder.ts';
import { type Answer, lakeAnswer } from '../../sql/idioms/answer.ts';
import { type Spark, startSpark } from './spark.ts';

/** Twenty models on whatever machine there is. */
const PATIENCE_MS = 15 * 60_000;
const RUN = [
  { name: 'run', type: 'varchar' },
  { name: 'as_of', type: 'timestamp' },
  { name: 'as_of_date', type: 'date' },
  { name: 'time_zone', type: 'varchar' },
] as const;

/** Ends of weeks at which early warning looks, in terms that are over and in the one that runs. */
const WEEKS = [3, 5];

/**
 * Every model over one small college, built twice from the same Parquet: by DuckDB, and, translated, by Spark with
 * CREATE TABLE AS SELECT; those of early warning and the scores too.
 */
describe('the models on Spark', () => {
  const upTo = currentTermWeek(6);
  let lake: TestLake;
  let spark: Spark;
  let folder: string;
  let tables: Record<string, TableVersion>;
  /** In the order in which they are built. */
  let built: { readonly table: string; readonly text: string }[];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'models-on-spark-'));
    [lake, spark] = await Promise.all([openTestLake(), startSpark()]);
    const college = generateCollege({ students: 16, seed: 11 });
    const [models, own] = [await loadModels('models'), await loadModels('models/early-warning')];
    const wanted = new Set(
      [...models, ...own].flatMap(({ statement }) => statement.tables).map(({ name }) => name),
    );
    tables = await stageCollege(lake, college, upTo, wanted);
    const asOf = new Date(upTo).toISOString();
    const run = ['r1', asOf, asOf.slice(0, 10), college.timeZone];
    tables['ops.run'] = await lake.engine.literalTable('ops.run', RUN, [run], 'r1');
    const terms = await lake.rows(
      'SELECT term_code, CAST(first_day AS varchar) FROM sis.registrar_terms',
      tables,
    );
    const starts = terms.map(([code, firstDay]) => ({ code: String(code), firstDay: String(firstDay) }));
    const given = await givenTables(lake.engine, starts, { weeks: WEEKS, zone: college.timeZone });
    built = [...orderModels(models, Object.keys(tables)).flat(), ...earlyWarningSql(own)];
    Object.assign(tables, given);
  });
  afterAll(async () => {
    await Promise.all([lake?.close(), spark?.stop()]);
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  it('are the tables that they are on one machine, row for row and type for type', {
    timeout: PATIENCE_MS,
  }, async () => {
    const databases = new Set([...Object.keys(tables), ...built.map(({ table }) => table)].map(databaseOf));
    for (const database of databases) await spark.run(`CREATE DATABASE ${database}`);
    for (const table of Object.keys(tables)) {
      await spark.run(`CREATE TABLE ${table} USING parquet LOCATION '${await parquetOf(table)}'`);
    }

    const counts: Record<string, number> = {};
    for (const { table, text } of built) {
      const reads = { ...tables };
      tables[table] = await lake.engine.create(table, text, reads, 'r1');
      await spark.run(
        `CREATE TABLE ${table} USING parquet AS ${await toSpark(await parseStatement(text), reads)}`,
      );

      const there = await spark.ask(`SELECT * FROM ${table}`);
      expect({ table, ...sorted(there) }).toEqual({ table, ...sorted(await here(table, there)) });
      counts[table] = there.rows.length;
    }
    expect(Object.entries(counts).filter(([, rows]) => rows === 0)).toEqual([]);
    console.log(`2 engines × ${built.length} models: all equal`);
  });

  async function parquetOf(table: string): Promise<string> {
    const own = path.join(folder, table);
    await mkdir(own);
    // Spark has no type for a time of the day and reads no file that holds one.
    const columns = tables[table]!.columns.filter(({ type }) => type !== 'time').map(
      ({ name }) => `"${name}"`,
    );
    await lake.engine.exportParquet(
      `SELECT ${columns.join(', ')} FROM ${table}`,
      granted(tables),
      path.join(own, 'part-0.parquet'),
    );
    return own;
  }

  async function here(table: string, there: Answer): Promise<Answer> {
    const rows: Cell[][] = await lake.rows(`SELECT * FROM ${table}`, tables);
    return lakeAnswer(tables[table]!.columns, rows, there);
  }
});

const sorted = ({ columns, rows }: Answer) => ({
  columns,
  rows: rows.map((row) => JSON.stringify(row)).toSorted(),
});

const databaseOf = (table: string): string => table.split('.')[0]!;
