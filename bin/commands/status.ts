import Table from 'cli-table3';
import type { Command } from 'commander';
import pc from 'picocolors';
import { type LakeStatus, lakeStatus } from '../../src/pipeline/status.ts';
import { withLakeAt } from '../home.ts';
import {
  addCommonOptions,
  addHomeOption,
  type CommonFlags,
  type HomeFlags,
  printJson,
  runCommand,
} from './common.ts';

export function defineStatus(command: Command): void {
  addHomeOption(addCommonOptions(command))
    .addHelpText(
      'after',
      '\nExit code 1 when the last run failed or was interrupted.\n\nExample:\n  $ lake status',
    )
    .action((flags: CommonFlags & HomeFlags) => runCommand(() => status(flags), flags));
}

async function status(flags: CommonFlags & HomeFlags): Promise<number> {
  const found = await withLakeAt(flags.campus, { home: flags.home }, lakeStatus);
  if (flags.json) printJson(found);
  else process.stdout.write(`${inWords(found)}\n`);
  return found.run === undefined || found.run.status === 'succeeded' ? 0 : 1;
}

function inWords({ run, publication, failures, datasets }: LakeStatus): string {
  const lines = [run ? headline(run) : 'Nothing has been loaded yet: `lake run` does it.'];
  for (const { about, message, hint } of failures)
    lines.push(`  ${pc.red('✗')} ${about || 'the run'}: ${message}`, `    → ${hint}`);
  lines.push(publication ? `Published: ${publication}` : 'Nothing is published.', '');
  const table = new Table({
    head: ['dataset', 'rows', 'loaded up to', ''],
    colAligns: ['left', 'right', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const { dataset, rows, watermark, late } of datasets) {
    table.push([
      dataset,
      rows?.toLocaleString('en-US') ?? '',
      watermark?.slice(0, 16).replace('T', ' ') ?? 'never',
      late ? pc.yellow('late') : '',
    ]);
  }
  return [...lines, table.toString()].join('\n');
}

function headline({ run, status, startedAt, attempt }: NonNullable<LakeStatus['run']>): string {
  const verdict = {
    succeeded: pc.green('succeeded'),
    failed: pc.red('failed'),
    running: pc.yellow('is going, or was interrupted: `lake run` continues it'),
  }[status];
  return `Run ${run}, begun ${startedAt}${attempt > 1 ? `, attempt ${attempt}` : ''}: ${verdict}`;
}
