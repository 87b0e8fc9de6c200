import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { openLocalEngine } from '../src/platform/local/duckdb/engine.ts';
import type { TableVersion } from '../src/ports/tables.ts';
import { granted } from '../test/granted.ts';
import { type RawData, submissions, writeRawData } from './increment/raw-data.ts';

/**
 * How long 1 % of changes take to be merged into a big table, beside a full reload of the same table in the same
 * run. Each measurement is a process of its own, so that its peak of memory is its own; both sides alternate.
 */
const HELP = `npm run bench:increment -- [--rows 10000000] [--share 0.01] [--runs 5] [--format parquet|jsonl]`;

type Task = 'reload' | 'merge' | 'compact' | 'read-base' | 'read-merged';
interface Measured {
  readonly ms: number;
  readonly peakMb: number;
}
interface State {
  readonly snapshot: string[];
  readonly increment: string[];
  base?: TableVersion;
  merged?: TableVersion;
}

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    share: { type: 'string', default: '0.01' },
    runs: { type: 'string', default: '5' },
    format: { type: 'string', default: 'parquet' },
    task: { type: 'string' },
    root: { type: 'string' },
    help: { type: 'boolean' },
  },
});

if (values.help) console.log(HELP);
else if (values.task) await measureHere(values.task as Task, values.root!);
else await compare();

async function compare(): Promise<void> {
  const data: RawData = {
    rows: Number(values.rows),
    share: Number(values.share),
    format: values.format === 'jsonl' ? 'jsonl' : 'parquet',
  };
  const root = await mkdtemp(join(tmpdir(), 'campus-lake-bench-'));
  try {
    await writeFile(join(root, 'state.json'), JSON.stringify(await writeRawData(root, data)));
    const times = new Map<Task, Measured[]>();
    for (let run = 0; run < Number(values.runs); run += 1) {
      for (const task of ['reload', 'merge', 'compact', 'read-base', 'read-merged'] as const) {
        times.set(task, [...(times.get(task) ?? []), await measure(task, root)]);
      }
    }
    report(data, times);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function measure(task: Task, root: string): Promise<Measured> {
  const self = fileURLToPath(import.meta.url);
  const args = ['--import', 'tsx', self, '--task', task, '--root', root, '--format', values.format];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Measured;
}

async function measureHere(task: Task, root: string): Promise<void> {
  const stateFile = join(root, 'state.json');
  const state = JSON.parse(await readFile(stateFile, 'utf8')) as State;
  const spec = submissions(values.format === 'jsonl' ? 'jsonl' : 'parquet');
  // The policy is changed only to measure what a compaction costs.
  const compaction = { share: task === 'compact' ? 0 : 0.15, files: 12, smallBase: 50_000 };
  const engine = await openLocalEngine({ root, compaction });
  const read = async (version: TableVersion) => {
    const sql =
      'SELECT course_id, count(*) AS n, avg(score) AS score FROM canvas.submissions GROUP BY course_id';
    const result = await engine.query(sql, granted({ 'canvas.submissions': version }));
    for await (const _ of result.batches());
  };
  const started = performance.now();
  if (task === 'reload') state.base = (await engine.replace(spec, state.snapshot, 'base')).version;
  else if (task === 'merge') {
    state.merged = (await engine.merge(state.base!, spec, state.increment, 'merged')).version;
  } else if (task === 'compact') await engine.merge(state.base!, spec, state.increment, 'compacted');
  else await read(task === 'read-base' ? state.base! : state.merged!);
  const ms = performance.now() - started;
  await engine.close();
  await writeFile(stateFile, JSON.stringify(state));
  console.log(JSON.stringify({ ms, peakMb: process.resourceUsage().maxRSS / 1024 }));
}

function report({ rows, share, format }: RawData, times: ReadonlyMap<Task, Measured[]>): void {
  const ms = (task: Task) => median(times.get(task)!.map((m) => m.ms));
  const line = (name: string, task: Task, peer: Task) => {
    const all = times.get(task)!.map((m) => m.ms);
    const spread = `${seconds(Math.min(...all))}–${seconds(Math.max(...all))}`;
    const peak = Math.max(...times.get(task)!.map((m) => m.peakMb));
    return `| ${name} | ${seconds(ms(task))} | ${spread} | ${percent(ms(task) / ms(peer))} | ${Math.round(peak)} MB |`;
  };
  const runs = times.get('merge')!.length;
  console.log(`${rows.toLocaleString('en-US')} rows, ${percent(share)} changed, ${format}, ${runs} runs, ${availableParallelism()} cores

| what | median s | range | of its peer | peak RSS |
|---|---|---|---|---|
${line('full reload', 'reload', 'reload')}
${line('increment merged', 'merge', 'reload')}
${line('increment merged, with a compaction into a new base', 'compact', 'reload')}
${line('an aggregate over the reloaded table', 'read-base', 'read-base')}
${line('the same over base and increment', 'read-merged', 'read-base')}
`);
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}

function percent(ratio: number): string {
  return `${(100 * ratio).toFixed(1)} %`;
}
