import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { besideSyncdb } from './lms-pull/beside-syncdb.ts';
import { measure, serve } from './lms-pull/children.ts';

/**
 * How fast files come from an LMS into the raw zone, beside a bare parallel download of the same files in the same
 * run; how much memory it takes, whatever their size; and how long a whole namespace takes to the same end state
 * as by Instructure's own client.
 *
 *   npm run bench:lms-pull -- --help
 */
const MB = 1e6;
const GIGABIT = 125 * MB;
const FILES = 64;
const AT_ONCE = 8;

interface Options {
  rounds: number;
  megabytes: number;
  memory: number[];
  students: number;
  days: number;
  syncdb: boolean;
}

const options = new Command('bench:lms-pull')
  .option('--rounds <n>', 'rounds of each comparison, in turns', Number, 5)
  .option('--megabytes <n>', 'bytes of a comparison', Number, 500)
  .option(
    '--memory <list>',
    'megabytes to load for the memory table, with commas between',
    list,
    [100, 1000, 5000],
  )
  .option(
    '--students <n>',
    "students of the college for the comparison with Canvas's own client",
    Number,
    500,
  )
  .option('--days <n>', 'days of increments in that comparison', Number, 3)
  .option('--no-syncdb', 'leave that comparison out (it installs the client with Python 3.11 or newer)')
  .parse()
  .opts<Options>();

const folder = await mkdtemp(join(tmpdir(), 'bench-lms-'));
try {
  console.log(`| link | bare, MB/s | lake, MB/s | ratio of each round | median |\n|---|---|---|---|---|`);
  await compare('1 Gbit/s', GIGABIT);
  await compare('loopback, as fast as it is', 0);
  console.log('\n| loaded, MB | peak memory, MiB | MB/s |\n|---|---|---|');
  for (const megabytes of options.memory) await remember(megabytes);
  if (options.syncdb) {
    console.log(
      '\n| a job takes | tables, rows | first load: syncdb, lake, ratio | a day: syncdb, lake, ratio |',
    );
    console.log('|---|---|---|---|');
    for (const jobSeconds of [0, 3]) await sync(jobSeconds);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Bare and lake in turns, so that what else the machine does strikes both. */
async function compare(link: string, rate: number): Promise<void> {
  const bytes = options.megabytes * MB;
  const server = await serve('./file-server.ts', bytes, FILES, rate);
  const url = `http://127.0.0.1:${server.said}`;
  const rates: { bare: number; lake: number }[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    const lake = await pull(url);
    const { ms } = await inFolder((f) => measure<{ ms: number }>('./bare.ts', url, FILES, AT_ONCE, f));
    rates.push({ bare: lake.bytes / ms / 1000, lake: lake.bytes / lake.ms / 1000 });
  }
  await server.stop();
  const ratios = rates.map((r) => r.lake / r.bare);
  const shown = [median(rates.map((r) => r.bare)).toFixed(0), median(rates.map((r) => r.lake)).toFixed(0)];
  const each = ratios.map((r) => r.toFixed(2)).join(' ');
  console.log(`| ${link} | ${shown.join(' | ')} | ${each} | **${median(ratios).toFixed(2)}** |`);
}

async function remember(megabytes: number): Promise<void> {
  const server = await serve('./file-server.ts', megabytes * MB, FILES, GIGABIT);
  const { bytes, ms, peakMiB } = await pull(`http://127.0.0.1:${server.said}`);
  await server.stop();
  console.log(`| ${(bytes / MB).toFixed(0)} | ${peakMiB.toFixed(0)} | ${(bytes / ms / 1000).toFixed(0)} |`);
}

async function sync(jobSeconds: number): Promise<void> {
  const { students, days } = options;
  const { rows, tables, official, lake } = await inFolder((f) => besideSyncdb(f, students, jobSeconds, days));
  const beside = (theirs: number, ours: number) =>
    `${theirs.toFixed(1)} s, ${ours.toFixed(1)} s, **${(theirs / ours).toFixed(1)}×**`;
  const daily = [median(official.slice(1)), median(lake.slice(1))] as const;
  const first = beside(official[0]!, lake[0]!);
  console.log(`| ${jobSeconds} s | ${tables}, ${rows} | ${first} | ${beside(...daily)} |`);
}

function pull(url: string): Promise<{ ms: number; bytes: number; peakMiB: number }> {
  return inFolder((f) => measure('./pull.ts', url, AT_ONCE, f));
}

/** A fresh folder for one run, gone after it. */
async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const fresh = await mkdtemp(join(folder, 'run-'));
  try {
    return await work(fresh);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function list(text: string): number[] {
  return text.split(',').map(Number);
}
