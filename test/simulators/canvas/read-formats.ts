import { gunzipSync } from 'node:zlib';
import { parse as parseCsv } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { parse as parseLossless } from 'lossless-json';
import type { Format } from '../../../src/simulators/canvas/formats/format.ts';

/**
 * A record in the words of its columns: `meta.ts`, `key.id`, `value.settings.license` … to the value's text; what
 * has no value is absent. Decimals lose their trailing zeros, because Parquet's readers give numbers.
 */
export type FlatRecord = Readonly<Record<string, string>>;

/** The records of one file as delivered, read by other libraries than it was written with. */
export async function readRecords(format: Format, file: Uint8Array): Promise<FlatRecord[]> {
  if (format === 'parquet') return readParquet(file);
  const text = gunzipSync(file).toString('utf8');
  if (format === 'jsonl') return readJsonLines(text);
  return format === 'csv' ? readCsv(text) : readTsv(text);
}

function readJsonLines(text: string): FlatRecord[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => flat(parseLossless(line)));
}

async function readParquet(file: Uint8Array): Promise<FlatRecord[]> {
  const buffer = new Uint8Array(file).buffer;
  const dateFromDays = (days: number) => new Date(days * 86_400_000).toISOString().slice(0, 10);
  const rows = await parquetReadObjects({ file: buffer, parsers: { dateFromDays } });
  return rows.map((row) => flat(row));
}

function readCsv(text: string): FlatRecord[] {
  const rows: (string | null)[][] = parseCsv(text, {
    cast: (value, { quoting }) => (value === '' && !quoting ? null : value),
  });
  return tabular(rows);
}

function readTsv(text: string): FlatRecord[] {
  const plain: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
  const lines = text.split('\n').slice(0, -1);
  return tabular(
    lines.map((line) =>
      line
        .split('\t')
        .map((cell) => (cell === '\\N' ? null : cell.replace(/\\(.)/g, (_, c: string) => plain[c] ?? c))),
    ),
  );
}

function tabular([labels = [], ...rows]: (string | null)[][]): FlatRecord[] {
  return rows.map((row) => {
    if (row.length !== labels.length) throw new Error(`${row.length} cells under ${labels.length} labels`);
    const cells = row.map((cell, i): [string, string | null] => [labels[i] ?? '', cell]);
    return Object.fromEntries(cells.filter((c): c is [string, string] => c[1] !== null).map(tidied));
  });
}

function flat(value: unknown, path = ''): FlatRecord {
  const isBranch =
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Date) &&
    !(value as { isLosslessNumber?: true }).isLosslessNumber;
  if (!isBranch)
    return value === null || value === undefined ? {} : Object.fromEntries([tidied([path, textOf(value)])]);
  const entries = Object.entries(value).map(([name, v]) => flat(v, path === '' ? name : `${path}.${name}`));
  return Object.assign({}, ...entries) as FlatRecord;
}

function textOf(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

function tidied([name, text]: [string, string]): [string, string] {
  return [name, /^-?\d+\.\d+$/.test(text) ? String(Number(text)) : text];
}
