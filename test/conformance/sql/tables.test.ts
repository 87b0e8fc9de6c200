import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mergeRemovedSql, mergeSql } from '../../../src/platform/aws/athena/merge-sql.ts';
import { parseStatement } from '../../../src/sql/parse.ts';
import { polyglot } from '../../../src/sql/polyglot.ts';
import { toSpark } from '../../../src/sql/spark/to-spark.ts';
import { type Answer, trinoAnswer } from '../../sql/idioms/answer.ts';
import { statementOf } from '../../sql/idioms/idiom.ts';
import { TABLES } from '../../sql/tables/ctas.ts';
import { deliveredSql } from '../../sql/tables/merge-rows.ts';
import { COLUMNS, columnsOf, KEY, LOADS, MERGES } from '../../sql/tables/merges.ts';
import {
  byScenario,
  RECORDING_FILE,
  type Recording,
  readRecording,
  recordingText,
  sorted,
} from '../../sql/tables/recorded.ts';
import { type AthenaHome, startAthenaHome } from '../athena/athena-home.ts';
import { trinoQuery } from '../athena/trino-client.ts';
import { installSpark } from '../glue/spark-install.ts';
import { type Spark, startSpark } from './spark.ts';

const PATIENCE_MS = 15 * 60_000;
/** Of the emulated Glue; on Spark, a catalog of files. */
const DATABASE = 'lake_canvas';

/** With IDIOMS_RECORD=1 the tables are written down again, where both engines have the same. */
const isRecording = process.env.IDIOMS_RECORD === '1';

/** An engine that keeps Iceberg tables. Statements are in Athena's SQL. */
interface IcebergEngine {
  /** CREATE TABLE AS SELECT. */
  create(table: string, select: string): Promise<void>;
  merge(statement: string): Promise<void>;
  read(table: string): Promise<Answer>;
}

/**
 * Staging's own MERGE, and CREATE TABLE AS SELECT, on Iceberg tables: on the engine that Athena is made of, and,
 * translated, on Spark. `npm test` holds the local engine, which has no MERGE, to what they had.
 */
describe('tables of Iceberg on the engines themselves', () => {
  let home: AthenaHome;
  let spark: Spark;
  let folder: string;
  let there: Omit<Recording, 'engines'>;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'iceberg-'));
    home = await startAthenaHome(['canvas']);
    spark = await startSpark(icebergSettings((await installSpark()).classPath, folder));
    await spark.run(`CREATE DATABASE ${DATABASE}`);
  });
  afterAll(async () => {
    await Promise.all([home?.stop(), spark?.stop()]);
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  it('are on Trino as they were recorded', { timeout: PATIENCE_MS }, async () => {
    there = await tablesOn(onTrino(home.trino));
    if (isRecording) return;
    const { engines: _, ...recorded } = readRecording();
    expect(there).toEqual(recorded);
  });

  it('are on Spark as they are on Trino', { timeout: PATIENCE_MS }, async () => {
    expect(await tablesOn(onSpark(spark))).toEqual(there);
    if (isRecording) {
      const [version] = (await trinoQuery(home.trino, 'SELECT node_version FROM system.runtime.nodes'))
        .rows[0]!;
      const engines = [`Trino ${version}`, `Spark ${spark.version}`];
      await writeFile(RECORDING_FILE, recordingText({ engines, ...there }));
    }
    const [merges, tables] = [Object.keys(MERGES).length, Object.keys(TABLES).length];
    console.log(`2 engines × ${merges} merges and ${tables} tables: all equal`);
  });
});

async function tablesOn(engine: IcebergEngine): Promise<Omit<Recording, 'engines'>> {
  const target = { database: DATABASE, name: 'merged' };
  const removed = { database: DATABASE, name: 'merged_removed' };
  const loads: Answer[] = [];
  for (let load = 0; load < LOADS; load += 1) {
    const delivered = `${DATABASE}.delivered_${load}`;
    const own = [...columnsOf(load).map(({ name }) => `"${name}"`), '"_ts"'].join(', ');
    // In a table, Iceberg keeps the name _deleted to itself.
    await engine.create(delivered, `SELECT ${own}, "_deleted" AS is_removed FROM (${deliveredSql(load)})`);
    if (load === 0) {
      const names = [...COLUMNS.map(({ name }) => `"${name}"`), '"_ts"'].join(', ');
      await engine.create(`${DATABASE}.merged`, `SELECT ${names} FROM ${delivered} WHERE NOT is_removed`);
      const key = KEY.map((name) => `"${name}"`).join(', ');
      await engine.create(`${DATABASE}.merged_removed`, `SELECT ${key}, "_ts" FROM ${delivered} WHERE false`);
    } else {
      const names = columnsOf(load).map(({ name }) => name);
      const merge = { target, removed, key: KEY, columns: COLUMNS, delivered: names };
      const rows = `SELECT ${own}, is_removed AS "_deleted" FROM ${delivered}`;
      await engine.merge(mergeRemovedSql({ ...merge, rows }));
      await engine.merge(mergeSql({ ...merge, rows }));
    }
    loads.push(withoutTime(await engine.read(`${DATABASE}.merged`)));
  }
  const tables: Record<string, Answer> = {};
  for (const [i, [name, select]] of Object.entries(TABLES).entries()) {
    await engine.create(`${DATABASE}.made_${i}`, statementOf(select));
    tables[name] = sorted(await engine.read(`${DATABASE}.made_${i}`));
  }
  return { merged: loads[0]!.columns, merges: byScenario(Object.keys(MERGES), loads), tables };
}

/** Without the last column, which decides which row is newest: the local engine keeps it elsewhere. */
const withoutTime = ({ columns, rows }: Answer): Answer => ({
  columns: columns.slice(0, -1),
  rows: rows.map((row) => row.slice(0, -1)),
});

function onTrino(url: string): IcebergEngine {
  const ask = (sql: string) => trinoQuery(url, sql);
  return {
    async create(table, select) {
      const location = `s3://lake-staged/${table.replace('.', '/')}`;
      await ask(
        `CREATE TABLE iceberg.${table} WITH (location = '${location}', format_version = 2) AS ${select}`,
      );
    },
    async merge(statement) {
      await ask(statement);
    },
    async read(table) {
      const { columns, rows } = await ask(`SELECT * FROM ${table}`);
      return trinoAnswer(columns, rows);
    },
  };
}

function onSpark(spark: Spark): IcebergEngine {
  return {
    async create(table, select) {
      const translated = await toSpark(await parseStatement(select), {});
      await spark.run(
        `CREATE TABLE ${table} USING iceberg TBLPROPERTIES ('format-version' = '2') AS ${translated}`,
      );
    },
    async merge(statement) {
      const { Dialect, transpile } = await polyglot();
      const [translated] = transpile(statement, Dialect.Trino, Dialect.Spark).sql ?? [];
      await spark.run(translated!.replaceAll('TIMESTAMP(6)', 'TIMESTAMP'));
    },
    read: (table) => spark.ask(`SELECT * FROM ${table}`),
  };
}

const icebergSettings = (classPath: string, warehouse: string) => ({
  'spark.driver.extraClassPath': classPath,
  'spark.sql.extensions': 'org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions',
  'spark.sql.catalog.lake': 'org.apache.iceberg.spark.SparkCatalog',
  'spark.sql.catalog.lake.type': 'hadoop',
  'spark.sql.catalog.lake.warehouse': `file://${warehouse}`,
  'spark.sql.defaultCatalog': 'lake',
});
