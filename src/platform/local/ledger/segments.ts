import { chmod, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { OpsRow } from '../../../ports/ledger.ts';
import type { TableColumn } from '../../../ports/tables.ts';
import { columnsOfRows, unionOfColumns } from '../../ops-cells.ts';
import { defaultMemoryMegabytes, defaultThreads, describe, openDatabase, rowsOf } from '../duckdb/session.ts';
import { ident, idents, text, textList } from '../duckdb/sql-text.ts';
import { duckType, lakeTypeOf, utcTimestamp } from '../duckdb/types.ts';
import { makeFolder, PRIVATE_FILE, syncPath, writeSynced } from '../files/durable.ts';
import { factsFile, type Segment } from './ops-layout.ts';

/** The row as it was appended; the other columns of a segment are made from it, for SQL. */
const ROW = '_row';
/** More places than a segment has rows. */
const PLACES = 2 ** 32;
/** Rows hold long texts: groups of few keep the writing and the reading of a segment within some megabytes. */
const PARQUET = 'FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 10240';
/** Without them, columns are short: larger groups are smaller together. */
const COLD_PARQUET = 'FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 9, ROW_GROUP_SIZE 122880';

/** What is known of a segment without opening it. */
export interface SegmentFacts {
  readonly rows: number;
  /** The least and the greatest id. */
  readonly from: string;
  readonly to: string;
  /** Its columns for SQL. */
  readonly columns: TableColumn[];
  /** Whether it holds nothing but these: then its rows are read by SQL only. */
  readonly isCold?: boolean;
}

/** A database for the time of some work on segments, which may spill next to them. */
async function withDatabase<T>(
  ledger: string,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const session = {
    root: ledger,
    memoryMegabytes: defaultMemoryMegabytes(),
    threads: Math.min(2, defaultThreads()),
  };
  const database = await openDatabase(session);
  try {
    const connection = await database.connect();
    try {
      await connection.run('SET preserve_insertion_order = true');
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    database.closeSync();
  }
}

/**
 * Writes rows as a segment: one for each id, the last, in the order in which ids came first. Without rows, none.
 * @param before what is to be done before the segment counts
 * @returns rows written
 */
export async function writeSegment(
  ledger: string,
  declared: readonly TableColumn[],
  rows: AsyncIterable<OpsRow>,
  target: string,
  before: () => Promise<void>,
): Promise<number> {
  return withDatabase(ledger, async (connection) => {
    await connection.run('CREATE TEMP TABLE taken (place BIGINT, id VARCHAR, row VARCHAR)');
    const more = await take(connection, declared, rows);
    const places = 'SELECT min(place) AS first, max(place) AS last FROM taken GROUP BY id';
    const columns = [...declared, ...more];
    // Each row is parsed once for all of its columns.
    const shape = JSON.stringify(Object.fromEntries(columns.map(({ name }) => [name, 'VARCHAR'])));
    const all = `SELECT first, row, json_transform(row, ${text(shape)}) AS told
      FROM taken JOIN (${places}) ON place = last`;
    const list = columns.map((column) => `${cell(column)} AS ${ident(column.name)}`);
    return write(
      connection,
      `SELECT ${list.join(', ')}, row AS ${ident(ROW)} FROM (${all}) ORDER BY first`,
      columns,
      target,
      before,
    );
  });
}

/** Joins neighbouring segments into one. */
export async function mergeSegments(
  ledger: string,
  parts: readonly Segment[],
  target: string,
): Promise<void> {
  const facts = await Promise.all(parts.map(factsOf));
  const columns = unionOfColumns(facts.map((known) => known.columns));
  await withDatabase(ledger, async (connection) => {
    const groups = parts.map(({ file }, part) => {
      const held = new Map(facts[part]!.columns.map(({ name, type }) => [name, type]));
      const list = columns.map(({ name, type }) => {
        const value = held.has(name) ? ident(name) : 'NULL';
        return `CAST(${value} AS ${duckType(type)}) AS ${ident(name)}`;
      });
      return `SELECT ${list.join(', ')}, ${ident(ROW)}, ${part * PLACES} + file_row_number AS place
        FROM read_parquet(${text(file)}, file_row_number = true)`;
    });
    const all = groups.join(' UNION ALL ');
    // Rows of parts that cannot meet come in the order of the parts, and are not sorted.
    const keep = overlapping(facts)
      ? `SELECT * REPLACE (min(place) OVER (PARTITION BY id) AS place) FROM (${all}) AS rows
           QUALIFY row_number() OVER (PARTITION BY id ORDER BY rows.place DESC) = 1`
      : all;
    const list = `${idents(columns.map(({ name }) => name))}, ${ident(ROW)}`;
    const order = overlapping(facts) ? ' ORDER BY place' : '';
    await write(connection, `SELECT ${list} FROM (${keep})${order}`, columns, target);
  });
}

/**
 * Leaves of a segment only what SQL reads. What is known of it says so first: until the smaller file is in its place, the
 * larger one serves.
 */
export async function coolSegment(ledger: string, { file }: Pick<Segment, 'file'>): Promise<void> {
  const draft = `${file}.unfinished`;
  try {
    const facts = await factsOf({ file });
    await withDatabase(ledger, (connection) =>
      connection.run(
        `COPY (SELECT ${idents(facts.columns.map(({ name }) => name))} FROM read_parquet(${text(file)})) TO ${text(draft)} (${COLD_PARQUET})`,
      ),
    );
    await chmod(draft, PRIVATE_FILE);
    await syncPath(draft);
    await writeFacts(file, { ...facts, isCold: true });
    await rename(draft, file);
    await syncPath(path.dirname(file));
  } finally {
    await rm(draft, { force: true });
  }
}

/** The rows of segments whose ids start so, in their order. */
export async function* readSegments(
  ledger: string,
  segments: readonly Segment[],
  idPrefix: string,
): AsyncGenerator<OpsRow> {
  for (const segment of segments) {
    const { from, to, isCold } = await factsOf(segment);
    if (isCold) continue;
    if (to < idPrefix || (from > idPrefix && !from.startsWith(idPrefix))) continue;
    yield* await rowsWithin(ledger, segment.file, idPrefix);
  }
}

async function rowsWithin(ledger: string, file: string, idPrefix: string): Promise<OpsRow[]> {
  return withDatabase(ledger, async (connection) => {
    const found = await rowsOf(
      connection,
      `SELECT ${ident(ROW)} AS row FROM read_parquet(${text(file)}, file_row_number = true)
       WHERE id >= ${text(idPrefix)} AND starts_with(id, ${text(idPrefix)}) ORDER BY file_row_number`,
    );
    return found.map(({ row }) => JSON.parse(String(row)) as OpsRow);
  });
}

async function writeFacts(segment: string, facts: SegmentFacts): Promise<void> {
  await writeSynced(`${factsFile(segment)}.unfinished`, JSON.stringify(facts));
  await rename(`${factsFile(segment)}.unfinished`, factsFile(segment));
}

/** From the file next to the segment; where that is damaged, from the segment itself. */
export async function factsOf({ file }: Pick<Segment, 'file'>): Promise<SegmentFacts> {
  try {
    return JSON.parse(await readFile(factsFile(file), 'utf8')) as SegmentFacts;
  } catch {
    return withDatabase(path.dirname(path.dirname(path.dirname(file))), (connection) =>
      inspect(connection, file),
    );
  }
}

/** Whether rows of a later segment can replace rows of an earlier one. */
const overlapping = (facts: readonly SegmentFacts[]): boolean =>
  facts.some(({ from }, i) => facts.slice(0, i).some(({ to }) => to >= from));

/** Fills the table `taken`. @returns the columns that the rows bring besides those of the lake's own list */
async function take(
  connection: DuckDBConnection,
  declared: readonly TableColumn[],
  rows: AsyncIterable<OpsRow>,
): Promise<TableColumn[]> {
  const names = new Set(declared.map(({ name }) => name));
  let more: TableColumn[] = [];
  let place = 0n;
  let batch: OpsRow[] = [];
  const flush = async () => {
    const appender = await connection.createAppender('taken');
    for (const row of batch) {
      appender.appendBigInt(place++);
      appender.appendVarchar(row.id);
      appender.appendVarchar(JSON.stringify(row));
      appender.endRow();
    }
    appender.closeSync();
    more = unionOfColumns([more, columnsOfRows(batch).filter(({ name }) => !names.has(name))]);
    batch = [];
  };
  for await (const row of rows) {
    batch.push(row);
    if (batch.length === BATCH) await flush();
  }
  await flush();
  return more;
}

const BATCH = 5_000;

/** A value of a row as SQL sees it; one that does not fit the column is null there, and stays in the row itself. */
function cell({ name, type }: TableColumn): string {
  const value = `told.${ident(name)}`;
  if (type === 'varchar') return value;
  return type === 'timestamp'
    ? utcTimestamp(`TRY_CAST(${value} AS TIMESTAMPTZ)`)
    : `TRY_CAST(${value} AS ${duckType(type)})`;
}

async function write(
  connection: DuckDBConnection,
  select: string,
  columns: readonly TableColumn[],
  target: string,
  before?: () => Promise<void>,
): Promise<number> {
  await makeFolder(path.dirname(target));
  const draft = `${target}.unfinished`;
  try {
    const reader = await connection.runAndReadAll(`COPY (${select}) TO ${text(draft)} (${PARQUET})`);
    const rows = Number(reader.getRows()[0]?.[0] ?? 0);
    if (rows === 0) return 0;
    const facts = await inspect(connection, draft, columns);
    // DuckDB writes by the umask.
    await chmod(draft, PRIVATE_FILE);
    await syncPath(draft);
    // First what is known of it: the segment counts from its own name on.
    await writeFacts(target, facts);
    await before?.();
    await rename(draft, target);
    await syncPath(path.dirname(target));
    return rows;
  } finally {
    await rm(draft, { force: true });
  }
}

async function inspect(
  connection: DuckDBConnection,
  file: string,
  columns?: readonly TableColumn[],
): Promise<SegmentFacts> {
  const source = `read_parquet(${textList([file])})`;
  const [row] = await rowsOf(connection, `SELECT count(*) AS n, min(id) AS a, max(id) AS z FROM ${source}`);
  const there = columns ? [] : await describe(connection, `SELECT * FROM ${source}`);
  const isCold = !columns && !there.some(({ name }) => name === ROW);
  const described =
    columns ??
    there
      .filter(({ name }) => name !== ROW)
      .map(({ name, type }): TableColumn => ({ name, type: lakeTypeOf(type) ?? 'varchar' }));
  const facts = { rows: Number(row!.n), from: String(row!.a), to: String(row!.z), columns: [...described] };
  return isCold ? { ...facts, isCold } : facts;
}
