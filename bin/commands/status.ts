import type { Command } from 'commander';
import pc from 'picocolors';
import { type LakeStatus, lakeStatus } from '../../src/app/status/lake-status.ts';
import { screenTable, widthOf } from '../../src/screen-table.ts';
import { withLakeAt } from '../with-lake.ts';
import {
  addCommonOptions,
  addTargetOption,
  type CommonFlags,
  printJson,
  runCommand,
  type TargetFlags,
} from './common.ts';

/** Names in a line; the rest is counted. `--json` lists more. */
const NAMED = 5;

export function defineStatus(command: Command): void {
  addTargetOption(addCommonOptions(command))
    .addHelpText(
      'after',
      '\nTimes are those of the rows that queries see. Exit code 1 when the last run failed or was interrupted, or when\nwhat it published, or the ledger, cannot be read or written.\n\nExample:\n  $ lake status',
    )
    .action((flags: CommonFlags & TargetFlags) => runCommand(() => status(flags), flags));
}

async function status(flags: CommonFlags & TargetFlags): Promise<number> {
  const found = await withLakeAt(flags.campus, { target: flags.target }, lakeStatus);
  if (flags.json) printJson(found);
  else process.stdout.write(`${inWords(found)}\n`);
  const isFine = found.run === undefined || found.run.status === 'succeeded';
  const isWhole =
    found.problem === undefined && found.ledgerFault === undefined && found.damaged.length === 0;
  return isFine && isWhole ? 0 : 1;
}

function inWords({
  run,
  publication,
  followed,
  problem,
  failures,
  remarks,
  ledgerFault,
  damaged,
  datasets,
}: LakeStatus): string {
  const lines = [run ? headline(run) : 'Nothing has been loaded yet: `lake run` does it.'];
  for (const failure of failures) lines.push(...failureLines(failure));
  for (const { feature, text } of remarks)
    lines.push(`  ${pc.yellow('!')} ${feature.replaceAll('-', ' ')}: ${text}`);
  lines.unshift(...faultLines(ledgerFault));
  for (const key of damaged)
    lines.push(
      `  ${pc.red('✗')} the record ${key} cannot be read`,
      '    → `lake repair` says what can be done',
    );
  for (const one of followed) lines.push(followedLine(one));
  lines.push(publication ? `Published: ${publication}` : 'Nothing is published.', '');
  if (problem) lines.splice(-1, 0, `  ${pc.red('✗')} ${problem.message}`, `    → ${problem.hint ?? ''}`);
  const head = ['dataset', 'rows', 'data up to', 'note'];
  const rows = datasets.map(({ dataset, rows: count, watermark, loadedUpTo, late, whyOld, aside }) => [
    dataset,
    count?.toLocaleString('en-US') ?? '',
    watermark ? shortTime(watermark) : 'never',
    noteOf({ late, whyOld, loadedUpTo, aside }),
  ]);
  const table = {
    head,
    rows,
    colAligns: ['left' as const, 'right' as const, 'left' as const, 'left' as const],
  };
  return [...lines, screenTable(table, widthOf(process.stdout))].join('\n');
}

function failureLines(failure: LakeStatus['failures'][number]): string[] {
  const { about, source, reach, message, hint, count, tables, owners } = failure;
  const name = reach === 'source' && source ? source : about || 'the run';
  const others = count - NAMED;
  const met = `${tables.slice(0, NAMED).join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
  return [
    `  ${pc.red('✗')} ${name}: ${message}`,
    ...(count > 1 ? [`    ${count} steps failed so: ${met}`] : []),
    ...(owners.length > 0 ? [`    owner: ${owners.join(', ')}`] : []),
    `    → ${hint}`,
  ];
}

const shortTime = (iso: string): string => iso.slice(0, 16).replace('T', ' ');

function noteOf({
  late,
  whyOld,
  loadedUpTo,
  aside,
}: Pick<LakeStatus['datasets'][number], 'late' | 'whyOld' | 'loadedUpTo' | 'aside'>): string {
  const notes = [
    ...(late ? [pc.yellow('late')] : []),
    ...(whyOld ? [whyOld] : []),
    ...(aside ? [`${aside.toLocaleString('en-US')} row${aside === 1 ? '' : 's'} kept aside`] : []),
    ...(loadedUpTo ? [`loaded up to ${shortTime(loadedUpTo)}, not published`] : []),
  ];
  return notes.join('; ');
}

/** That a run could not be recorded comes first: what the ledger says is of an earlier one. */
function faultLines(fault: LakeStatus['ledgerFault']): string[] {
  if (!fault) return [];
  const { at, run, message, hint } = fault;
  const what =
    at === undefined ? 'No run can be recorded now' : `Run ${run ?? ''} FAILED at ${at}, unrecorded`;
  return [pc.red(what.replace('  ', ' ')), `  ${pc.red('✗')} ${message}`, `    → ${hint}`];
}

function headline({ run, status, startedAt, attempt }: NonNullable<LakeStatus['run']>): string {
  const verdict = {
    succeeded: pc.green('succeeded'),
    failed: pc.red('failed'),
    running: pc.yellow('is going, or was interrupted: `lake run` continues it'),
  }[status];
  return `Run ${run}, begun ${startedAt}${attempt > 1 ? `, attempt ${attempt}` : ''}: ${verdict}`;
}

/** After so long nobody follows any more: a round comes by the minute. */
const FOLLOWED_S = 3600;

function followedLine({ source, asOf, secondsAgo }: LakeStatus['followed'][number]): string {
  const upTo = `${asOf.slice(0, 19).replace('T', ' ')} UTC`;
  return secondsAgo < FOLLOWED_S
    ? `Followed: ${source} up to ${upTo}, ${secondsAgo} s ago`
    : `Followed: ${source} up to ${upTo}; \`lake follow\` does not run any more`;
}
