import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { duckDbSelects } from '../../src/app/export/dbt-project.ts';
import { loadCampus } from '../../src/campus/load.ts';
import { dbtProject } from '../../src/export/dbt/project.ts';
import { writeOwnFiles } from '../../src/export/own-files.ts';
import { loadModels } from '../../src/models/load-models.ts';
import { type Model, RUN_COLUMNS, RUN_TABLE } from '../../src/models/model.ts';
import { orderModels } from '../../src/models/order-models.ts';
import { stockSelect, stockSetUp, stockViews } from '../../src/platform/local/duckdb/stock.ts';
import type { TableColumn, TableSet } from '../../src/ports/tables.ts';
import { currentTermWeek, generateCollege } from '../../src/simulators/college/generate.ts';
import { stageCollege } from '../../test/models/college-tables.ts';
import { openTestLake, type TestLake } from '../../test/platform/local/duckdb/lake-folder.ts';
import { scaleTables } from './scale.ts';

/** The tables whose rows are counted: page views and submissions, the largest by far. */
export const COUNTED = ['canvas.web_logs', 'canvas.submissions'] as const;

export interface BenchCollege {
  readonly lake: TestLake;
  /** Folder of the dbt project over the same tables. */
  readonly project: string;
  /** Rows of `COUNTED`. */
  readonly rows: number;
  readonly copies: number;
}

/** A college of about so many page views and submissions, staged, and a dbt project over the same files. */
export async function benchCollege(rows: number, students: number): Promise<BenchCollege> {
  const lake = await openTestLake();
  return fill(lake, rows, students).catch(async (error: unknown) => {
    await lake.close();
    throw error;
  });
}

async function fill(lake: TestLake, rows: number, students: number): Promise<BenchCollege> {
  const upTo = currentTermWeek(7);
  const college = generateCollege({ students, seed: 3 });
  const models = await loadModels('models');
  const wanted = new Set(models.flatMap((model) => model.statement.tables.map(({ name }) => name)));
  const base = await stageCollege(lake, college, upTo, wanted);
  const asOf = new Date(upTo).toISOString();
  const columns = await typesOf(lake, models, {
    ...base,
    [RUN_TABLE]: await runTable(lake, asOf, college.timeZone),
  });

  const copies = Math.max(1, Math.round(rows / countedIn(base)));
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  await connection.run("SET TimeZone = 'UTC'; SET preserve_insertion_order = false");
  const tables = await scaleTables(connection, lake.root, base, copies);
  connection.closeSync();
  database.closeSync();

  await mkdir(join(lake.root, 'bench'), { recursive: true });
  const reads = { ...tables, [RUN_TABLE]: await runTable(lake, asOf, college.timeZone) };
  await writeFile(join(lake.root, 'bench/tables.json'), JSON.stringify(reads));
  const project = join(lake.root, 'dbt');
  await exportProject(project, { lake, models, columns, tables, asOf });
  return { lake, project, rows: countedIn(tables), copies };
}

const countedIn = (tables: TableSet): number =>
  COUNTED.reduce((sum, table) => sum + (tables[table]?.rows ?? 0), 0);

const runTable = (lake: TestLake, asOf: string, timeZone: string) =>
  lake.engine.literalTable(RUN_TABLE, RUN_COLUMNS, [['bench', asOf, asOf.slice(0, 10), timeZone]], 'bench');

/** The columns of every model, found by building them over the small college. */
async function typesOf(
  lake: TestLake,
  models: readonly Model[],
  base: TableSet,
): Promise<ReadonlyMap<string, readonly TableColumn[]>> {
  let tables = base;
  for (const wave of orderModels(models, Object.keys(base))) {
    for (const { table, text } of wave) {
      tables = { ...tables, [table]: await lake.engine.create(table, text, tables, 'small') };
    }
  }
  return new Map(models.map(({ table }) => [table, tables[table]!.columns]));
}

async function exportProject(
  folder: string,
  made: {
    lake: TestLake;
    models: readonly Model[];
    columns: ReadonlyMap<string, readonly TableColumn[]>;
    tables: TableSet;
    asOf: string;
  },
): Promise<void> {
  const { campus, catalog } = await loadCampus('campus.yaml');
  const models = made.models.map((model) => ({ model, columns: made.columns.get(model.table)! }));
  const selects = await duckDbSelects(models, made.tables, { select: stockSelect });
  const duckDb = { selects, setUp: stockSetUp(), views: stockViews(made.lake.root, made.tables) };
  const datasets = catalog.datasets.filter(({ id }) => Object.hasOwn(made.tables, id));
  const { files } = dbtProject({ campus, datasets, models, duckDb, asOf: made.asOf });
  await writeOwnFiles(folder, files);
}
