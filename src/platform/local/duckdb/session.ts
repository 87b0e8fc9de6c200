import { randomUUID } from 'node:crypto';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { makeFolder } from '../files/durable.ts';
import { keepByteOrderMarks } from './whole-texts.ts';

keepByteOrderMarks();

export interface SessionOptions {
  /** The lake's folder. */
  readonly root: string;
  /** What one database may hold in memory before it spills to disk. */
  readonly memoryMegabytes: number;
  readonly threads: number;
}

export const defaultThreads = (): number => Math.min(8, availableParallelism());

/** Enough for a college of some thousand students without a spill. */
const LEAST_MEGABYTES = 400;
/** Staging takes one such part, models and questions two, and seldom both at once; the rest is the machine's. */
const PARTS = 4;

/** A quarter of what this process may have of the machine's memory: of its container's, where it runs in one. */
export function defaultMemoryMegabytes(): number {
  const constrained = process.constrainedMemory();
  const bytes = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return Math.max(LEAST_MEGABYTES, Math.floor(bytes / PARTS / 1_000_000));
}

/** Where unfinished files lie: never listed, never named by a version. */
export const scratchFolder = (root: string): string => join(root, '.tmp', 'engine');

/**
 * A database in memory, which spills into the lake's scratch folder. Its connections take times as UTC whatever the
 * machine's zone, and need not keep rows in the order of their files, which is what bounds the memory of a big COPY.
 */
export async function openDatabase(options: SessionOptions): Promise<DuckDBInstance> {
  const spill = join(scratchFolder(options.root), `spill-${process.pid}-${randomUUID().slice(0, 8)}`);
  await makeFolder(scratchFolder(options.root));
  // Many commands open a lake and ask no engine: they do not wait for its library.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const database = await DuckDBInstance.create(':memory:', {
    threads: String(options.threads),
    memory_limit: `${options.memoryMegabytes}MB`,
    temp_directory: spill,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'false',
  });
  const connection = await database.connect();
  await connection.run("SET GLOBAL TimeZone = 'UTC'");
  connection.closeSync();
  return database;
}

/** All rows of a small result, as objects with values in DuckDB's JSON form (bigints as text). */
export async function rowsOf(
  connection: DuckDBConnection,
  sql: string,
): Promise<Record<string, string | number | boolean | null>[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjectsJson() as Record<string, string | number | boolean | null>[];
}

/** Names and reported types of what a SELECT gives. */
export async function describe(
  connection: DuckDBConnection,
  select: string,
): Promise<{ name: string; type: string }[]> {
  const rows = await rowsOf(connection, `DESCRIBE ${select}`);
  return rows.map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
}
