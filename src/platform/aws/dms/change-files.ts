import type { ChangeFeed } from '../../../ports/replication.ts';

/**
 * Change files bear the time at which DMS began them: `20211123-013830913.parquet`. They come in that order, but S3
 * may show a large one after a small one that is younger, so those of the last hour are compared one by one.
 * https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Target.S3.html
 */
const NAME = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)(\d{3})\.parquet$/;
const WINDOW_MS = 3_600_000;

export const isChangeFile = (name: string): boolean => NAME.test(name);

/** The name that a change file of so long before would have. */
export function hourBefore(name: string): string {
  const [, year, month, day, ...time] = NAME.exec(name)!.map(Number);
  const [hour, minute, second, ms] = time as [number, number, number, number];
  return nameAt(Date.UTC(year!, month! - 1, day!, hour, minute, second, ms) - WINDOW_MS);
}

/** The name that a change file begun at this moment would have. @param at epoch ms */
export function nameAt(at: number): string {
  const digits = new Date(at).toISOString().replaceAll(/\D/g, '');
  return `${digits.slice(0, 8)}-${digits.slice(8, 17)}.parquet`;
}

/** The feed once these files are taken too: only names that a late one could stand among are remembered. */
export function taking({ generation, taken }: ChangeFeed, names: readonly string[]): ChangeFeed {
  const all = [...new Set([...taken, ...names])].sort();
  const newest = all.at(-1);
  return { generation, taken: newest === undefined ? [] : all.filter((name) => name >= hourBefore(newest)) };
}

/**
 * Where to look for change files from: no key before it can be of a file that was not taken.
 * @param folder with `/` at its end
 */
export function lookAfter(folder: string, { taken }: ChangeFeed): string | undefined {
  const newest = taken.at(-1);
  return newest === undefined ? undefined : folder + hourBefore(newest);
}
