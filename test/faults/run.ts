import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Command } from 'commander';
import { EXPERIMENTS } from '../../lib/faults/experiments.ts';
import { TWINS, type Twin } from './twins.ts';

/** `npm run faults`: the experiments that need no account, one after another, and a report. */

const ROOT = join(import.meta.dirname, '../..');

interface Ran extends Twin {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
}

function configOf(file: string): string {
  if (file.startsWith('test/long/')) return 'vitest.long.config.ts';
  return file.startsWith('test/conformance/') ? 'vitest.conformance.config.ts' : 'vitest.config.ts';
}

async function run(twin: Twin, folder: string): Promise<Ran> {
  const output = join(folder, 'report.json');
  await rm(output, { force: true });
  const words = ['vitest', 'run', '--config', configOf(twin.file), twin.file, '--reporter=json'];
  const named = twin.tests === undefined ? [] : ['-t', twin.tests];
  const began = Date.now();
  // A suite that fails ends with 1, and has written its report.
  await promisify(execFile)('npx', [...words, `--outputFile=${output}`, ...named], {
    cwd: ROOT,
    env: { ...process.env, CONFORMANCE: 'all', FAULT_SEEDS: process.env.FAULT_SEEDS ?? '1' },
    maxBuffer: 2 ** 28,
  }).catch(() => undefined);
  const report = JSON.parse(await readFile(output, 'utf8').catch(() => '{}')) as {
    numPassedTests?: number;
    numFailedTests?: number;
    numPendingTests?: number;
  };
  return {
    ...twin,
    passed: report.numPassedTests ?? 0,
    failed: report.numFailedTests ?? 1,
    skipped: twin.tests === undefined ? (report.numPendingTests ?? 0) : 0,
    seconds: Math.round((Date.now() - began) / 1000),
  };
}

const verdict = (runs: readonly Ran[]): string => {
  if (runs.length === 0) return 'not run';
  if (runs.some(({ failed }) => failed > 0)) return 'refuted';
  return runs.every(({ passed }) => passed > 0) ? 'held' : 'not shown';
};

const program = new Command('faults')
  .description('Brings about every fault that needs no account, and reports which hypotheses held')
  .option('--only <names...>', 'these experiments. Default: all')
  .option('--where <where>', 'home or emulator. Default: both')
  .option('--report <file>', 'write the report there, as Markdown. Default: only print it')
  .addHelpText('after', `\nExperiments: ${EXPERIMENTS.map(({ name }) => name).join(', ')}`)
  .parse();
const { only, where, report } = program.opts<{ only?: string[]; where?: string; report?: string }>();

const folder = await mkdtemp(join(tmpdir(), 'faults-'));
try {
  const lines = ['| experiment | hypothesis | verdict | tests | seconds |', '|---|---|---|---|---|'];
  let refuted = false;
  for (const { name, hypothesis } of EXPERIMENTS.filter((one) => only?.includes(one.name) ?? true)) {
    const runs: Ran[] = [];
    for (const twin of (TWINS[name] ?? []).filter((one) => where === undefined || one.where === where)) {
      process.stderr.write(`${name}: ${twin.file}\n`);
      runs.push(await run(twin, folder));
    }
    const said = verdict(runs);
    refuted ||= said === 'refuted';
    const tests = runs.map(
      (one) =>
        `${one.where}: ${one.passed} passed, ${one.failed} failed${one.skipped > 0 ? `, ${one.skipped} skipped` : ''}`,
    );
    const seconds = runs.reduce((sum, one) => sum + one.seconds, 0);
    lines.push(`| ${name} | ${hypothesis} | ${said} | ${tests.join('; ')} | ${seconds} |`);
  }
  const text = `${lines.join('\n')}\n`;
  process.stdout.write(text);
  if (report !== undefined) await writeFile(report, text);
  process.exitCode = refuted ? 1 : 0;
} finally {
  await rm(folder, { recursive: true });
}
