import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { count } from '../../src/app/doctor/finding.ts';
import {
  type ColumnToReview,
  columnsToReview,
  writeDecisions,
} from '../../src/app/privacy/review-columns.ts';
import type { Campus } from '../../src/campus/campus.ts';
import { PRIVACY_CLASSES, type PrivacyClass } from '../../src/campus/catalog-schema.ts';
import type { Decision } from '../../src/campus/discover/decide.ts';
import { InputError } from '../../src/errors.ts';
import { openEvents } from '../../src/pipeline/event-bus.ts';
import { lakeFolders } from '../../src/platform/local/folders.ts';
import type { Scanned } from '../../src/platform/local/scan/scan-lake.ts';
import { type Planted, parsePlanted, SHORTEST_PLANTED } from '../../src/privacy/planted.ts';
import { acceptanceOf, askEach, lineOf } from '../privacy/ask.ts';
import { whileWorking } from '../progress/while-working.ts';
import { stopSignal } from '../stop-signal.ts';
import { withLakeAt } from '../with-lake.ts';
import {
  addCommonOptions,
  addTargetOption,
  type CommonFlags,
  EXIT,
  openCampus,
  printJson,
  runCommand,
  type TargetFlags,
} from './common.ts';

export function definePrivacy(command: Command): void {
  command.addHelpText('after', '\nHow a data steward decides, reviews and proves: docs/privacy.md.');
  definePrivacyReview(command);
  definePrivacyScan(command);
  definePrivacyRotate(command);
}

interface RotateFlags extends CommonFlags {
  readonly confirm?: boolean;
}

function definePrivacyRotate(parent: Command): void {
  addCommonOptions(parent.command('rotate'))
    .description('make all pseudonyms by the newest key, without asking a source')
    .option('--confirm', 'do it; without it, list the tables')
    .addHelpText(
      'after',
      `
Write where the new key lies at the end of privacy.rotations in campus.yaml, and keep the keys before it: a pseudonym by
the new key is made of the one by the key before. Staged tables, models, the publication and the warehouse are re-keyed;
versions with pseudonyms of before are removed. Extracts that were made before have the old ones.

Examples:
  $ openssl rand -hex 32 > private/pseudonyms-2.key    # in campus.yaml: rotations: [{ file: private/pseudonyms-2.key }]
  $ lake privacy rotate
  $ lake privacy rotate --confirm`,
    )
    .action((flags: RotateFlags) => runCommand(() => rotate(flags), flags));
}

