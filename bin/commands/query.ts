import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { requireHealthy } from '../../src/app/health/require-healthy.ts';
import { coded } from '../../src/app/query/coded.ts';
import type { CsvOptions } from '../../src/app/query/csv.ts';
import {
  explainQuery,
  exportParquet,
  type Question,
  queryLake,
  readBy,
  type WrittenRows,
} from '../../src/app/query/query-lake.ts';
import { InputError } from '../../src/errors.ts';
import type { Parameter } from '../../src/ports/parameter.ts';
import type { QueryResult } from '../../src/ports/query-engine.ts';
import type { Lake } from '../../src/ports/step.ts';
import type { TableSet } from '../../src/ports/tables.ts';
import { type ExplainForm, explainForm } from '../../src/sql/explain-form.ts';
import { SHARED_FUNCTIONS } from '../../src/sql/functions/all.ts';
import { parameterOf } from '../../src/sql/parameters.ts';
import { withLakeAt } from '../with-lake.ts';
import { addReadOptions, asRole, errorReport, printJson, type ReadFlags, runCommand } from './common.ts';
import { caretUnder } from './query/caret.ts';
import { costLines, stepLines } from './query/explanation.ts';
import { FORMATS, type Format, print } from './query/formats.ts';
import { inWords, type OutputFile, outputFile, writeTextFile } from './query/output-file.ts';
import { remarkLines } from './query/remark-lines.ts';
import { runShell } from './query/shell.ts';
import { historyFile, keepHistory, page, readHistory } from './query/shell-home.ts';
import { secondsOf, untilStopped } from './query/until-stopped.ts';

interface QueryFlags extends ReadFlags, CsvOptions {
  readonly file?: string;
  readonly format?: Format;
  readonly output?: string;
  readonly asOf?: string;
  readonly timeout?: number;
  readonly cost?: boolean;
  readonly requireHealthy?: boolean;
  readonly codes?: readonly string[];
  readonly param: readonly Parameter[];
}

export function defineQuery(command: Command): void {
  addReadOptions(command)
    .argument(
      '[sql]',
      'the SELECT; without it, and without --file, standard input, or at a terminal an interactive shell',
    )
    .option('-f, --file <file>', 'read the SELECT from a file')
    .addOption(new Option('--format <format>', 'how rows are printed or written').choices(FORMATS))
    .option('-o, --output <file>', 'write the rows to a file: .parquet, .csv, .json or .jsonl')
    .option('--raw', 'CSV for programs: texts exactly as they are')
    .option('--bom', 'CSV that begins with a byte order mark, by which Excel knows UTF-8')
    .option('--cost', 'do not run it: say what it would read, and what Athena would charge for that')
    .option('--require-healthy', 'refuse, and name the table, where one that it reads is stale or missing')
    .option(
      '--codes <columns...>',
      'for extracts that leave the college: numbers of people in these columns become random codes, others each time',
    )
    .option('--as-of <publication>', 'ask an earlier publication that is still kept')
    .addOption(
      new Option(
        '--param <name=value>',
        'the value of :name in the statement; name:type=value for one that is no text',
      )
        .argParser((written: string, before: readonly Parameter[]) => [...before, parameterOf(written)])
        .default([], 'none'),
    )
    .addOption(
      new Option('--timeout <time>', 'stop the statement after so long: 90s, 5m, 1h').argParser(timeLimit),
    )
    .addHelpText(
      'after',
      `
A table on a terminal, CSV where the output goes elsewhere; --json is --format json. In CSV a text that a
spreadsheet would run as a formula (it begins with = + - @ or a tab) gets an apostrophe in front; --raw leaves it.
Errors go to standard error, with --json as one JSON object; standard output then stays empty. Remarks on an
answer, such as that Athena only approximates it, go to standard error, with --json as {"remarks": [...]}.
SHOW TABLES and DESCRIBE <table> are answered too; EXPLAIN and EXPLAIN ANALYZE say in plain words what is
read, in which steps, how long each takes and what Athena would charge. docs/sql.md says what both targets understand.

Examples:
  $ lake query                                      statements are typed; \\? helps
  $ lake query "SELECT status, count(*) AS n FROM campus.submissions GROUP BY status ORDER BY n DESC"
  $ lake query -f question.sql --format csv > answer.csv
  $ echo "SELECT count(*) FROM canvas.submissions" | lake query
  $ lake query "SELECT * FROM campus.students" -o students.parquet
  $ lake query --cost "SELECT * FROM canvas.web_logs"
  $ lake query "EXPLAIN ANALYZE SELECT status, count(*) FROM campus.submissions GROUP BY status"
  $ lake query --param term=2026FA --param least:bigint=3 -f question.sql      for :term and :least in it
  $ lake query "SELECT * FROM campus.students" -o students.csv --bom      to be opened in Excel
  $ lake query -f cohort.sql --codes student_id -o cohort.csv      no code can be looked up, or joined with another file
  $ lake query --role adviser --as 10003 "SELECT * FROM campus.students"      as this adviser sees it`,
    )
    .action((sql: string | undefined, flags: QueryFlags) => runCommand(() => query(sql, flags), flags));
}

