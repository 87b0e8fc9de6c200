import { once } from 'node:events';
import { createGzip } from 'node:zlib';
import type { Change } from '../college/college.ts';
import { csvFormat } from './formats/csv.ts';
import type { Format, TextFormat, WriteOptions } from './formats/format.ts';
import { jsonlFormat } from './formats/jsonl.ts';
import { parquetFile } from './formats/parquet.ts';
import { tsvFormat } from './formats/tsv.ts';

const TEXT_FORMATS = { jsonl: jsonlFormat, csv: csvFormat, tsv: tsvFormat };
const CHUNK_CHARACTERS = 256 * 1024;

/** The bytes of one file: gzip'd text, or Parquet. Compression runs beside the main thread. */
export async function writeFile(
  format: Format,
  changes: readonly Change[],
  options: WriteOptions,
  gzipLevel: number,
): Promise<Uint8Array[]> {
  if (format === 'parquet') return parquetFile(changes, options);
  return gzipText(TEXT_FORMATS[format](options), changes, gzipLevel);
}

async function gzipText(
  format: TextFormat,
  changes: readonly Change[],
  level: number,
): Promise<Uint8Array[]> {
  const gzip = createGzip({ level, chunkSize: 64 * 1024 });
  const chunks: Uint8Array[] = [];
  gzip.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = once(gzip, 'end');
  let text = format.header;
  for (const change of changes) {
    text += format.record(change);
    if (text.length < CHUNK_CHARACTERS) continue;
    // Waiting for each chunk keeps the server answering while a big file is made.
    if (!gzip.write(text)) await once(gzip, 'drain');
    text = '';
  }
  gzip.end(text);
  await ended;
  return chunks;
}
