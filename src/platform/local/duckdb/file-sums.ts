import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrokenFile } from '../../../ports/query-engine.ts';
import { PRIVATE_FILE } from '../files/durable.ts';

/** What a file of a table was when it was written, in a file next to it. */
interface FileSum {
  readonly bytes: number;
  readonly sha256: string;
}

const ENDING = '.sum.json';

/** Where the sum of a file lies. */
const sumFile = (file: string): string => `${file}${ENDING}`;

/** The file whose sum this is; undefined for any other. */
export const summedFile = (file: string): string | undefined =>
  file.endsWith(ENDING) ? file.slice(0, -ENDING.length) : undefined;

/**
 * Gives a finished file its name by `rename`, and writes down what it is. A process that is killed in between leaves a
 * file without a sum, never one with the sum of another.
 * @returns the SHA-256 of its bytes
 */
export async function withSum(file: string, target: string, rename: () => Promise<void>): Promise<string> {
  const sum = await sumOf(file);
  await rm(sumFile(target), { force: true });
  await rename();
  await writeFile(sumFile(target), JSON.stringify(sum), { mode: PRIVATE_FILE });
  return sum.sha256;
}

/** A Parquet file begins and ends with this: https://parquet.apache.org/docs/file-format/ */
const MAGIC = 'PAR1';

/**
 * What is wrong with a Parquet file, as far as can be seen without reading it: it is missing, or cut short or zeroed.
 * @param thorough also whether its bytes are those that were written: all of it is read
 */
export async function inspectFile(
  root: string,
  key: string,
  thorough: boolean,
): Promise<BrokenFile | undefined> {
  const file = join(root, key);
  const ends = await readEnds(file);
  if (ends === 'missing' || ends === 'unreadable') return { file: key, found: ends };
  const sum = await readSum(file);
  if (!ends.isParquet || (sum && sum.bytes !== ends.bytes)) return { file: key, found: 'cut short' };
  if (!thorough || !sum) return undefined;
  const now = await sumOf(file).catch(() => undefined);
  if (!now) return { file: key, found: 'unreadable' };
  return now.sha256 === sum.sha256 ? undefined : { file: key, found: 'changed' };
}

async function readEnds(
  file: string,
): Promise<{ bytes: number; isParquet: boolean } | 'missing' | 'unreadable'> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const word = async (at: number) => {
        const { bytesRead, buffer } = await handle.read(Buffer.alloc(4), 0, 4, Math.max(0, at));
        return buffer.toString('latin1', 0, bytesRead);
      };
      return { bytes: size, isParquet: (await word(0)) === MAGIC && (await word(size - 4)) === MAGIC };
    } finally {
      await handle.close();
    }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'unreadable';
  }
}

/** Absent for files of older versions of the lake, and for those that a source delivered: a manifest has their sums. */
async function readSum(file: string): Promise<FileSum | undefined> {
  try {
    return JSON.parse(await readFile(sumFile(file), 'utf8')) as FileSum;
  } catch {
    return undefined;
  }
}

async function sumOf(file: string): Promise<FileSum> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}
