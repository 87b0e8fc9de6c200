import pc from 'picocolors';
import { shownCell, toJson } from '../../../src/app/query/cell-text.ts';
import { BOM, type CsvOptions, csvLine } from '../../../src/app/query/csv.ts';
import { uniqueNames } from '../../../src/app/query/unique-names.ts';
import type { Cell, QueryResult, ResultColumn } from '../../../src/ports/query-engine.ts';
import { printable } from '../../../src/printable.ts';

/** `parquet` is written by the engine, to a file only. */
export const FORMATS = ['table', 'csv', 'json', 'jsonl', 'parquet'] as const;
export type Format = (typeof FORMATS)[number];

type Write = (text: string) => Promise<void>;

/** A table on a terminal holds what a person can read; more is said to be there, not shown. */
const SHOWN_ROWS = 200;
const SHOWN_WIDTH = 120;

/** Prints a result as its rows come. @returns rows printed */
export async function print(
  answer: QueryResult,
  format: Exclude<Format, 'parquet'>,
  write: Write,
  options: CsvOptions = {},
): Promise<number> {
  const result = shown(answer);
  switch (format) {
    case 'csv':
      return printCsv(result, write, options);
    case 'json':
      return printJson(result, write);
    case 'jsonl':
      return printLines(result, write);
    default:
      return printTable(result, write);
  }
}

/** The result with its cells as they are shown. */
function shown({ columns, batches }: QueryResult): QueryResult {
  const show = columns.map(shownCell);
  return {
    columns,
    async *batches() {
      for await (const batch of batches()) {
        yield batch.map((row) => row.map((cell, i) => show[i]?.(cell) ?? cell));
      }
    },
  };
}

async function printTable(result: QueryResult, write: Write): Promise<number> {
  const { default: Table } = await import('cli-table3');
  const table = new Table({
    head: result.columns.map((column) => pc.bold(printable(column.name))),
    colAligns: result.columns.map(({ type }) => (isNumber(type) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  let rows = 0;
  for await (const batch of result.batches()) {
    for (const row of batch) {
      if (rows < SHOWN_ROWS) table.push(row.map((cell) => shortened(inWords(cell))));
      rows += 1;
    }
  }
  const more = rows > SHOWN_ROWS ? `, the first ${SHOWN_ROWS} shown (--format csv prints all)` : '';
  await write(`${table.toString()}\n${pc.dim(`${rows} row${rows === 1 ? '' : 's'}${more}`)}\n`);
  return rows;
}

async function printCsv(result: QueryResult, write: Write, options: CsvOptions): Promise<number> {
  const heads = result.columns.map(({ name }) => name);
  await write(`${options.bom ? BOM : ''}${csvLine(heads, inWords, options)}`);
  return eachBatch(result, (batch) => write(batch.map((row) => csvLine(row, inWords, options)).join('')));
}

async function printLines(result: QueryResult, write: Write): Promise<number> {
  const object = objectsOf(result.columns);
  return eachBatch(result, (batch) => write(batch.map((row) => `${toJson(object(row))}\n`).join('')));
}

async function printJson(result: QueryResult, write: Write): Promise<number> {
  const object = objectsOf(result.columns);
  let before = '[';
  const rows = await eachBatch(result, async (batch) => {
    for (const row of batch) {
      await write(`${before}\n  ${toJson(object(row))}`);
      before = ',';
    }
  });
  await write(rows === 0 ? '[]\n' : '\n]\n');
  return rows;
}

async function eachBatch(result: QueryResult, take: (batch: Cell[][]) => Promise<void>): Promise<number> {
  let rows = 0;
  for await (const batch of result.batches()) {
    await take(batch);
    rows += batch.length;
  }
  return rows;
}

/** Rows as objects in which every column has a name of its own. */
function objectsOf(columns: readonly ResultColumn[]): (row: readonly Cell[]) => { [name: string]: Cell } {
  const names = uniqueNames(columns.map(({ name }) => name));
  return (row) => Object.fromEntries(names.map((name, i) => [name, row[i] ?? null]));
}

const inWords = (cell: Cell): string =>
  cell === null ? '' : typeof cell === 'object' ? toJson(cell) : String(cell);

const shortened = (text: string): string => {
  const line = printable(text.replaceAll(/\s*\n\s*/g, ' '));
  if (line.length <= SHOWN_WIDTH) return line;
  // Not in the middle of a pair of surrogates.
  return `${line.slice(0, SHOWN_WIDTH - 1).replace(/[\ud800-\udbff]$/, '')}…`;
};

const isNumber = (type: string) => /^(tinyint|smallint|integer|bigint|real|double|decimal)/.test(type);
