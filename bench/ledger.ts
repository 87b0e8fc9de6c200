import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { FEATURES } from '../src/features.ts';
import { openLocalEngine } from '../src/platform/local/duckdb/engine.ts';
import { openLocalLedger } from '../src/platform/local/ledger.ts';
import { openLocalObjects } from '../src/platform/local/objects.ts';
import { addedTables } from '../src/ports/feature.ts';
import { granted } from '../test/granted.ts';
import { writeCampus, writeStanding } from './ledger/lake.ts';
import { type Nights, runAt, startOf, writeNight } from './ledger/nights.ts';

/**
 * What a run and a question cost after many runs, as a ratio to what they cost after two: the ledger of a college is
 * filled with nights as a run writes them, by the meter, the sealing and the compaction of a run, and each measurement is
 * a process of its own.
 */
const HELP = `npm run bench:ledger -- [--runs 2,3650] [--tables 58] [--hours 24]
  2,500 tables for a year: npm run bench:ledger -- --runs 2,365 --tables 2500`;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '2,3650' },
    tables: { type: 'string', default: '58' },
    hours: { type: 'string', default: '24' },
    root: { type: 'string' },
    task: { type: 'string' },
    run: { type: 'string' },
    help: { type: 'boolean' },
  },
});

const DAY_MS = 86_400_000;
const STEP_DAYS = 400;
const nights: Nights = { tables: Number(values.tables), hours: Number(values.hours) };
const ledgerIn = (root: string) => openLocalLedger(join(root, 'ledger'), { added: addedTables(FEATURES) });

/** One run as the ledger sees it: its rows, and its end. @returns ms, of which the end */
async function oneRun(root: string, n: number): Promise<{ all: number; end: number }> {
  const ledger = ledgerIn(root);
  const began = performance.now();
  await writeNight(ledger, nights, n);
  const written = performance.now();
  const now = startOf(nights, n);
  await ledger.tidy({ run: runAt(nights, n), now, forgetDetailBefore: now - STEP_DAYS * DAY_MS });
  return { all: performance.now() - began, end: performance.now() - written };
}

async function fill(root: string, runs: number): Promise<void> {
  const times: { all: number; end: number }[] = [];
  for (let n = 0; n < runs; n++) {
    times.push(await oneRun(root, n));
    if ((n + 1) % 50 === 0) console.log(`  … ${n + 1} nights`);
  }
  const at = (of: 'all' | 'end', share: number) =>
    times
      .map((time) => time[of])
      .sort((a, b) => a - b)
      [Math.floor((runs - 1) * share)]!.toFixed(0);
  console.log(
    `  ${runs} runs written: ${at('all', 0.5)} ms a run in the middle, ${at('all', 1)} ms the longest`,
  );
  console.log(
    `  of which sealing and compaction: ${at('end', 0.5)} ms in the middle, ${at('end', 1)} ms the longest`,
  );
}

const QUESTIONS: Readonly<Record<string, { table: string; sql: (run: string) => string }>> = {
  'steps of a run': {
    table: 'ops.steps',
    sql: (run) => `SELECT count(*) FROM ops.steps WHERE run = '${run}'`,
  },
  'jobs of 30 days': {
    table: 'ops.job_runs',
    sql: (run) =>
      `SELECT job, count(*), avg(ran_ms) FROM ops.job_runs WHERE run > '${runStampBefore(run)}' GROUP BY job ORDER BY 3 DESC LIMIT 20`,
  },
  'jobs of all time': {
    table: 'ops.job_runs',
    sql: () =>
      'SELECT substr(run, 1, 6) AS month, count(*), sum(ran_ms) FROM ops.job_runs GROUP BY 1 ORDER BY 1',
  },
};

/** A run of 30 days before, by the date in its id. */
function runStampBefore(run: string): string {
  const at = Date.UTC(Number(run.slice(0, 4)), Number(run.slice(4, 6)) - 1, Number(run.slice(6, 8)) - 30);
  return new Date(at).toISOString().slice(0, 10).replaceAll('-', '');
}

