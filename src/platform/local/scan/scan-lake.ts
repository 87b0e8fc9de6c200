import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { asBytes, isAllowed, type Planted, plantedMatcher } from '../../../privacy/planted.ts';
import { defaultMemoryMegabytes, defaultThreads, openDatabase } from '../duckdb/session.ts';
import { AVRO_MAGIC, avroTexts } from './avro.ts';
import { type DatabaseText, databaseTexts } from './database.ts';
import { parquetTexts } from './parquet.ts';

/** A file to decode, and what it is called. */
export interface FileToScan {
  readonly path: string;
  readonly file: string;
  readonly zone: string;
}

/** What a lake that lies elsewhere keeps. */
export interface ScanSource {
  /** Each is there until the next one is asked for. */
  files(): AsyncIterable<FileToScan>;
  /** What lies in no file. */
  texts(): AsyncIterable<DatabaseText>;
}

export interface ScanOptions {
  /** The lake's folder. */
  readonly root: string;
  /** A lake elsewhere, in place of that folder and of the warehouse on this machine. Default: none. */
  readonly source?: ScanSource;
  /** Other files and folders: exports, dumps, logs, notifications. Default: none. */
  readonly also?: readonly string[];
  readonly planted: readonly Planted[];
  /** Places where any of them may be, besides those that each has of its own. Default: none. */
  readonly allowed?: readonly string[];
  readonly signal?: AbortSignal;
  readonly progress?: (files: number) => void;
}

/** A planted value in a place. The value itself is never named. */
export interface PlantedFound {
  /** The first folder of the lake, such as `staged`; `warehouse`; `outside` for what `also` names. */
  readonly zone: string;
  readonly file: string;
  /** Of Parquet and of the warehouse. */
  readonly column?: string;
  readonly where: 'values' | 'statistics' | 'metadata' | 'text' | 'name';
  /** Which of the planted values, counted from 1 as they were given. */
  readonly planted: number;
  readonly allowed: boolean;
}

export interface Scanned {
  readonly files: number;
  readonly columns: number;
  readonly found: readonly PlantedFound[];
  /** Files that could not be decoded: what is in them is not known. */
  readonly undecoded: readonly string[];
}

/**
 * Decodes every file of a lake, and the warehouse, and looks for planted values in every text. A search of bytes would
 * prove presence only: pages are compressed.
 */
export async function scanLake(options: ScanOptions): Promise<Scanned> {
  const { root, source, also = [], planted, allowed = [], signal, progress } = options;
  const matcher = plantedMatcher(planted.map(({ value }) => value));
  const found = new Map<string, PlantedFound>();
  const undecoded: string[] = [];
  const columns = new Set<string>();
  let files = 0;
  const look = (text: string, at: Omit<PlantedFound, 'planted' | 'allowed'>): void => {
    for (const i of matcher.find(text)) {
      const place = at.column === undefined ? at.file : `${at.file}#${at.column}`;
      const one = {
        ...at,
        planted: i + 1,
        allowed: isAllowed(place, [...allowed, ...(planted[i]!.allowed ?? [])]),
      };
      found.set(JSON.stringify(one), one);
    }
  };
  const database = await openDatabase({
    root,
    threads: defaultThreads(),
    memoryMegabytes: defaultMemoryMegabytes(),
  });
  const connection = await database.connect();
  try {
    for await (const { path, file, zone } of everyFile(source, root, also)) {
      signal?.throwIfAborted();
      look(asBytes(file), { zone, file, where: 'name' });
      try {
        const kind = await kindOf(path);
        if (kind === 'parquet')
          for await (const { column, where, text } of parquetTexts(connection, path)) {
            columns.add(`${file}#${column}`);
            look(asBytes(text), { zone, file, column, where });
          }
        else if (kind === 'avro')
          for await (const text of avroTexts(path)) look(text, { zone, file, where: 'text' });
        else if (kind === 'closed') undecoded.push(file);
        else
          for await (const text of textOf(path, kind, matcher.longest))
            look(text, { zone, file, where: 'text' });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue; // removed meanwhile
        undecoded.push(file);
      }
      files += 1;
      if (files % 50 === 0) progress?.(files);
    }
  } finally {
    connection.closeSync();
    database.closeSync();
  }
  const outside = source ? source.texts() : databaseTexts(join(root, 'warehouse'));
  const place = source ? '' : 'warehouse/';
  for await (const { table, column, where, text } of outside) {
    columns.add(`${place}${table}#${column}`);
    look(asBytes(text), {
      zone: source ? table.split('/')[0]! : 'warehouse',
      file: `${place}${table}`,
      column,
      where,
    });
  }
  return { files, columns: columns.size, found: [...found.values()], undecoded };
}

async function* everyFile(
  source: ScanSource | undefined,
  root: string,
  also: readonly string[],
): AsyncGenerator<FileToScan> {
  if (source) yield* source.files();
  else
    for await (const path of filesIn(root)) {
      const file = relative(root, path);
      yield { path, file, zone: file.split('/')[0]! };
    }
  for (const given of also) {
    const start = resolve(given);
    for await (const path of filesIn(start))
      yield {
        path,
        file: path === start ? basename(path) : join(basename(start), relative(start, path)),
        zone: 'outside',
      };
  }
}

async function* filesIn(path: string): AsyncGenerator<string> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) yield path;
  if (!found?.isDirectory()) return;
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const below = join(path, entry.name);
    if (entry.isDirectory()) yield* filesIn(below);
    else if (entry.isFile() || entry.isSymbolicLink()) yield below;
  }
}

type Kind = 'parquet' | 'avro' | 'gzip' | 'brotli' | 'text' | 'closed';

/** By what a file begins with; names can lie. */
async function kindOf(path: string): Promise<Kind> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    const head = buffer.subarray(0, bytesRead).toString('latin1');
    if (head.startsWith('PAR1')) return 'parquet';
    if (head.startsWith(AVRO_MAGIC)) return 'avro';
    if (head.startsWith('\x1f\x8b')) return 'gzip';
    if (path.endsWith('.br')) return 'brotli';
    // zstd, zip, xz, bzip2, 7z; a database of DuckDB; a dump of pg_dump in its own format; encrypted Parquet
    const closed = ['\x28\xb5\x2f\xfd', 'PK\x03\x04', '\xfd7zXZ', 'BZh', '7z\xbc\xaf', 'PGDMP', 'PARE'];
    return closed.some((magic) => head.startsWith(magic)) || head.slice(8, 12) === 'DUCK' ? 'closed' : 'text';
  } finally {
    await file.close();
  }
}

/** The bytes of a file in parts that overlap, so that no value is cut. */
async function* textOf(path: string, kind: Kind, longest: number): AsyncGenerator<string> {
  const stream = createReadStream(path, { highWaterMark: 1 << 20 });
  const unpacked =
    kind === 'gzip'
      ? stream.pipe(createGunzip())
      : kind === 'brotli'
        ? stream.pipe(createBrotliDecompress())
        : stream;
  stream.once('error', (error) => unpacked.destroy(error));
  let tail = '';
  for await (const part of unpacked as AsyncIterable<Buffer>) {
    const text = tail + part.toString('latin1');
    yield text;
    tail = text.slice(-Math.max(longest - 1, 1));
  }
}
