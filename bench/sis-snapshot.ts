import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { Command } from 'commander';
import type { Measured as Timed } from './sis-snapshot/children.ts';
import {
  bareCopy,
  type Contender,
  dlt,
  freshFolder,
  lake,
  singlePipe,
  sling,
} from './sis-snapshot/contenders.ts';
import { workClock } from './sis-snapshot/cpu.ts';
import { installPeers } from './sis-snapshot/peers.ts';
import { startBenchSis, type TableSet } from './sis-snapshot/sis.ts';

/**
 * How long a snapshot of a SIS takes from PostgreSQL to Parquet, beside PostgreSQL alone, beside one COPY piped into
 * one DuckDB (the floor of this way of working), and beside dlt and sling at their fastest and at their own settings;
 * everyone on the same tables, in turns, every row counted.
 *
 *   npm run bench:sis-snapshot -- --help
 */
const options = new Command('bench:sis-snapshot')
  .option('--rounds <n>', 'rounds, everyone once in each, each round in another order', Number, 3)
  .option('--slow-rounds <n>', 'rounds of those that take minutes', Number, 1)
  .option('--rows <n>', 'rows of the big table', Number, 5_000_000)
  .option('--wide-rows <n>', 'rows of the table with a hundred columns', Number, 100_000)
  .option('--small-tables <n>', 'number of small tables', Number, 300)
  .option('--sets <list>', 'sets of tables, with commas between', 'big,wide,small')
  .option('--no-peers', 'without dlt and sling (they want Python 3.11 or newer, Linux, and a registry)')
  .parse()
  .opts<{
    rounds: number;
    slowRounds: number;
    rows: number;
    wideRows: number;
    smallTables: number;
    sets: string;
    peers: boolean;
  }>();

/** With the processor time of both ends, the server's and the contender's. */
type Measured = Timed & { cpu: number };

const peers = options.peers ? await installPeers() : undefined;
const bench = await startBenchSis(options);
const work = workClock(bench.home);
try {
  const { sis } = bench;
  const ours = lake(sis);
  const contenders: Contender[] = [ours, bareCopy(sis), singlePipe(sis)];
  const slow: Contender[] = [];
  if (peers) {
    contenders.push(dlt(sis, peers, 'connectorx'), dlt(sis, peers, 'pyarrow'));
    slow.push(dlt(sis, peers, 'sqlalchemy'), sling(sis, peers, false), sling(sis, peers, true));
  }
  for (const set of bench.sets.filter((one) => options.sets.split(',').includes(one.schema))) {
    const fits = ({ only }: Contender) => only?.includes(set.schema) ?? true;
    const results = new Map<Contender, Measured[]>();
    await rounds(options.rounds, contenders.filter(fits), set, results);
    if (slow.length > 0) await rounds(options.slowRounds, [ours, ...slow.filter(fits)], set, results, true);
    print(set, ours, results);
  }
} finally {
  await bench.stop();
}

/** Everyone once in each round; who begins changes, so that no one always comes after the same neighbour. */
async function rounds(
  count: number,
  contenders: readonly Contender[],
  set: TableSet,
  results: Map<Contender, Measured[]>,
  beside = false,
): Promise<void> {
  for (let round = 0; round < count; round++) {
    const order = [
      ...contenders.slice(round % contenders.length),
      ...contenders.slice(0, round % contenders.length),
    ];
    for (const contender of order) {
      const folder = await freshFolder(bench.folder);
      const before = work();
      const timed = await contender.copy(set, folder);
      const measured = { ...timed, cpu: work() - before };
      if (contender.writes) await checkRows(folder, set, contender.name);
      await rm(folder, { recursive: true, force: true });
      console.error(
        `${set.schema} ${round + 1}: ${contender.name} ${measured.seconds.toFixed(2)} s, CPU ${measured.cpu.toFixed(1)} s`,
      );
      const own = beside && contender.name === 'campus-lake';
      if (!own) results.set(contender, [...(results.get(contender) ?? []), measured]);
    }
  }
}

/** Whoever loses rows is not fast. */
async function checkRows(folder: string, set: TableSet, name: string): Promise<void> {
  const files = (await readdir(folder, { recursive: true }))
    .filter((file) => file.endsWith('.parquet') && !/_dlt_|^pipelines/.test(file))
    .map((file) => `'${join(folder, file)}'`);
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  const sql = `SELECT coalesce(sum(num_rows), 0)::BIGINT FROM parquet_file_metadata([${files.join(', ')}])`;
  const [[rows]] = (await duckdb.runAndReadAll(sql)).getRows() as [[bigint]];
  duckdb.closeSync();
  if (Number(rows) !== set.rows)
    throw new Error(`${name} wrote ${rows} of ${set.rows} rows of ${set.schema}`);
}

function print(set: TableSet, ours: Contender, results: Map<Contender, Measured[]>): void {
  const own = results.get(ours)!;
  console.log(`\n**${set.text}**\n`);
  console.log(
    '| | seconds, each round | median | its time ÷ ours, median | processor time of both ends, s | peak memory, MiB |',
  );
  console.log('|---|---|---|---|---|---|');
  for (const [contender, measured] of results) {
    const seconds = measured.map((one) => one.seconds);
    const ratios = seconds.map(
      (value, i) => value / (own[i]?.seconds ?? median(own.map((one) => one.seconds))),
    );
    const cpu = median(measured.map((one) => one.cpu));
    const memory = Math.max(...measured.map((one) => one.memory));
    console.log(
      `| ${contender.name} | ${seconds.map((s) => s.toFixed(1)).join(', ')} | ${median(seconds).toFixed(1)} | ` +
        `${contender === ours ? '' : `${median(ratios).toFixed(2)}×`} | ${cpu.toFixed(1)} | ${memory} |`,
    );
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
