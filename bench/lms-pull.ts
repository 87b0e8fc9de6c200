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
const LINKS = [
  ['300 Mbit/s', 0.3 * GIGABIT],
  ['1 Gbit/s', GIGABIT],
  ['loopback, as fast as it is', 0],
] as const;
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
  .option('--megabytes <n>', 'bytes of a comparison', Number, 300)
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
  console.log(
    '| link | files | bare, MB/s | lake, MB/s | ratio of each round | median | CPU s/GB: bare, lake |',
  );
  console.log('|---|---|---|---|---|---|---|');
  for (const [link, rate] of LINKS) {
    for (const format of ['jsonl', 'parquet']) await compare(link, rate, format);
  }
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

interface Pulled {
  ms: number;
  bytes: number;
  cpuSeconds: number;
  peakMiB: number;
}

/** Bare and lake in turns, so that what else the machine does strikes both. */
async function compare(link: string, rate: number, format: string): Promise<void> {
  const server = await serve('./file-server.ts', options.megabytes * MB, FILES, rate, format);
  const url = `http://127.0.0.1:${server.said}`;
  const rounds: { lake: Pulled; bare: { ms: number; cpuSeconds: number } }[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    const lake = await pull(url, format);
    const bare = await inFolder((f) => measure<Pulled>('./bare.ts', url, FILES, AT_ONCE, f));
    rounds.push({ lake, bare });
  }
  await server.stop();
  const of = (value: (round: (typeof rounds)[number]) => number) => median(rounds.map(value));
  const rates = [
    of(({ lake, bare }) => lake.bytes / bare.ms / 1000),
    of(({ lake }) => lake.bytes / lake.ms / 1000),
  ];
  const ratios = rounds.map(({ lake, bare }) => bare.ms / lake.ms);
  const cpu = [
    of(({ lake, bare }) => bare.cpuSeconds / (lake.bytes / 1e9)),
    of(({ lake }) => lake.cpuSeconds / (lake.bytes / 1e9)),
  ];
  const shown = [
    link,
    format,
    ...rates.map((r) => r.toFixed(0)),
    ratios.map((r) => r.toFixed(2)).join(' '),
    `**${median(ratios).toFixed(2)}**`,
    cpu.map((c) => c.toFixed(0)).join(', '),
  ];
  console.log(`| ${shown.join(' | ')} |`);
}

async function remember(megabytes: number): Promise<void> {
  const server = await serve('./file-server.ts', megabytes * MB, FILES, GIGABIT, 'jsonl');
  const { bytes, ms, peakMiB } = await pull(`http://127.0.0.1:${server.said}`, 'jsonl');
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

function pull(url: string, format: string): Promise<Pulled> {
  return inFolder((f) => measure('./pull.ts', url, AT_ONCE, f, format));
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