async function rotate({ campus, json, confirm }: RotateFlags): Promise<void> {
  const { planRotation, rotateKeys } = await import('../../src/app/privacy/rotate-keys.ts');
  const events = openEvents();
  const rotation = await withLakeAt(campus, { events, signal: stopSignal() }, (lake) =>
    confirm ? rotateKeys(lake, events) : planRotation(lake),
  );
  if (json) return printJson(rotation);
  const { version, tables } = rotation;
  const lines = tables.map(({ table, version: before }) => `${table}: key version ${before} to ${version}`);
  const next =
    tables.length === 0
      ? `All pseudonyms are of key version ${version}.`
      : confirm
        ? 'Re-keyed, published and loaded; versions with pseudonyms of before are removed.'
        : 'Next: the same with --confirm.';
  process.stdout.write(`${[...lines, next].join('\n')}\n`);
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
    .option('--sample <rows>', 'also look at this many rows of each SIS table; no value is kept', rows)
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

interface ScanFlags extends CommonFlags, TargetFlags {
  readonly planted?: string;
  readonly value?: readonly string[];
  readonly allow?: readonly string[];
  readonly also?: readonly string[];
}

function definePrivacyScan(parent: Command): void {
  addTargetOption(addCommonOptions(parent.command('scan')))
    .description('decode every file of the lake and look for values that must not be there')
    .option('--planted <file>', 'a file with the values: one a line, or a JSON list')
    .option('--value <values...>', 'values, in place of a file')
    .option('--allow <places...>', 'where any of them may be; * is any run of characters')
    .option('--also <paths...>', 'other files and folders to read: exports, dumps, logs')
    .addHelpText(
      'after',
      `
Reads what is on this machine: every file of the lake (values, statistics and metadata of Parquet, gzip, JSON, logs,
ledger), the files of notify, and the warehouse with its planner's statistics. It says in which file, column and zone a
value is, by its number in the list, and prints no value. In a JSON list an entry is a value or {"value", "allowed"},
where allowed lists places. A place is a file of the lake, with #column for a column, or a folder.

With --target aws it reads every version of every object in the lake's buckets, one at a time through this machine, the
ledger and the Glue catalog. Redshift is not read: it has rows of the curated tables. The role <name>-eraser may do it.

Exit codes: 0 in no place that is not allowed, 1 in one, or a file could not be decoded, 2 input to correct.

Examples:
  $ lake privacy scan --planted canaries.txt
  $ lake privacy scan --planted canaries.json --allow raw 'staged/sis.people/*#name' --also exports
  $ lake privacy scan --planted canaries.txt --target aws
  $ lake privacy scan --value 000-12-3456 --json | jq '.found[] | select(.allowed | not)'`,
    )
    .action((flags: ScanFlags) => runCommand(() => scan(flags), flags));
}

async function scan(flags: ScanFlags): Promise<number> {
  const { campus } = await openCampus(flags);
  const planted = await plantedIn(flags);
  const { scanLake } = await import('../../src/platform/local/scan/scan-lake.ts');
  const { root, register } = lakeFolders(campus);
  const notices = campus.notify.flatMap((one) =>
    one.kind === 'file' ? [resolve(campus.root, one.path)] : [],
  );
  const source = flags.target === 'aws' ? await openDeployed(campus) : undefined;
  const scanned = await whileWorking('Decode the files', { silent: flags.json }, (tell) =>
    scanLake({
      root,
      ...(source ? { source } : {}),
      also: [...(source ? [] : [register, ...notices]), ...(flags.also ?? [])],
      planted,
      allowed: flags.allow,
      signal: stopSignal(),
      progress: (files) => tell(`${files} files`),
    }),
  ).finally(() => source?.close());
  if (scanned.files === 0)
    throw new InputError('There is no file to scan: nothing is proved', {
      about: source ? 'aws' : root,
      hint: '`lake run` fills the lake; --campus names the campus whose lake is meant',
    });
  const wrong = scanned.found.filter(({ allowed }) => !allowed);
  if (flags.json) printJson({ planted: planted.length, ...scanned });
  else process.stdout.write(scanText(scanned, planted.length));
  return wrong.length > 0 || scanned.undecoded.length > 0 ? EXIT.failed : EXIT.done;
}

async function openDeployed(campus: Campus) {
  const { openDeployedTexts } = await import('../../src/platform/aws/scan/deployed-texts.ts');
  return openDeployedTexts(campus, Object.keys(campus.sources));
}

async function plantedIn({ planted, value }: ScanFlags): Promise<Planted[]> {
  const hint = `values of ${SHORTEST_PLANTED} characters or more, one a line, or a JSON list of values or {"value", "allowed"}`;
  if ((planted === undefined) === (value === undefined))
    throw new InputError('The scan needs the values to look for: --planted <file>, or --value', { hint });
  try {
    return parsePlanted(planted === undefined ? JSON.stringify(value) : await readFile(planted, 'utf8'));
  } catch (cause) {
    throw new InputError(`${planted ?? '--value'} cannot be read as planted values`, {
      about: planted,
      hint,
      cause,
    });
  }
}

/** Places printed; `--json` has all. */
const MOST = 40;

function scanText({ files, columns, found, undecoded }: Scanned, planted: number): string {
  const wrong = found.filter(({ allowed }) => !allowed);
  const places = wrong.map(
    ({ zone, file, column, where, planted: number }) =>
      `${zone}: ${file}${column ? `, column ${column}` : ''}, in its ${where}: value ${number}`,
  );
  return `${[
    ...places.slice(0, MOST),
    ...(places.length > MOST ? [`… and ${places.length - MOST} more places (--json lists them)`] : []),
    ...undecoded.map((file) => `${file} could not be decoded: what is in it is not known`),
    `${count(files, 'file')} and ${count(columns, 'column')} read for ${count(planted, 'planted value')}: ${wrong.length} found where they are not allowed, ${found.length - wrong.length} where they are.`,
  ].join('\n')}\n`;
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