async function query(argument: string | undefined, flags: QueryFlags): Promise<void> {
  const isTyped = argument === undefined && flags.file === undefined && process.stdin.isTTY;
  if (isTyped && process.stdout.isTTY && !flags.json && flags.output === undefined) return converse(flags);
  const sql = await readSql(argument, flags);
  const form = explainForm(sql);
  if (form !== undefined || flags.cost) {
    await untilStopped({ seconds: flags.timeout, json: flags.json }, (signal) =>
      explain(sql, form ?? { analyze: false, select: sql }, flags, signal),
    );
    return;
  }
  if (flags.requireHealthy && flags.asOf !== undefined)
    throw new InputError('--require-healthy asks about today, and --as-of about an earlier publication.', {
      hint: 'Leave one of them out.',
    });
  const file = flags.output === undefined ? undefined : await outputFile(flags.output, flags.format);
  const printed = file ? undefined : formatOf(flags);
  refuseCsvOptions(flags, file?.format ?? printed);
  if (flags.codes && file?.format === 'parquet')
    throw new InputError('Codes are given while rows are written as text, and Parquet is not.', {
      hint: 'Write .csv, .json or .jsonl.',
    });
  await untilStopped({ seconds: flags.timeout, json: flags.json }, (signal) =>
    ask(sql, flags, { file, printed, signal }),
  );
}

/** Statements are typed at a terminal, each over what is published when it is asked. */
async function converse(flags: QueryFlags): Promise<void> {
  await withLakeAt(flags.campus, { target: flags.target }, async (whole) => {
    const lake = await asRole(whole, flags);
    const { engine } = lake.platform;
    const answer = async (sql: string, signal: AbortSignal): Promise<string> => {
      const form = explainForm(sql);
      const question = { sql: form && engine.explain ? form.select : sql, asOf: flags.asOf, signal };
      if (form && engine.explain) {
        const found = await explainQuery(lake, question, form.analyze);
        return `${[...costLines(found), ...stepLines(found)].join('\n')}\n${remarkLines(found.remarks)}`;
      }
      let text = '';
      const result = await queryLake(lake, question);
      await print(result, 'table', async (part) => {
        text += part;
      });
      return `${text}${remarkLines(result.remarks)}`;
    };
    const file = historyFile();
    await runShell({
      input: process.stdin,
      output: process.stdout,
      terminal: true,
      history: readHistory(file),
      names: namesIn((await readBy(lake, { sql: '', asOf: flags.asOf }, 'describe')).tables),
      ask: (sql, signal) =>
        answer(sql, signal).catch((error) => {
          if (signal.aborted) return 'Stopped.\n';
          const caret = caretUnder(error, sql);
          return `${caret === undefined ? '' : `${caret}\n`}${errorReport(error, {})}\n`;
        }),
      show: page,
      keep: (history) => keepHistory(file, history),
      endNow: () => {
        process.stdin.setRawMode(false);
        process.kill(process.pid, 'SIGINT');
      },
    });
  });
}

/** What can be completed: tables, their columns, functions. */
const namesIn = (tables: TableSet): string[] =>
  [
    ...new Set([
      ...Object.keys(tables),
      ...Object.values(tables).flatMap(({ columns }) => columns.map(({ name }) => name)),
      ...SHARED_FUNCTIONS,
    ]),
  ].sort();

/** Says what a statement reads, costs and, for EXPLAIN, in which steps it is run. Only EXPLAIN ANALYZE runs it. */
async function explain(
  sql: string,
  { analyze, select }: ExplainForm,
  flags: QueryFlags,
  signal: AbortSignal,
): Promise<void> {
  await withLakeAt(flags.campus, { signal, target: flags.target }, async (whole) => {
    const lake = await asRole(whole, flags);
    const question = { sql: select, parameters: flags.param, asOf: flags.asOf, signal };
    const found = await explainQuery(lake, question, analyze).catch((error) => {
      throw shownWith(sql, flags, error);
    });
    if (flags.json) printJson(found);
    else {
      const lines = [...costLines(found), ...(flags.cost ? [] : stepLines(found))];
      await writeOut(`${lines.join('\n')}\n`);
      process.stderr.write(remarkLines(found.remarks));
    }
  });
}

