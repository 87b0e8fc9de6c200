import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { EXPERIMENTS, type FaultExperiment } from '../../lib/faults/experiments.ts';
import { type Conducted, conclusionOf, reportOf } from './report.ts';
import { runTwin } from './run-twin.ts';
import { limitOf, TWINS, type Twin } from './twins.ts';

/** `npm run faults`: the experiments that need no account, one after another, and a report. */

const NAMES = EXPERIMENTS.map(({ name }) => name);
const program = new Command('faults')
  .description('Brings about every fault that needs no account, and reports which hypotheses held')
  .addOption(new Option('--only <names...>', 'these experiments. Default: all').choices(NAMES))
  .addOption(
    new Option('--where <where>', 'on one machine, or on the emulator of AWS. Default: both').choices([
      'home',
      'emulator',
    ]),
  )
  .option('--report <file>', 'write the report there, as Markdown. Default: only print it')
  .option('--json', 'answer in JSON, for scripts')
  .option('--dry-run', 'name the experiments, their stop conditions and tests, and run none')
  .addHelpText(
    'after',
    `
An experiment is stopped when its twin takes longer than its limit, and by Ctrl-C; the rest is reported then, too.
The emulator needs what the conformance tests need (CONTRIBUTING.md). FAULT_SEEDS and KILL_POINTS set how many of the random faults and kills are tried (1 and 2).

Exit codes: 0 every hypothesis held, 1 one did not, was not shown or was stopped, 2 the input must be corrected.

Examples:
  $ npm run faults -- --only run-killed key-slow --report faults.md
  $ npm run faults -- --where home --json`,
  )
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse();
interface Flags {
  readonly only?: readonly string[];
  readonly where?: Twin['where'];
  readonly report?: string;
  readonly json?: boolean;
  readonly dryRun?: boolean;
}
const { only, where, report, json, dryRun } = program.opts<Flags>();

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());

async function conduct(experiment: FaultExperiment, folder: string): Promise<Conducted> {
  const twins = (TWINS[experiment.name] ?? []).filter((one) => where === undefined || one.where === where);
  const runs: Conducted['runs'][number][] = [];
  for (const twin of twins) {
    if (stop.signal.aborted) break;
    process.stderr.write(
      `${experiment.name}, ${twin.where}: ${twin.file}; stopped after ${limitOf(twin)} minutes\n`,
    );
    if (!dryRun) runs.push(await runTwin(twin, folder, stop.signal));
  }
  return { experiment, twins, runs };
}

const folder = await mkdtemp(join(tmpdir(), 'faults-'));
try {
  const conducted: Conducted[] = [];
  for (const experiment of EXPERIMENTS.filter(({ name }) => only?.includes(name) ?? true))
    conducted.push(await conduct(experiment, folder));
  const text = reportOf(conducted);
  if (json) {
    const shown = conducted.map((one) => ({ ...one, conclusion: conclusionOf(one) }));
    process.stdout.write(`${JSON.stringify({ experiments: shown }, null, 2)}\n`);
  } else process.stdout.write(text);
  if (report !== undefined) await writeFile(report, text);
  const asked = conducted.filter(({ twins }) => twins.length > 0).map(conclusionOf);
  process.exitCode = dryRun || asked.every((one) => one === 'held') ? 0 : 1;
} finally {
  await rm(folder, { recursive: true });
}
