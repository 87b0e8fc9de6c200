import { once } from 'node:events';
import { createGzip, gzipSync } from 'node:zlib';
import type { Change } from '../college/college.ts';
import { csvFormat } from './formats/csv.ts';
import type { Format, TextFormat, WriteOptions } from './formats/format.ts';
import { jsonlFormat } from './formats/jsonl.ts';
import { tsvFormat } from './formats/tsv.ts';

const TEXT_FORMATS = { jsonl: jsonlFormat, csv: csvFormat, tsv: tsvFormat };
const PIECE_BYTES = 256 * 1024;

/** The bytes of one file: gzip'd text, or Parquet. Compression runs off the main thread. */
export async function writeFile(
  format: Format,
  changes: Iterable<Change>,
  options: WriteOptions,
  gzipLevel: number,
): Promise<Uint8Array[]> {
  if (format === 'parquet') {
    const { parquetFile } = await import('./formats/parquet.ts');
    return parquetFile([...changes], options);
  }
  const { line } = options;
  if (line && format === 'jsonl') return [spoiledText(jsonlFormat(options), changes, line)];
  return gzipText(TEXT_FORMATS[format](options), changes, gzipLevel);
}

/** A text in which each record is what a fault makes of it; of bytes, since that need not be text. */
function spoiledText(
  format: TextFormat,
  changes: Iterable<Change>,
  line: NonNullable<WriteOptions['line']>,
): Uint8Array {
  const lines = [...changes].map((change, place) => Buffer.from(line(format.record(change), place)));
  return gzipSync(Buffer.concat(lines));
}

async function gzipText(format: TextFormat, changes: Iterable<Change>, level: number): Promise<Uint8Array[]> {
  const gzip = createGzip({ level, chunkSize: 64 * 1024 });
  const chunks: Uint8Array[] = [];
  gzip.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = once(gzip, 'end');
  let written: Promise<unknown> = Promise.resolve();
  for (const piece of pieces(format, changes)) {
    // While one piece is compressed the next is made; waiting keeps the server answering while a big file is.
    await written;
    written = new Promise((resolve) => gzip.write(piece, resolve));
  }
  await written;
  gzip.end();
  await ended;
  return chunks;
}

/**
 * The bytes of the text, in pieces, each in the place of the last but one. Each record is encoded by itself: one letter
 * beyond Latin-1 in a long text would make all of it slow to encode.
 */
function* pieces(format: TextFormat, changes: Iterable<Change>): Iterable<Buffer> {
  let piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
  let other = Buffer.allocUnsafeSlow(PIECE_BYTES);
  let used = piece.write(format.header);
  for (const change of changes) {
    const record = format.record(change);
    // A UTF-16 unit takes three bytes at most.
    const longest = record.length * 3;
    if (used + longest > piece.length) {
      if (used > 0) {
        yield piece.subarray(0, used);
        [piece, other] = [other, piece];
      }
      used = 0;
      if (longest > piece.length) piece = Buffer.allocUnsafeSlow(longest);
    }
    used += piece.write(record, used);
  }
  yield piece.subarray(0, used);
}