/** The error, after the line of the statement that it is about has been shown. */
function shownWith(sql: string, flags: QueryFlags, error: unknown): unknown {
  const caret = flags.json ? undefined : caretUnder(error, sql);
  if (caret !== undefined) process.stderr.write(`${caret}\n`);
  return error;
}

interface Asked {
  readonly file: OutputFile | undefined;
  readonly printed: Exclude<Format, 'parquet'> | undefined;
  readonly signal: AbortSignal;
}

async function ask(sql: string, flags: QueryFlags, { file, printed, signal }: Asked): Promise<void> {
  await withLakeAt(flags.campus, { signal, target: flags.target }, async (whole) => {
    const lake = await asRole(whole, flags);
    const question = { sql, parameters: flags.param, asOf: flags.asOf, signal };
    try {
      if (flags.requireHealthy) await requireHealthy(lake, question);
      if (file !== undefined) {
        const { rows, remarks } = await write(lake, question, file, flags);
        if (flags.json) printJson({ rows, file: file.path, remarks });
        else
          process.stderr.write(
            `${rows} row${rows === 1 ? '' : 's'} written to ${file.name}\n${remarkLines(remarks)}`,
          );
        return;
      }
      const result = withCodes(await queryLake(lake, question), flags.codes);
      await print(result, printed ?? 'csv', writeOut, flags);
      process.stderr.write(remarkLines(result.remarks, flags));
    } catch (error) {
      throw shownWith(sql, flags, error);
    }
  });
}

/** Writes the rows of a SELECT to a file. */
async function write(
  lake: Lake,
  question: Question,
  file: OutputFile,
  options: CsvOptions & Pick<QueryFlags, 'codes'>,
): Promise<WrittenRows> {
  const { format } = file;
  if (format === 'parquet') {
    return exportParquet(lake, question, file.path).catch((error) => {
      throw inWords(file, error);
    });
  }
  const result = withCodes(await queryLake(lake, question), options.codes);
  const rows = await writeTextFile(file, (out) => print(result, format, out, options));
  return { rows, remarks: result.remarks };
}

const withCodes = <T extends QueryResult>(answer: T, columns: readonly string[] | undefined): T =>
  columns === undefined ? answer : coded(answer, columns);

function timeLimit(text: string): number {
  const seconds = secondsOf(text);
  if (seconds !== undefined) return seconds;
  throw new InvalidArgumentError('Write a time such as 90s, 5m or 1h, a day at most.');
}

function formatOf(flags: QueryFlags): Exclude<Format, 'parquet'> {
  if (flags.json && flags.format !== undefined && flags.format !== 'json') {
    throw new InputError(`--json and --format ${flags.format} differ.`, { hint: 'Leave one of them out.' });
  }
  if (flags.json) return 'json';
  if (flags.format === 'parquet') throw needsFile();
  return flags.format ?? (process.stdout.isTTY ? 'table' : 'csv');
}

const needsFile = () =>
  new InputError('Parquet is written to a file.', {
    hint: 'Add --output and a name, such as -o answer.parquet.',
  });

function refuseCsvOptions({ raw, bom }: CsvOptions, format: Format | undefined): void {
  if (format === 'csv' || !(raw || bom)) return;
  throw new InputError(
    `${raw ? '--raw' : '--bom'} is an option of CSV, and the rows are written as ${format}.`,
    {
      hint: 'Add --format csv, or leave it out.',
    },
  );
}

/** Waits for a slow reader instead of holding what it has not taken. */
function writeOut(text: string): Promise<void> {
  return new Promise((done, failed) =>
    process.stdout.write(text, (error) => (error ? failed(error) : done())),
  );
}

async function readSql(argument: string | undefined, flags: QueryFlags): Promise<string> {
  if (argument !== undefined && flags.file !== undefined) {
    throw new InputError('The SELECT was given twice: as an argument and as a file.');
  }
  if (argument !== undefined) return argument;
  if (flags.file !== undefined) {
    return readFile(flags.file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      throw new InputError(`The file ${flags.file} cannot be read: ${cause.code ?? 'unknown cause'}.`, {
        cause,
      });
    });
  }
  if (process.stdin.isTTY) {
    // Its answer goes elsewhere than to the terminal.
    throw new InputError('There is no SQL to run.', { hint: 'lake query "SELECT …", or -f a-file.sql' });
  }
  return readAll(process.stdin);
}
