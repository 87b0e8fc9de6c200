/** A file that is not much larger than what is written anyway goes into it: so sizes rise by about this from file to file. */
const GROWTH = 4;

/**
 * How many of a table's newest files of changes are written together with new changes, so that no more than `most` are
 * read. As long as there is room none is. Then the newest is, and every one before it that is at most four times as large as
 * what is written by then: of changes that come by the minute, the files are about those of the last minutes, of the
 * hour and of the day, and a change is written 13 times in a day of one every 20 seconds.
 * @param rows of the files of changes, the oldest first
 * @param added rows of the new changes
 */
export function filesToMerge(rows: readonly number[], added: number, most: number): number {
  if (rows.length < most) return 0;
  let merged = 0;
  let written = added;
  while (merged < rows.length) {
    const next = rows[rows.length - 1 - merged]!;
    const fits = rows.length - merged + 1 <= most;
    if (fits && (merged === 0 || next > GROWTH * written)) break;
    written += next;
    merged += 1;
  }
  return merged;
}
