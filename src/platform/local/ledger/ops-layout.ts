import { readdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * Where the rows of one ops table lie: the newest in a file of JSON Lines, older ones sealed in Parquet segments.
 *
 * Files of rows are numbered. Sealing writes the next file of rows first and then names the segment for the numbers
 * that it covers, and that name alone decides: a file of rows counts if no segment covers it, a segment if no wider
 * one does. So one rename makes each change visible, and whatever a killed process leaves behind is not read.
 */
export interface OpsLayout {
  /** In the order of their rows. */
  readonly segments: readonly Segment[];
  /** The file that takes new rows; it may not be there yet. */
  readonly recent: string;
  /** The number of that file. */
  readonly generation: number;
  /** Files that count no more. */
  readonly outdated: readonly string[];
}

export interface Segment {
  readonly file: string;
  /** Numbers of the first and the last file of rows that it was made of. */
  readonly first: number;
  readonly last: number;
}

const SEGMENT = /^(\d+)-(\d+)\.parquet$/;
const RECENT = /^recent-(\d+)\.jsonl$/;

export const segmentName = (first: number, last: number): string => `${first}-${last}.parquet`;

/** What is known of a segment without opening it, next to it. */
export const factsFile = (segment: string): string => segment.replace(/\.parquet$/, '.json');

/** The file of rows of a number; the first has the name that it had before there were segments. */
export const recentFile = (ops: string, table: string, generation: number): string =>
  generation === 0 ? path.join(ops, `${table}.jsonl`) : path.join(ops, table, `recent-${generation}.jsonl`);

/** @param ops the folder of all ops tables */
export async function readLayout(ops: string, table: string): Promise<OpsLayout> {
  const folder = path.join(ops, table);
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const all = names.flatMap((name) => {
    const [, first, last] = SEGMENT.exec(name) ?? [];
    return first === undefined
      ? []
      : [{ file: path.join(folder, name), first: Number(first), last: Number(last) }];
  });
  // Of those that begin alike the widest comes first; one that begins within it is covered by it.
  all.sort((a, b) => a.first - b.first || b.last - a.last);
  const segments: Segment[] = [];
  for (const segment of all) if (segment.first > (segments.at(-1)?.last ?? -1)) segments.push(segment);
  const generation = (segments.at(-1)?.last ?? -1) + 1;
  const counted = new Set(segments.flatMap(({ file }) => [file, factsFile(file)]));
  const covered = names.filter((name) => {
    const number = RECENT.exec(name)?.[1];
    if (number !== undefined) return Number(number) < generation;
    const file = path.join(folder, name);
    return SEGMENT.test(name.replace(/\.json$/, '.parquet')) && !counted.has(file);
  });
  const outdated = covered.map((name) => path.join(folder, name));
  if (generation > 0) outdated.push(recentFile(ops, table, 0));
  return { segments, recent: recentFile(ops, table, generation), generation, outdated };
}
