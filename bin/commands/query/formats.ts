import Table from 'cli-table3';
import pc from 'picocolors';
import type { Cell, QueryResult } from '../../../src/platform/ports/query-engine.ts';
import type { TableColumn } from '../../../src/platform/ports/tables.ts';

export const FORMATS = ['table', 'csv', 'json', 'jsonl'] as const;
export type Format = (typeof FORMATS)[number];

type Write = (text: string) => Promise<void>;

/** A table on a terminal holds what a person can read; more is said to be there, not shown. */
const SHOWN_ROWS = 200;
const SHOWN_WIDTH = 120;

/** Prints a result as its rows come. @returns rows printed */
export async function print(result: QueryResult, format: Format, write: Write): Promise<number> {
  switch (format) {
    case 'csv':
      return printCsv(result, write);
    case 'json':
      return printJson(result, write);
    case 'jsonl':
      return printLines(result, write);
    default:
      return printTable(result, write);
  }
}

async function printTable(result: QueryResult, write: Write): Promise<number> {
  const table = new Table({
    head: result.columns.map((column) => pc.bold(column.name)),
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

async function printCsv(result: QueryResult, write: Write): Promise<number> {
  await write(`${result.columns.map(({ name }) => csvCell(name)).join(',')}\r\n`);
  return eachBatch(result, (batch) =>
    write(batch.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')),
  );
}

async function printLines(result: QueryResult, write: Write): Promise<number> {
  return eachBatch(result, (batch) =>
    write(batch.map((row) => `${toJson(asObject(result.columns, row))}\n`).join('')),
  );
}

async function printJson(result: QueryResult, write: Write): Promise<number> {
  let before = '[';
  const rows = await eachBatch(result, async (batch) => {
    for (const row of batch) {
      await write(`${before}\n  ${toJson(asObject(result.columns, row))}`);
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

const asObject = (columns: readonly TableColumn[], row: readonly Cell[]) =>
  Object.fromEntries(columns.map(({ name }, i) => [name, row[i] ?? null]));

/** Whole numbers of 64 bits as text: a JSON reader would round them. */
const toJson = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner));

/** RFC 4180; null is nothing, the empty text is `""`. */
function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (cell === '') return '""';
  const text = inWords(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const inWords = (cell: Cell): string =>
  cell === null ? '' : typeof cell === 'object' ? toJson(cell) : String(cell);

const shortened = (text: string): string => {
  const line = text.replaceAll(/\s*\n\s*/g, ' ');
  return line.length > SHOWN_WIDTH ? `${line.slice(0, SHOWN_WIDTH - 1)}…` : line;
};

const isNumber = (type: string) => /^(integer|bigint|real|double|decimal)/.test(type);
