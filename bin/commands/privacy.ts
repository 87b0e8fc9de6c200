import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { count } from '../../src/app/doctor/finding.ts';
import {
  type ColumnToReview,
  columnsToReview,
  writeDecisions,
} from '../../src/app/privacy/review-columns.ts';
import { PRIVACY_CLASSES, type PrivacyClass } from '../../src/campus/catalog-schema.ts';
import type { Decision } from '../../src/campus/discover/decide.ts';
import { InputError } from '../../src/errors.ts';
import { acceptanceOf, askEach, lineOf } from '../privacy/ask.ts';
import { stopSignal } from '../stop-signal.ts';
import { addCommonOptions, type CommonFlags, openCampus, printJson, runCommand } from './common.ts';

export function definePrivacy(command: Command): void {
  command.addHelpText('after', '\nHow a data steward decides, reviews and proves: docs/privacy.md.');
  definePrivacyReview(command);
}

interface ReviewFlags extends CommonFlags {
  readonly class?: readonly PrivacyClass[];
  readonly sample?: number;
  readonly list?: boolean;
  readonly accept?: boolean;
  readonly decisions?: string;
}

function definePrivacyReview(parent: Command): void {
  addCommonOptions(parent.command('review'))
    .description('decide on the columns that look sensitive, one by one')
    .argument(
      '[tables...]',
      'tables of the lake, such as sis.registrar_persons; * is any run of characters',
      ['*'],
    )
    .addOption(
      new Option('--class <classes...>', 'only what was proposed as one of these classes').choices(
        PRIVACY_CLASSES,
      ),
    )
    .option('--sample <rows>', 'look at so many rows of each SIS table, too; values are not kept', rows)
    .option('--list', 'list, and ask nothing')
    .option('--accept', 'accept what is listed, and ask nothing')
    .option('--decisions <file>', 'take decisions from a JSON file, and ask nothing')
    .addHelpText(
      'after',
      `
Lists every column that looks sensitive and on which nobody has decided, with the class that is proposed and why, in
counts and never in values. In a terminal it asks about each: accept, change the class, refuse (leave it behind). The
decisions are written into the catalog, where comments stay. With --json, or without a terminal, it lists.

--decisions reads a list of {"dataset", "column", "decision": "accept" | "refuse" | "change", "privacy", "reason"}.
What a run does about undecided columns: privacy.undecided in campus.yaml. Exit codes: 0 done, 2 input to correct.

Examples:
  $ lake privacy review
  $ lake privacy review 'sis.*' --sample 500 --list
  $ lake privacy review --class education --accept
  $ lake privacy review --json | jq 'group_by(.privacy) | map({(.[0].privacy): length}) | add'
  $ lake privacy review --decisions decisions.json`,
    )
    .action((tables: string[], flags: ReviewFlags) => runCommand(() => review(tables, flags), flags));
}

async function review(tables: readonly string[], flags: ReviewFlags): Promise<void> {
  const loaded = await openCampus(flags);
  const { class: classes, sample } = flags;
  if (flags.decisions !== undefined) {
    const decisions = await decisionsIn(flags.decisions);
    return written(await writeDecisions(loaded, flags.campus, decisions), decisions.length, flags);
  }
  const columns = await columnsToReview(loaded, { tables, classes, sample, signal: stopSignal() });
  if (flags.accept) {
    const decisions = columns.map(acceptanceOf);
    return written(await writeDecisions(loaded, flags.campus, decisions), decisions.length, flags);
  }
  if (flags.json) return printJson(columns);
  if (flags.list || columns.length === 0 || !process.stdin.isTTY || !process.stdout.isTTY)
    return void process.stdout.write(listOf(columns));
  const decisions = await asked(columns);
  if (decisions.length > 0)
    written(await writeDecisions(loaded, flags.campus, decisions), decisions.length, flags);
}

async function asked(columns: readonly ColumnToReview[]): Promise<Decision[]> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const ended = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)));
  try {
    return await askEach(
      columns,
      (question) => Promise.race([lines.question(question), ended]),
      (text) => process.stdout.write(text),
    );
  } finally {
    lines.close();
  }
}

function listOf(columns: readonly ColumnToReview[]): string {
  if (columns.length === 0) return 'No column that looks sensitive waits for a decision.\n';
  const lines = columns.map(
    (column) => `${lineOf(column)}${column.loaded ? '' : '; its table is not loaded'}`,
  );
  return `${lines.join('\n')}\n\n${count(columns.length, 'column')} wait for a decision: \`lake privacy review\` in a terminal asks about each.\n`;
}

function written(files: readonly string[], decided: number, { json }: CommonFlags): void {
  if (json) printJson({ decided, files });
  else
    process.stdout.write(
      `Decided on ${count(decided, 'column')}${files.length > 0 ? `, in ${files.join(', ')}` : ''}.\n`,
    );
}

const decisionList = z.array(
  z
    .strictObject({
      dataset: z.string(),
      column: z.string(),
      decision: z.enum(['accept', 'refuse', 'change']),
      privacy: z.enum(PRIVACY_CLASSES).optional(),
      reason: z.string().trim().min(1).optional(),
    })
    .refine(({ decision, privacy }) => (decision === 'change') === (privacy !== undefined)),
);

async function decisionsIn(path: string): Promise<Decision[]> {
  const hint =
    'a list of {"dataset": "sis.people", "column": "nick", "decision": "accept", "refuse" or "change"}; with change, "privacy" is the class';
  try {
    return decisionList.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new InputError(`${path} cannot be read as decisions`, { about: path, hint, cause });
  }
}

function rows(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('It takes a whole number of rows, such as 500.');
}
