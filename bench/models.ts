import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { Command } from 'commander';
import { pythonVenv } from '../test/conformance/python-venv.ts';
import { type BenchCollege, benchCollege } from './models/college.ts';
import { type Measured, timed } from './sis-snapshot/children.ts';
import { childSeconds } from './sis-snapshot/cpu.ts';

/**
 * How long the marts take to build from staged page views and submissions, by the lake and by stock dbt-duckdb over the
 * project that `lake export dbt` writes: the same models, the same files, the same version of DuckDB, in turns. Each
 * is a process of its own from start to end; the peak is of all its processes.
 *
 *   npm run bench:models -- --help
 */
const options = new Command('bench:models')
  .option('--rows <n>', 'page views and submissions together, about', Number, 1_000_000)
  .option('--runs <n>', 'runs, both once in each, in turns', Number, 3)
  .option(
    '--students <n>',
    'students of the college that is copied until there are so many rows',
    Number,
    100,
  )
  .parse()
  .opts<{ rows: number; runs: number; students: number }>();

type Run = Measured & { readonly cpu: number };

const programs = await pythonVenv('dbt', resolve('test/conformance/dbt/requirements.txt'));
const college = await benchCollege(options.rows, options.students);
try {
  const sides = { lake: () => byLake(college), dbt: () => byDbt(college, programs) };
  const runs: { lake: Run[]; dbt: Run[] } = { lake: [], dbt: [] };
  let built: Record<string, number> = {};
  for (let i = 0; i < options.runs; i += 1) {
    for (const side of i % 2 === 0 ? (['lake', 'dbt'] as const) : (['dbt', 'lake'] as const)) {
      const { run, rows } = await sides[side]();
      runs[side].push(run);
      if (side === 'lake') built = rows;
      console.error(
        `${side}: ${run.seconds.toFixed(1)} s, processor ${run.cpu.toFixed(1)} s, ${run.memory} MiB`,
      );
      await sameRows(built, rows);
    }
  }
  report(college, built, runs.lake, runs.dbt);
} finally {
  await college.lake.close();
}

interface Done {
  readonly run: Run;
  /** Rows of each model. */
  readonly rows: Record<string, number>;
}

async function measured(command: string, args: readonly string[], env?: Record<string, string>) {
  const before = childSeconds();
  const { output, ...times } = await timed(command, args, env);
  return { output, run: { ...times, cpu: childSeconds() - before } };
}

async function byLake({ lake }: BenchCollege): Promise<Done> {
  const script = fileURLToPath(new URL('models/build-in-lake.ts', import.meta.url));
  const { output, run } = await measured(process.execPath, ['--import', 'tsx', script, lake.root]);
  return { run, rows: JSON.parse(output.trim().split('\n').at(-1)!) as Record<string, number> };
}

async function byDbt({ project }: BenchCollege, folder: string): Promise<Done> {
  const path = join(project, 'bench.duckdb');
  await rm(path, { force: true });
  const args = ['run', '--project-dir', project, '--profiles-dir', project];
  const { run } = await measured(join(folder, 'dbt'), args, { LAKE_DBT_DATABASE: path });
  return { run, rows: await rowsIn(path) };
}

async function rowsIn(path: string): Promise<Record<string, number>> {
  const database = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await database.connect();
  const names = await connection.runAndReadAll(
    "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'campus' ORDER BY 1",
  );
  const rows: Record<string, number> = {};
  for (const [name] of names.getRows()) {
    const counted = await connection.runAndReadAll(`SELECT count(*) FROM campus."${name}"`);
    rows[`campus.${name}`] = Number(counted.getRows()[0]![0]);
  }
  connection.closeSync();
  database.closeSync();
  return rows;
}

/** @throws Error where the two have built other tables */
async function sameRows(ours: Record<string, number>, theirs: Record<string, number>): Promise<void> {
  for (const [table, rows] of Object.entries(ours)) {
    if (theirs[table] !== rows)
      throw new Error(`${table}: ${rows} rows by the lake, ${theirs[table]} by dbt`);
  }
}

function report(
  { rows, copies }: BenchCollege,
  built: Record<string, number>,
  lake: Run[],
  dbt: Run[],
): void {
  const total = Object.values(built).reduce((sum, n) => sum + n, 0);
  const line = (name: string, runs: Run[]) =>
    `| ${name} | ${runs.map(({ seconds }) => seconds.toFixed(1)).join(', ')} | ${mid(runs, 'seconds').toFixed(1)} | ${mid(runs, 'cpu').toFixed(1)} | ${Math.max(...runs.map(({ memory }) => memory))} |`;
  const ratio = (of: keyof Run) => (mid(lake, of) / mid(dbt, of)).toFixed(2);
  const peaks = Math.max(...lake.map((r) => r.memory)) / Math.max(...dbt.map((r) => r.memory));
  console.log(`${rows.toLocaleString('en-US')} page views and submissions (a college ${copies} times over), ${Object.keys(built).length} models of ${total.toLocaleString('en-US')} rows, ${availableParallelism()} cores

| | seconds, each run | median | processor time, s | peak memory, MiB |
|---|---|---|---|---|
${line('campus-lake', lake)}
${line('dbt-duckdb', dbt)}
| the lake ÷ dbt | | ${ratio('seconds')}× | ${ratio('cpu')}× | ${peaks.toFixed(2)}× |`);
}

function mid(runs: readonly Run[], of: keyof Run): number {
  return runs.map((run) => run[of]).toSorted((a, b) => a - b)[runs.length >> 1]!;
}
