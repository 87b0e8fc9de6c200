import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import { InputError } from '../../src/errors.ts';
import { withLakeAt } from '../home.ts';
import { stopSignal } from '../stop-signal.ts';
import {
  addCommonOptions,
  addHomeOption,
  type CommonFlags,
  type HomeFlags,
  printJson,
  runCommand,
} from './common.ts';
import { publicationOf, tablesOf } from './published.ts';
import { caretUnder } from './query/caret.ts';
import { FORMATS, type Format, print } from './query/formats.ts';

interface QueryFlags extends CommonFlags, HomeFlags {
  readonly file?: string;
  readonly format?: Format;
  readonly output?: string;
  readonly asOf?: string;
}

export function defineQuery(command: Command): void {
  addHomeOption(addCommonOptions(command))
    .argument('[sql]', 'the SELECT; without it, and without --file, it is read from standard input')
    .option('-f, --file <file>', 'read the SELECT from a file')
    .addOption(new Option('--format <format>', 'how rows are printed').choices(FORMATS))
    .option('-o, --output <file.parquet>', 'write the rows as a Parquet file instead')
    .option('--as-of <publication>', 'ask an earlier publication that is still kept')
    .addHelpText(
      'after',
      `
A table on a terminal, CSV where the output goes elsewhere; --json is --format json.
SHOW TABLES and DESCRIBE <table> are answered too. docs/sql.md says what both homes understand.

Examples:
  $ lake query "SELECT reasons, concern FROM campus.first_semester_attention ORDER BY concern DESC LIMIT 10"
  $ lake query -f question.sql --format csv > answer.csv
  $ echo "SELECT count(*) FROM canvas.submissions" | lake query
  $ lake query "SELECT * FROM campus.students" -o students.parquet`,
    )
    .action((sql: string | undefined, flags: QueryFlags) => runCommand(() => query(sql, flags), flags));
}

async function query(argument: string | undefined, flags: QueryFlags): Promise<void> {
  const sql = await readSql(argument, flags);
  const signal = stopSignal();
  await withLakeAt(flags.campus, { signal, home: flags.home }, async (lake) => {
    const publication = await publicationOf(lake, flags.asOf);
    const tables = await tablesOf(lake, publication, /\bops\s*\.|\bshow\b|\bdescribe\b/i.test(sql));
    try {
      if (flags.output !== undefined) {
        const path = resolve(flags.output);
        const rows = await lake.platform.engine.exportParquet(sql, tables, path);
        if (flags.json) printJson({ rows, file: path });
        else process.stderr.write(`${rows} row${rows === 1 ? '' : 's'} written to ${flags.output}\n`);
        return;
      }
      const result = await lake.platform.engine.query(sql, tables, { signal });
      await print(result, formatOf(flags), writeOut);
    } catch (error) {
      const caret = flags.json ? undefined : caretUnder(error, sql);
      if (caret !== undefined) process.stderr.write(`${caret}\n`);
      throw error;
    }
  });
}

function formatOf(flags: QueryFlags): Format {
  if (flags.json) return 'json';
  return flags.format ?? (process.stdout.isTTY ? 'table' : 'csv');
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
    throw new InputError('There is no SQL to run.', { hint: 'lake query "SELECT …", or -f a-file.sql' });
  }
  return readAll(process.stdin);
}