async function ask(name: string, root: string, run: string): Promise<void> {
  const { table, sql } = QUESTIONS[name]!;
  const began = performance.now();
  const engine = await openLocalEngine({ root });
  const result = await engine.query(sql(run), granted(await engine.opsTables(ledgerIn(root), [table])));
  for await (const _batch of result.batches());
  await engine.close();
  console.log(JSON.stringify({ ms: performance.now() - began, mb: process.resourceUsage().maxRSS / 1024 }));
}

/** The median of five processes. */
async function medianOf(
  work: () => Promise<{ ms: number; mb?: number }>,
): Promise<{ ms: number; mb?: number }> {
  const found: { ms: number; mb?: number }[] = [];
  for (let i = 0; i < 5; i++) found.push(await work());
  return found.sort((a, b) => a.ms - b.ms)[2]!;
}

const start = promisify(execFile);
const MOST_OUTPUT = 100_000_000;

const asked = (name: string, root: string, run: string) => async () => {
  const own = ['--import', 'tsx', fileURLToPath(import.meta.url)];
  const { stdout } = await start(process.execPath, [...own, '--task', name, '--root', root, '--run', run]);
  return JSON.parse(stdout) as { ms: number; mb: number };
};

/** A command as a person types it, from the start of its process to its end. */
const command = (name: string, campus: string) => async () => {
  const program = fileURLToPath(new URL('../bin/lake.mjs', import.meta.url));
  const began = performance.now();
  await start(process.execPath, [program, name, '--campus', campus, '--json'], {
    maxBuffer: MOST_OUTPUT,
  }).catch(
    // Its exit code says that tables are late: these are.
    (error: { stdout?: string }) => {
      if (!error.stdout) throw error;
    },
  );
  return { ms: performance.now() - began };
};

async function sizeOf(folder: string): Promise<number> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((e) => e.isFile());
  const sizes = await Promise.all(names.map(async (e) => (await stat(join(e.parentPath, e.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function tellSizes(root: string): Promise<void> {
  const ops = join(root, 'ledger/ops');
  const sizes = new Map<string, { bytes: number; files: number }>();
  for (const entry of await readdir(ops, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const table = path.slice(ops.length + 1).split(/[./]/)[0]!;
    const before = sizes.get(table) ?? { bytes: 0, files: 0 };
    sizes.set(table, { bytes: before.bytes + (await stat(path)).size, files: before.files + 1 });
  }
  const told = [...sizes].sort((a, b) => b[1].bytes - a[1].bytes);
  for (const [table, { bytes, files }] of told)
    console.log(`    ops.${table}: ${(bytes / 1e6).toFixed(1)} MB in ${files} files`);
}

async function compare(): Promise<void> {
  const first: Record<string, { ms: number; mb?: number }> = {};
  for (const runs of values.runs.split(',').map(Number)) {
    const home = await mkdtemp(join(tmpdir(), 'bench-ledger-'));
    const root = join(home, 'lake');
    try {
      console.log(`${nights.tables} tables, ${runs} nights`);
      const campus = await writeCampus(home, nights);
      await fill(root, runs);
      await writeStanding({ ledger: ledgerIn(root), objects: openLocalObjects(root) }, nights, runs - 1);
      console.log(`  ${((await sizeOf(join(root, 'ledger/ops'))) / 1e6).toFixed(1)} MB of rows on the disk`);
      await tellSizes(root);
      const run = runAt(nights, runs - 1);
      const works = {
        'lake status': command('status', campus),
        ...Object.fromEntries(Object.keys(QUESTIONS).map((name) => [name, asked(name, root, run)])),
      };
      for (const [name, work] of Object.entries(works)) {
        const { ms, mb } = await medianOf(work);
        first[name] ??= { ms, mb };
        const memory = mb === undefined ? '' : `, ${mb.toFixed(0)} MB`;
        console.log(
          `  ${name}: ${ms.toFixed(0)} ms${memory}: ${(ms / first[name].ms).toFixed(2)} of the time`,
        );
      }
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  }
}

if (values.help) console.log(HELP);
else if (values.task) await ask(values.task, values.root!, values.run!);
else await compare();
