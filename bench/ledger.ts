import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { failuresOf } from '../src/pipeline/step-log.ts';
import { openLocalEngine } from '../src/platform/local/duckdb/engine.ts';
import { openLocalLedger } from '../src/platform/local/ledger.ts';
import { type OpsRow, runStamp } from '../src/ports/ledger.ts';
import { granted } from '../test/granted.ts';

/**
 * What a run and a question cost after many runs, as a ratio to what they cost after two: the ledger of a college is
 * filled with nights as a run writes them, and each measurement is a process of its own.
 */
const HELP = `npm run bench:ledger -- [--runs 2,3650] [--tables 58] [--hours 24]`;

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

const HOUR = 3_600_000;
const STEPS = ['lms-start', 'lms-poll', 'lms-fetch', 'lms-commit', 'stage'];
const START = Date.UTC(2026, 0, 1, 2, 30);
const tables = Number(values.tables);

const runAt = (n: number) => `${runStamp(START + n * Number(values.hours) * HOUR)}-0000`;

/** The rows that a run leaves of its tables, of the size that a run leaves them in. */
function rowsOfRun(run: string): { steps: OpsRow[]; loads: OpsRow[]; checks: OpsRow[] } {
  const at = new Date(START).toISOString();
  const each = Array.from({ length: tables }, (_, i) => `canvas.table_${i}`);
  const steps = each.flatMap((item) =>
    STEPS.map((step) => {
      const path = `main/Load canvas/canvas[${item}]/${step}`;
      const output = JSON.stringify({
        run,
        dataset: item,
        load: `${run}-${item}`,
        job: 'a'.repeat(36),
        rows: 120,
      });
      const times = { attempt: 1, started_at: at, ended_at: at };
      return {
        id: `${run}/${path}`,
        run,
        path,
        step,
        item,
        ...times,
        status: 'succeeded',
        output,
        error: null,
      };
    }),
  );
  const loads = each.map((dataset) => ({
    id: `${run}/${dataset}`,
    run,
    dataset,
    source: 'canvas',
    kind: 'increment',
    watermark: at,
    rows: 120,
    bytes: 4096,
    started_at: at,
    committed_at: at,
  }));
  const checks = each.flatMap((table) =>
    ['implied', 'unique(id)'].map((check) => {
      const id = `${run}/${table}/${check}`;
      return {
        id,
        run,
        table_name: table,
        check_name: check,
        severity: 'fail',
        status: 'passed',
        checks: 9,
        rows: 120,
      };
    }),
  );
  return { steps, loads, checks };
}

/** One run as the ledger sees it: its rows, a group for each table, and its end. @returns ms */
async function oneRun(root: string, n: number): Promise<number> {
  const ledger = openLocalLedger(join(root, 'ledger'));
  const run = runAt(n);
  const began = performance.now();
  const rows = rowsOfRun(run);
  for (const table of ['steps', 'loads', 'checks'] as const) await ledger.append(table, rows[table]);
  await ledger.append('runs', [{ id: run, run, status: 'succeeded' }]);
  await ledger.tidy({ run });
  return performance.now() - began;
}

async function fill(root: string, runs: number): Promise<void> {
  const times: number[] = [];
  for (let n = 0; n < runs; n++) times.push(await oneRun(root, n));
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor((times.length - 1) * share)]!.toFixed(0);
  console.log(`  ${runs} runs written: ${at(0.5)} ms a run in the middle, ${at(1)} ms the longest`);
}

async function measureHere(task: string, root: string, run: string): Promise<void> {
  const ledger = openLocalLedger(join(root, 'ledger'));
  const began = performance.now();
  if (task === 'status') await failuresOf(ledger, run);
  else {
    const engine = await openLocalEngine({ root });
    const read = task === 'show' ? [] : ['ops.steps'];
    const sql = task === 'show' ? 'SHOW TABLES' : `SELECT count(*) FROM ops.steps WHERE run = '${run}'`;
    const result = await engine.query(sql, granted(await engine.opsTables(ledger, read)));
    for await (const _batch of result.batches());
    await engine.close();
  }
  const ms = performance.now() - began;
  console.log(JSON.stringify({ ms, mb: process.resourceUsage().maxRSS / 1024 }));
}

async function measure(task: string, root: string, run: string): Promise<{ ms: number; mb: number }> {
  const args = [
    '--import',
    'tsx',
    fileURLToPath(import.meta.url),
    '--task',
    task,
    '--root',
    root,
    '--run',
    run,
  ];
  const found: { ms: number; mb: number }[] = [];
  for (let i = 0; i < 5; i++) {
    const { stdout } = await promisify(execFile)(process.execPath, args);
    found.push(JSON.parse(stdout));
  }
  return found.sort((a, b) => a.ms - b.ms)[2]!;
}

async function sizeOf(folder: string): Promise<number> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((e) => e.isFile());
  const sizes = await Promise.all(names.map(async (e) => (await stat(join(e.parentPath, e.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function compare(): Promise<void> {
  const first: Record<string, { ms: number; mb: number }> = {};
  for (const runs of values.runs.split(',').map(Number)) {
    const root = await mkdtemp(join(tmpdir(), 'bench-ledger-'));
    try {
      await fill(root, runs);
      console.log(`  ${((await sizeOf(root)) / 1e6).toFixed(1)} MB on the disk`);
      for (const task of ['status', 'show', 'query']) {
        const { ms, mb } = await measure(task, root, runAt(runs - 1));
        first[task] ??= { ms, mb };
        const ratio = `${(ms / first[task].ms).toFixed(2)} of the time, ${(mb / first[task].mb).toFixed(2)} of the memory`;
        console.log(`  ${task}: ${ms.toFixed(0)} ms, ${mb.toFixed(0)} MB: ${ratio}`);
      }
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  }
}

if (values.help) console.log(HELP);
else if (values.task) await measureHere(values.task, values.root!, values.run!);
else await compare();
